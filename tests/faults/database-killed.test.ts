import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeDataSource } from '../../src/data-source.js';
import { migrate } from '../../src/migrate.js';
import { relayState } from '../../src/publishing/relay-state.queries.js';
import { keepPublishing, type Met, nothingWrong, outcomeOf, storiesFor, writersSecret } from '../support/desk-writers.js';
import { figures, many } from '../support/faults.js';
import { type PrivateCluster, privateCluster } from '../support/private-cluster.js';
import { build, serve } from '../support/program.js';
import { until } from '../support/until.js';

const kills = many(10, 5);
const writers = 8;

let cluster: PrivateCluster;
beforeAll(async () => {
  build();
  cluster = await privateCluster();
}, 120_000);
afterAll(() => cluster.remove());

test('PostgreSQL killed under writers loses nothing acknowledged, and the gateway recovers by itself within five seconds', async () => {
  const dataSource = await makeDataSource({ url: cluster.url, poolSize: 4 }).initialize();
  await migrate(dataSource);
  const { stories, authorization } = await storiesFor(dataSource, writers);
  const server = await serve({ DATABASE_URL: cluster.url, KEY_SECRET: writersSecret, LOG_LEVEL: 'info', RATE_LIMIT_KEY: '0' });
  const met: Met = { acknowledged: 0, repeated: 0, times: [] };
  let writing = true;
  const writers8 = Promise.all(
    stories.map((story) => keepPublishing(story, { ...{ authorization, met, urlOf: () => server.url }, more: () => writing })),
  );
  const recoveries: number[] = [];
  const numberings: number[] = [];
  const headNow = async (): Promise<number> => (await relayState(dataSource.manager, new Date())).head;
  for (let killed = 0; killed < kills; killed++) {
    await sleep(800 + Math.random() * 800);
    await cluster.kill();
    await cluster.start();
    const back = performance.now();
    const head = await headNow().catch(() => headNow());
    await until('publishing again', () => (met.times.at(-1) ?? 0) > back, 30_000);
    recoveries.push(met.times.find((time) => time > back)! - back);
    await until('numbering again', async () => (await headNow()) > head, 30_000);
    numberings.push(performance.now() - back);
  }
  writing = false;
  await writers8;
  await until('numbering', async () => (await relayState(dataSource.manager, new Date())).outbox === 0);
  const outcome = await outcomeOf(dataSource, stories);
  figures('database killed', {
    publications: met.acknowledged,
    kills,
    'requests repeated': met.repeated,
    'ms to publish again at most': Math.max(...recoveries),
    'ms to number again at most': Math.max(...numberings),
    ...outcome,
  });
  expect(outcome).toEqual(nothingWrong);
  expect(Math.max(...recoveries, ...numberings)).toBeLessThan(5_000);
  expect(met.acknowledged).toBeGreaterThan(kills * writers);
  const { code, stdout } = await server.stop();
  expect(code).toBe(0);
  // Each time it says once that it cannot work, and once that it can again.
  const said = (message: string): number => stdout.split('\n').filter((line) => line.includes(message)).length;
  expect(said('the relay cannot work now')).toBeLessThanOrEqual(kills);
  expect(said('the relay works again')).toBe(said('the relay cannot work now'));
  await dataSource.destroy();
}, 600_000);
