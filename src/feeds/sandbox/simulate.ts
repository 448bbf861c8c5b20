import type { FastifyReply } from 'fastify';
import { type Caller, inSandbox } from '../../desks/role.js';
import { Refusal } from '../../lib/errors.js';

const refused = ['429', '500', '503'] as const;
const faults = [...refused, 'slow', 'truncated', 'gap', 'outdated', 'duplicate'] as const;

/** What goes wrong with an answer of the sandbox, because its caller wishes it. */
export type Fault = Exclude<(typeof faults)[number], (typeof refused)[number]>;

/** What `?simulate=500` brings about. */
export class SimulatedFailure extends Error {}

/**
 * The fault that `simulate` asks for; undefined for none. Throws it where it is an error of its own, and BAD_USER_INPUT for what is none, or where
 * answers are real.
 */
export function simulated(query: Readonly<Record<string, unknown>>, caller: Caller, reply: FastifyReply): Fault | undefined {
  const { simulate, after } = query;
  if (simulate === undefined) return undefined;
  if (!inSandbox(caller))
    throw new Refusal('BAD_USER_INPUT', { detail: 'simulate is for the sandbox, which a test key of a partner opens' });
  const fault = faults.find((each) => each === simulate);
  if (!fault) throw new Refusal('BAD_USER_INPUT', { detail: `simulate is one of ${faults.join(', ')}` });
  if (fault === '429') {
    reply.header('retry-after', '2');
    throw new Refusal('RATE_LIMITED', {});
  }
  if (fault === '503') throw new Refusal('SERVICE_UNAVAILABLE', {});
  if (fault === '500') throw new SimulatedFailure();
  if ((fault === 'gap' || fault === 'outdated' || fault === 'duplicate') && after === undefined)
    throw new Refusal('BAD_USER_INPUT', { detail: `simulate=${fault} goes with after` });
  return fault;
}
