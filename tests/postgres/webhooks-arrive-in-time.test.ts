import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { makeDataSource } from '../../src/data-source.js';
import { seed } from '../../src/ingest/seed.js';
import { migrate } from '../../src/migrate.js';
import { EventKind } from '../../src/publishing/event.js';
import { lockArticles, writeEvents } from '../../src/publishing/event.queries.js';
import { WebhookTopic } from '../../src/webhooks/webhook-topic.js';
import { writersSecret } from '../support/desk-writers.js';
import { figures } from '../support/faults.js';
import { build, serve } from '../support/program.js';
import { emptyDatabase } from '../support/server-database.js';
import { insertPartner, sealedEndpoint } from '../support/told-partner.js';

// One event in 20 milliseconds, for so long.
const seconds = 8;
const [eventsASecond, endpoints, ofEach, dead] = [50, 100, 20, 5];
// The figures are printed; the test fails where something is out of all proportion. They are not yet what is aimed at: README, Limits.
const limits = { p99: 20_000 };

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let dataSource: DataSource;
let server: Server;
const arrivals = new Map<string, number>();
beforeAll(async () => {
  build();
  database = await emptyDatabase();
  dataSource = await makeDataSource({ url: database.url, poolSize: 8 }).initialize();
  await migrate(dataSource);
  await seed(dataSource, 'samples', { domain: 'meridian.example', now: new Date() });
  server = createServer((request, response) => {
    const arrived = Date.now();
    const isDead = request.url!.startsWith('/dead');
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const key = `${request.url} ${request.headers['webhook-id']}`;
      if (!arrivals.has(key)) arrivals.set(key, arrived - Date.parse(JSON.parse(body).timestamp));
      // A dead one takes the connection and says nothing.
      if (!isDead) response.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
}, 120_000);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dataSource.destroy();
  await database.drop();
});

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;

test('the first attempt follows a publication at once, also where five of a hundred endpoints are dead', async () => {
  const editions: { edition: string; uuids: string[] }[] = await dataSource.query(
    `select t.edition_code as edition, array_agg(t.article_uuid) as uuids from translation t join article a on a.uuid = t.article_uuid
     join edition e on e.code = t.edition_code
     where e.active and t.published_at < now() and t.retracted_at is null and a.retracted_at is null and a.published_at < now()
       and (a.embargo_until is null or a.embargo_until < now()) and (t.expires_at is null or t.expires_at > now() + interval '1 day')
     group by 1 order by count(*) desc, 1 limit 5`,
  );
  const partners = 25;
  const topics = [WebhookTopic.TEXT_REVISED];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (let index = 0; index < partners; index++) await insertPartner(dataSource, `timed-${index}`);
  for (let index = 0; index < endpoints; index++) {
    const partner = index % partners;
    await sealedEndpoint(dataSource, writersSecret, {
      ...{ partnerCode: `timed-${partner}`, editions: [editions[partner % editions.length]!.edition], topics },
      url: `${url}/${index < dead ? 'dead' : 'well'}/${index}`,
    });
  }
  const program = await serve({
    ...{ DATABASE_URL: database.url, KEY_SECRET: writersSecret, NODE_ENV: 'development', ALLOW_INWARD_CALLS: 'true' },
    ...{ LOG_LEVEL: 'error', SEED: 'none' },
  });
  await sleep(1_000);
  arrivals.clear();
  const began = performance.now();
  let written = 0;
  const writing: Promise<void>[] = [];
  for (; written < seconds * eventsASecond; written++) {
    await sleep(Math.max(0, began + (written * 1_000) / eventsASecond - performance.now()));
    const { edition, uuids } = editions[written % editions.length]!;
    const uuid = uuids[Math.floor(written / editions.length) % uuids.length]!;
    writing.push(
      dataSource.transaction(async (manager) => {
        await lockArticles(manager, [uuid]);
        await writeEvents(manager, [{ kind: EventKind.REVISED, at: new Date(), articleUuid: uuid, editionCode: edition, revision: 1 }]);
      }),
    );
  }
  await Promise.all(writing);
  const took = (performance.now() - began) / 1_000;
  const expected = (written * ofEach * (endpoints - dead)) / endpoints;
  const well = (): number[] => [...arrivals].flatMap(([key, ms]) => (key.startsWith('/well') ? [ms] : []));
  const deadline = performance.now() + 20_000;
  while (well().length < expected && performance.now() < deadline) await sleep(50);
  const all = (performance.now() - began) / 1_000;
  await program.stop();
  const sorted = well().sort((one, other) => one - other);
  figures('webhooks in time', {
    ...{
      'events a second': written / took,
      'attempts a second': sorted.length / all,
      partners,
      endpoints,
      dead,
      attempts: sorted.length,
      expected,
    },
    ...{
      'ms to the first attempt, p50': quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      p99: quantile(sorted, 0.99),
      most: sorted.at(-1)!,
    },
  });
  // What waits behind an attempt under way to the same endpoint and story is as late as that.
  expect(sorted.length).toBe(expected);
  expect(quantile(sorted, 0.99)).toBeLessThan(limits.p99);
}, 120_000);
