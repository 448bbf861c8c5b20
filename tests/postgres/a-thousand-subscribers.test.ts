import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { seed } from '../../src/ingest/seed.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { listening } from '../support/live-clients.js';
import { makeStory, write } from '../support/make-story.js';
import { until } from '../support/until.js';

/** Figures of subscriptions, printed: how long from the writing of an event to the last of its subscribers, all in one process with those who listen. */
let gateway: TestGateway;
let url: string;
const subscribers = 1000;
beforeAll(async () => {
  gateway = await openGateway({ samples: false });
  await seed(gateway.dataSource, 'editions', { domain: 'meridian.example', now: testNow });
  url = (await listening(gateway)).replace('http', 'ws');
}, 60_000);
afterAll(() => gateway.close());

const query =
  'subscription($filter: NewsFilter) { events(filter: $filter) { id cursor kind texts { translationId translation { headline } } } }';
const editions = ['en', 'ru', 'hy', 'tt', 'kk'];

async function subscribe(variables: object, heard: (text: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url}/graphql`, ['graphql-transport-ws'], { perMessageDeflate: false });
  socket.once('open', () => socket.send('{"type":"connection_init"}'));
  await new Promise<void>((resolve) => socket.once('message', () => resolve()));
  socket.on('message', (data) => heard(String(data)));
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
  return socket;
}

const at = (sorted: readonly number[], part: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!);

/** Publishes `count` stories, so many a second; gives what each message took, in milliseconds. */
async function measure({ perSecond, count, spread }: { perSecond: number; count: number; spread: boolean }): Promise<number[]> {
  const writtenAt = new Map<string, number>();
  const took: number[] = [];
  const hear = (text: string): void => {
    const id = /"translationId":"([^"]+)"/u.exec(text)?.[1]?.split(':').at(-1)?.split('.')[0];
    const began = id === undefined ? undefined : writtenAt.get(id);
    if (began !== undefined) took.push(performance.now() - began);
  };
  const of = (index: number): string => editions[index % editions.length]!;
  const sockets: WebSocket[] = [];
  for (let from = 0; from < subscribers; from += 50)
    sockets.push(
      ...(await Promise.all(
        Array.from({ length: 50 }, (_, index) => subscribe(spread ? { filter: { editions: [of(from + index)] } } : {}, hear)),
      )),
    );
  await sleep(500);
  const started = performance.now();
  for (let index = 0; index < count; index++) {
    const due = started + (index * 1000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    const story = makeStory({ id: `figure-${spread}-${index}`, editions: { [of(index)]: {} } });
    const began = performance.now();
    await write(gateway, [story]);
    const [{ uuid }] = await gateway.dataSource.query('select article_uuid as uuid from outbox order by id desc limit 1');
    writtenAt.set(uuid, began);
    await numberEvents(gateway.dataSource.manager, 1000);
    gateway.arrived();
  }
  const expected = spread ? (count * subscribers) / editions.length : count * subscribers;
  await until(`${expected} messages, of which there are ${took.length}`, () => took.length >= expected, 20_000);
  expect(took).toHaveLength(expected);
  for (const socket of sockets) socket.close();
  await until('all have left', () => sockets.every(({ readyState }) => readyState === WebSocket.CLOSED), 10_000);
  return took.sort((a, b) => a - b);
}

test.each([
  { name: 'over the editions, 50 events a second', perSecond: 50, count: 150, spread: true },
  { name: 'all to everything, 10 events a second', perSecond: 10, count: 30, spread: false },
])(
  '1,000 subscribers, $name',
  async ({ name, ...load }) => {
    const took = await measure(load);
    console.info(`publish → subscriber, ${name}: p50 ${at(took, 0.5)} ms, p99 ${at(took, 0.99)} ms, ${took.length} messages`);
  },
  60_000,
);
