import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeDataSource } from '../../src/data-source.js';
import { migrate } from '../../src/migrate.js';
import { EventKind } from '../../src/publishing/event.js';
import { writeEvents } from '../../src/publishing/event.queries.js';
import { figures } from '../support/faults.js';
import { freezingProxy } from '../support/freezing-proxy.js';
import { type PrivateCluster, privateCluster } from '../support/private-cluster.js';
import { logOf, relayFor } from '../support/relay.js';
import { until } from '../support/until.js';

let cluster: PrivateCluster;
beforeAll(async () => {
  cluster = await privateCluster();
}, 120_000);
afterAll(() => cluster.remove());

test('a relay whose connections fall silent makes new ones and goes on, and says so once', async () => {
  const direct = await makeDataSource({ url: cluster.url, poolSize: 2 }).initialize();
  await migrate(direct);
  const proxy = await freezingProxy(cluster.url);
  const dataSource = await makeDataSource({ url: proxy.url, poolSize: 3 }).initialize();
  const relay = relayFor(dataSource);
  let written = 0;
  const numbered = async (): Promise<number> => {
    await writeEvents(direct.manager, [{ kind: EventKind.CONFIRMED, at: new Date(), data: { n: ++written } }]);
    return until('numbering', async () => (await logOf(direct)).length === written, 40_000);
  };
  await numbered();
  proxy.freeze();
  const silent = await numbered();
  figures('connections hang', { 'ms until the relay works again': silent });
  expect(silent).toBeLessThan(20_000);
  await until('it says so', () => relay.said.length >= 2);
  expect(relay.said).toEqual(['the relay cannot work now and keeps trying', 'the relay works again']);
  await relay.stop(1_000);
  await dataSource.destroy();
  await proxy.close();
  await direct.destroy();
}, 120_000);
