import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { makeDataSource } from '../../src/data-source.js';
import { seed } from '../../src/ingest/seed.js';
import { inPackage } from '../../src/lib/root.js';
import { migrate } from '../../src/migrate.js';
import { EventKind } from '../../src/publishing/event.js';
import { lockArticles, writeEvents } from '../../src/publishing/event.queries.js';
import { WebhookTopic } from '../../src/webhooks/webhook-topic.js';
import { writersSecret } from '../support/desk-writers.js';
import { figures, many } from '../support/faults.js';
import { type PrivateCluster, privateCluster } from '../support/private-cluster.js';
import { build } from '../support/program.js';
import { openReceiver, type Receiver } from '../support/receiver.js';
import { insertPartner, sealedEndpoint } from '../support/told-partner.js';
import { until } from '../support/until.js';

const kills = many(30, 5);

let cluster: PrivateCluster;
let dataSource: DataSource;
let receiver: Receiver;
const processes = new Set<ChildProcess>();
beforeAll(async () => {
  build();
  cluster = await privateCluster();
  dataSource = await makeDataSource({ url: cluster.url, poolSize: 4 }).initialize();
  await migrate(dataSource);
  await seed(dataSource, 'samples', { domain: 'meridian.example', now: new Date() });
  receiver = await openReceiver();
}, 120_000);
afterAll(async () => {
  for (const each of processes) each.kill('SIGKILL');
  await receiver.close();
  await dataSource.destroy();
  await cluster.remove();
});

/** The program's own server with its webhooks; an attempt takes two seconds at most, so that claims of who died run out in four. */
const script = `
  import { readConfig } from './dist/src/config.js';
  import { deliverWebhooks } from './dist/src/server/deliver-webhooks.js';
  import { serve } from './dist/src/tools/serve.js';
  import { wanting } from './dist/src/webhooks/wanting.js';
  import { webhookConsumer } from './dist/src/webhooks/webhook-consumer.js';
  const workers = [(at) => deliverWebhooks(at, { timeoutMs: 2_000 })];
  const { stop } = await serve(readConfig(), { stdout: () => {} }, { consumers: [webhookConsumer({ sources: wanting })], workers });
  process.stdout.write('serving\\n');
  process.once('SIGTERM', () => stop().then(() => process.exit(0)));
`;

async function startServer(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: inPackage(),
    env: {
      ...{ PATH: process.env['PATH'] ?? '', DATABASE_URL: cluster.url, KEY_SECRET: writersSecret, PORT: '0', LOG_LEVEL: 'error' },
      ...{ NODE_ENV: 'development', ALLOW_INWARD_CALLS: 'true' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.add(child);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('a server ended before it served')));
    createInterface({ input: child.stdout! }).on('line', (line) => line === 'serving' && resolve());
  });
  return child;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  processes.delete(child);
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

test('two deliverers, of which one after the other is killed, hand over every event in its order, each time the same bytes', async () => {
  const endpoints = 4;
  for (let index = 0; index < endpoints; index++) {
    await insertPartner(dataSource, `killed-${index}`);
    const topics = [WebhookTopic.TEXT_REVISED];
    await sealedEndpoint(dataSource, writersSecret, { partnerCode: `killed-${index}`, url: `${receiver.url}/${index}`, topics });
  }
  const texts: { uuid: string; edition: string }[] = await dataSource.query(
    `select t.article_uuid as uuid, t.edition_code as edition from translation t join article a on a.uuid = t.article_uuid
     where t.published_at < now() and t.retracted_at is null and a.retracted_at is null and a.published_at < now() and t.is_original
       and (a.embargo_until is null or a.embargo_until < now()) and (t.expires_at is null or t.expires_at > now() + interval '1 day') order by 1 limit 6`,
  );
  expect(texts).toHaveLength(6);
  // The first time of some is refused, and what follows of their story waits for the second.
  let refused = 0;
  const tried = new Set<string>();
  receiver.answering(async ({ id, path }) => {
    await sleep(Math.random() * 40);
    if (tried.has(path + id) || Math.random() > 0.004) return 204;
    tried.add(path + id);
    refused++;
    return 500;
  });
  let servers = await Promise.all([startServer(), startServer()]);
  let writing = true;
  let written = 0;
  const writer = (async () => {
    for (; writing; await sleep(Math.random() * 60)) {
      const { uuid, edition } = texts[written % texts.length]!;
      await dataSource.transaction(async (manager) => {
        await lockArticles(manager, [uuid]);
        await writeEvents(manager, [{ kind: EventKind.REVISED, at: new Date(), articleUuid: uuid, editionCode: edition, revision: 1 }]);
      });
      written++;
    }
  })();
  for (let round = 0; round < kills; round++) {
    await sleep(400 + Math.random() * 600);
    const [victim, other] = round % 2 === 0 ? servers : [...servers].reverse();
    await end(victim!, 'SIGKILL');
    servers = [other!, await startServer()];
  }
  writing = false;
  await writer;
  const left = async (): Promise<number> => {
    const [{ n }] = await dataSource.query(
      `select (select count(*) from outbox)::int + (select count(*) from delivery where state = 'PENDING')::int
         + (select (select max(seq) from event) - settled from consumer where name = 'webhooks')::int as n`,
    );
    return n;
  };
  const took = await until('the rest', async () => (await left()) === 0, 60_000);
  for (const server of servers) await end(server, 'SIGTERM');

  const events: { uuid: string; article: string; seq: number }[] = await dataSource.query(
    `select uuid, article_uuid as article, seq::float8 as seq from event where kind = 'REVISED' and at > now() - interval '1 hour' and data ->> 'significance' is null`,
  );
  expect(events).toHaveLength(written);
  const seqOf = new Map(events.map(({ uuid, seq }) => [uuid, seq]));
  const last = new Map<string, number>();
  const bytesOf = new Map<string, string>();
  let [inverted, others] = [0, 0];
  const ours = receiver.received.filter(({ id }) => seqOf.has(id));
  for (const { path, id, body, bytes } of ours) {
    const line = `${path} ${body.data.article}`;
    const seq = seqOf.get(id)!;
    if (seq < (last.get(line) ?? 0)) inverted++;
    last.set(line, seq);
    const known = bytesOf.get(path + id);
    if (known !== undefined && known !== bytes.toString('hex')) others++;
    bytesOf.set(path + id, bytes.toString('hex'));
  }
  const missing = events.length * endpoints - bytesOf.size;
  figures('webhooks under kill -9', {
    ...{ kills, events: events.length, endpoints, requests: ours.length, refused },
    ...{ repeated: ours.length - bytesOf.size, missing, inverted, 'repeated with other bytes': others },
    'ms until the rest was told': took,
  });
  expect({ missing, inverted, others }).toEqual({ missing: 0, inverted: 0, others: 0 });
  expect(await dataSource.query('select distinct state from delivery where message_id = any($1)', [[...seqOf.keys()]])).toEqual([
    { state: 'DELIVERED' },
  ]);
}, 600_000);
