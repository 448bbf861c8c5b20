import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { openGateway, type TestGateway } from '../support/gateway.js';

const timeoutMs = 200;
// The embedded database has one session, a server's pool four.
const sessions = process.env.TEST_DATABASE_URL ? 4 : 1;

let gateway: TestGateway;
let sent: string[];
beforeAll(async () => {
  gateway = await openGateway({ requestTimeoutMs: timeoutMs });
  gateway.dataSource.logger = { ...silent, logQuery: (sql) => sent.push(sql) };
});
beforeEach(() => {
  sent = [];
});
afterAll(() => gateway.close());

const nothing = (): void => {};
const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };

/** Takes every session of the database, and gives the way to hand them back. */
async function takeAllSessions(): Promise<() => Promise<void>> {
  const taken: QueryRunner[] = Array.from({ length: sessions }, () => gateway.dataSource.createQueryRunner());
  for (const each of taken) await each.connect();
  return async () => void (await Promise.all(taken.map((each) => each.release())));
}

const good = '{ editions(language: "tt") { code } }';
const abandoned = '{ topics { code } people: nodes(ids: ["person:joe-biden"]) { id } articles { totalCount } }';

describe('a request that was given up', () => {
  test('sends none of the statements that still waited for their turn', async () => {
    const release = await takeAllSessions();
    const { status, errors } = await gateway.ask(abandoned);
    expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'REQUEST_TIMEOUT']);
    await release();
    expect((await gateway.ask(good)).errors).toBeUndefined();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('from "edition"');
  });

  test('sends none either when its caller has hung up', async () => {
    const slow = await openGateway();
    try {
      const { dataSource } = slow;
      dataSource.logger = gateway.dataSource.logger;
      const url = await slow.app.listen({ host: '127.0.0.1', port: 0 });
      const holders = Array.from({ length: sessions }, () => dataSource.createQueryRunner());
      for (const each of holders) await each.connect();
      const caller = request(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' } });
      const hungUp = once(caller, 'error');
      caller.end(JSON.stringify({ query: abandoned }));
      await sleep(100);
      caller.destroy(new Error('hung up'));
      await hungUp;
      await sleep(100);
      for (const each of holders) await each.release();
      expect((await slow.ask(good)).errors).toBeUndefined();
      expect(sent).toHaveLength(1);
    } finally {
      await slow.close();
    }
  });

  test('keeps no other one waiting behind its work', async () => {
    expect((await gateway.ask(good)).status).toBe(200);
    const { dataSource } = gateway;
    const query = dataSource.query.bind(dataSource);
    // Forty statements of a tenth of a second: four seconds of one session.
    const spy = jest.spyOn(dataSource, 'query').mockImplementation((async (...given: Parameters<typeof query>) => {
      await sleep(/count\(\*\)|limit/u.test(given[0]) ? 100 : 0);
      return query(...given);
    }) as typeof query);
    try {
      const many = Array.from({ length: 20 }, (_, index) => `a${index}: articles { totalCount }`).join(' ');
      expect((await gateway.ask(`{ ${many} }`)).status).toBe(503);
      const started = performance.now();
      expect((await gateway.ask(good)).errors).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(1_500);
    } finally {
      spy.mockRestore();
    }
  });
});
