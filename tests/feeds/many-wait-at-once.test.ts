import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { makeArrivals } from '../../src/publishing/arrivals.js';
import type { Gateway } from '../../src/server/context.js';
import { feedEdge } from '../../src/server/feed-edge.js';

/** When each of so many who wait is told, in milliseconds after the log was. */
async function toldAfter(count: number): Promise<number[]> {
  const arrivals = makeArrivals();
  // Of a gateway, waiting needs the log alone.
  const edge = feedEdge({ arrival: arrivals.next } as Gateway, () => {
    throw new Error('Nothing is worded here.');
  });
  let began = 0;
  const waiting = Array.from({ length: count }, async () => {
    const raw = Object.assign(new EventEmitter(), { destroyed: false });
    expect(await edge.arrival(30_000, { raw } as unknown as FastifyReply)).toBe(true);
    return performance.now() - began;
  });
  await new Promise((resolve) => setImmediate(resolve));
  began = performance.now();
  arrivals.tell();
  return (await Promise.all(waiting)).sort((a, b) => a - b);
}

test('of as many as may wait nobody is told half a second late, and never more than a few at once', async () => {
  const times = await toldAfter(500);
  const tenths = Array.from({ length: 10 }, (_, index) => times.filter((each) => Math.floor(each / 40) === index).length);
  console.info(
    `500 who wait: the first told after ${Math.round(times[0]!)} ms, the last after ${Math.round(times.at(-1)!)} ms; in each 40 ms ${tenths}`,
  );
  expect(times.at(-1)).toBeLessThan(600);
  // A tenth of them on average.
  expect(Math.max(...tenths)).toBeLessThan(150);
});

test('who waits alone is told at once', async () => {
  expect((await toldAfter(1))[0]).toBeLessThan(50);
});
