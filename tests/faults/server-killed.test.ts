import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeDataSource } from '../../src/data-source.js';
import { migrate } from '../../src/migrate.js';
import { relayState } from '../../src/publishing/relay-state.queries.js';
import { keepPublishing, type Met, nothingWrong, outcomeOf, storiesFor, writersSecret } from '../support/desk-writers.js';
import { figures, many } from '../support/faults.js';
import { type PrivateCluster, privateCluster } from '../support/private-cluster.js';
import { build, type Running, serve } from '../support/program.js';
import { until } from '../support/until.js';

const publications = many(1_000, 350);
const kills = many(30, 10);
const writers = 6;

let cluster: PrivateCluster;
beforeAll(async () => {
  build();
  cluster = await privateCluster();
}, 120_000);
afterAll(() => cluster.remove());

test('a server killed at random points loses nothing it acknowledged, and repeats under the same key do nothing twice', async () => {
  const dataSource = await makeDataSource({ url: cluster.url, poolSize: 4 }).initialize();
  await migrate(dataSource);
  const { stories, authorization } = await storiesFor(dataSource, writers);
  const env = { DATABASE_URL: cluster.url, KEY_SECRET: writersSecret, LOG_LEVEL: 'silent', RATE_LIMIT_KEY: '0' };
  let server: Running = await serve(env);
  const met: Met = { acknowledged: 0, repeated: 0, times: [] };
  let killing = true;
  const writing = Promise.all(
    stories.map((story) =>
      // The last of them come when nothing is killed any more.
      keepPublishing(story, { ...{ authorization, met, urlOf: () => server.url }, more: () => killing || met.acknowledged < publications }),
    ),
  );
  let killed = 0;
  const killer = async (): Promise<void> => {
    for (; killed < kills; killed++) {
      const enough = met.acknowledged + publications / kills / 2;
      await until('some publications', () => met.acknowledged > enough, 60_000);
      await sleep(Math.random() * 120);
      server.child.kill('SIGKILL');
      server = await serve(env);
    }
    killing = false;
  };
  await Promise.all([killer(), writing]);
  await until('numbering', async () => (await relayState(dataSource.manager, new Date())).outbox === 0);
  const outcome = await outcomeOf(dataSource, stories);
  figures('server killed', { publications: met.acknowledged, kills: killed, 'requests repeated': met.repeated, ...outcome });
  expect(outcome).toEqual(nothingWrong);
  expect(met.acknowledged).toBeGreaterThanOrEqual(publications);
  expect(met.repeated).toBeGreaterThan(0);
  expect((await server.stop()).code).toBe(0);
  await dataSource.destroy();
}, 600_000);
