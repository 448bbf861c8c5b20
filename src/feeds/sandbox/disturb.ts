import { Readable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { Refusal } from '../../lib/errors.js';
import type { Fault } from './simulate.js';

const [pieces, pauseMs] = [20, 250];
// A connection each, and nothing else: few are enough to try a reader with.
const mostSlow = 20;

/** What makes a body slow, or ends its connection half-way, where a request of the sandbox wishes it. */
export type Disturb = (body: Buffer, fault: Fault | undefined, reply: FastifyReply) => Buffer | Readable;

/** One for each gateway: so many answers are slow at once, and those beyond throw SERVICE_UNAVAILABLE. */
export function makeDisturb(): Disturb {
  let slow = 0;
  return (body, fault, reply) => {
    if (reply.request.method === 'HEAD') return body;
    if (fault === 'truncated') return Readable.from(half(body, reply), { objectMode: false });
    if (fault !== 'slow') return body;
    if (slow >= mostSlow) throw new Refusal('SERVICE_UNAVAILABLE', {});
    slow += 1;
    return Readable.from(trickle(body), { objectMode: false, highWaterMark: 1 }).once('close', () => {
      slow -= 1;
    });
  };
}

async function* trickle(body: Buffer): AsyncIterable<Buffer> {
  const size = Math.ceil(body.length / pieces);
  for (let from = 0; from < body.length; from += size) {
    if (from > 0) await after(pauseMs);
    yield body.subarray(from, from + size);
  }
}

async function* half(body: Buffer, { raw }: FastifyReply): AsyncIterable<Buffer> {
  yield body.subarray(0, Math.floor(body.length / 2));
  // Until what was written is on its way.
  await after(pauseMs);
  raw.destroy();
}
