import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FindCaller } from '../desks/find-caller.js';
import { IssuerUnavailable } from '../desks/read-token.js';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';

// Who waits is asked again and again; that their key was used is written once.
const noted = new WeakSet<FastifyReply>();

/** Who sends a request, by its `Authorization`; a refusal when that is not to be trusted. What is written of a key's use waits for the answer. */
export async function authenticate(findCaller: FindCaller, request: FastifyRequest, reply: FastifyReply): Promise<Caller | Refusal> {
  try {
    const { caller, afterwards } = await findCaller(request.headers.authorization);
    if (!noted.has(reply))
      reply.raw.once(
        'close',
        () => void afterwards().catch((err: Error) => request.log.warn({ err }, 'the use of a key is not written down')),
      );
    noted.add(reply);
    return caller;
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (!(error instanceof IssuerUnavailable)) throw error;
    request.log.error({ err: error }, 'a token cannot be checked');
    throw new Refusal('SERVICE_UNAVAILABLE', {});
  }
}
