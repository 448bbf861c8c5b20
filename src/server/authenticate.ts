import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Door, FindCaller } from '../desks/find-caller.js';
import { IssuerUnavailable } from '../desks/read-token.js';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';

// Who waits is asked again and again; that their key was used is written once.
const noted = new WeakSet<FastifyReply>();

/**
 * Who sends a request, by its `Authorization`; a refusal when that is not to be trusted. What is written of a key's use waits for the answer.
 * Throws RATE_LIMITED to who asks too often.
 */
export async function authenticate(
  findCaller: FindCaller,
  request: FastifyRequest,
  reply: FastifyReply,
  door?: Door,
): Promise<Caller | Refusal> {
  const caller = await find(findCaller, request, reply, door);
  await request.identified(caller instanceof Refusal ? null : caller, reply);
  return caller;
}

async function find(
  findCaller: FindCaller,
  request: FastifyRequest,
  reply: FastifyReply,
  door: Door | undefined,
): Promise<Caller | Refusal> {
  try {
    const { caller, afterwards } = await findCaller(request.headers.authorization, door);
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
