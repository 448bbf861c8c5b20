import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { articleUuid } from '../../src/ingest/ids.js';
import type { CommandIo } from '../../src/tools/command-io.js';
import { runCommand } from '../../src/tools/commands.js';
import type { EndpointRow } from '../../src/webhooks/endpoint.js';
import { endpointId } from '../../src/webhooks/endpoint-id.js';
import { rangeOf } from '../../src/webhooks/replay.js';
import { type EndpointKeeper, keeperOf } from '../support/endpoints.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, write } from '../support/make-story.js';
import { operatorOf } from '../support/partners.js';
import { openReceiver, type Receiver } from '../support/receiver.js';
import { addEndpoint, type Webhooks, webhooksOver } from '../support/webhooks.js';

let gateway: TestGateway;
let harbour: EndpointKeeper;
let webhooks: Webhooks;
let receiver: Receiver;
let to: EndpointRow;
beforeAll(async () => {
  gateway = await openGateway();
  webhooks = await webhooksOver(gateway);
  const operator = await operatorOf(gateway);
  await operator.savePartner({ code: 'harbour', name: 'Harbour', expectedVersion: 0 });
  await operator.saveEntitlement({ partner: 'harbour', expectedVersion: 0, terms: { editions: ['tt'], level: 'FULL' } });
  harbour = keeperOf(gateway, (await keyFor(gateway.dataSource, { partnerCode: 'harbour' })).headers);
  await webhooks.plan();
});
afterAll(() => gateway.close());
beforeEach(async () => {
  webhooks.at(testNow);
  receiver = await openReceiver();
  to = await addEndpoint(gateway.dataSource, { partnerCode: 'harbour', url: receiver.url, createdAt: after(0) });
});
afterEach(async () => {
  await receiver.close();
  await gateway.dataSource.query('delete from endpoint');
});

/** So many minutes after the hour before: what is imported has come out by then. */
const after = (minutes: number): Date => new Date(testNow.getTime() - 3_600_000 + minutes * 60_000);
const later = (minutes: number): Date => new Date(testNow.getTime() + minutes * 60_000);
let count = 0;
async function published(at: Date): Promise<string> {
  const headline = `Story ${++count}`;
  const story = makeStory({
    id: `again-${count}`,
    publishedAt: at.toISOString(),
    editions: { tt: { headline, blocks: [paragraph('Words.')] } },
  });
  await write(gateway, [story]);
  await gateway.dataSource.query('update outbox set at = $1 where article_uuid = $2', [at, articleUuid(story.id)]);
  return story.id;
}
const ids = (): string[] => receiver.received.map(({ id }) => id);
const states = async (): Promise<string[]> => (await webhooks.of(to)).map(({ state }) => state);

test('a range is sent once more under the same ids, with bodies made anew', async () => {
  await published(after(1));
  await published(after(10));
  webhooks.at(later(20));
  await webhooks.deliver();
  const [first, second] = ids();
  expect(await states()).toEqual(['DELIVERED', 'DELIVERED']);
  webhooks.at(later(21));
  const ranged = { endpoint: endpointId(to.uuid), from: after(5).toISOString(), to: after(15).toISOString() };
  expect(await harbour.replay(ranged)).toEqual({ again: 1, added: 0 });
  expect(await webhooks.of(to)).toMatchObject([{ state: 'DELIVERED' }, { state: 'PENDING', attempts: 0, body: null }]);
  await webhooks.deliver();
  expect(ids()).toEqual([first, second, second]);
  expect((await webhooks.of(to)).map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test('what was missed while it was disabled, or was given up, is sent', async () => {
  await gateway.dataSource.query(`update endpoint set created_at = $2, topics = '{TEXT_PUBLISHED}', editions = '{tt}' where uuid = $1`, [
    to.uuid,
    after(20),
  ]);
  await published(after(21));
  webhooks.at(later(2));
  await webhooks.deliver();
  const [first] = ids();
  await gateway.dataSource.query(`update endpoint set state = 'DISABLED', disabled_because = 'GONE' where uuid = $1`, [to.uuid]);
  await published(after(23));
  await published(after(24));
  webhooks.at(later(5));
  await webhooks.plan();
  expect(await states()).toEqual(['DELIVERED']);
  // The samples' embargo is of that time too, and might end what the partner has: it comes to nothing.
  expect(await harbour.replay({ endpoint: endpointId(to.uuid), missing: true })).toEqual({ again: 0, added: 3 });
  expect(await harbour.replay({ endpoint: endpointId(to.uuid), missing: true })).toEqual({ again: 0, added: 0 });
  await harbour.resumeEndpoint({ endpoint: endpointId(to.uuid) });
  await webhooks.deliver();
  expect(ids()).toHaveLength(3);
  expect(new Set(ids()).size).toBe(3);
  await gateway.dataSource.query(`update delivery set state = 'FAILED' where endpoint_uuid = $1 and message_id <> $2`, [to.uuid, first]);
  const { data } = await harbour.ask('{ viewer { partner { messages { code } } } }');
  expect(data.viewer.partner.messages).toEqual([{ code: 'DELIVERIES_FAILED' }]);
  webhooks.at(later(6));
  expect(await harbour.replay({ endpoint: endpointId(to.uuid), missing: true })).toEqual({ again: 3, added: 0 });
});

test('one that pauses keeps what it is to be told, and is told it once it is resumed', async () => {
  await harbour.pauseEndpoint({ endpoint: endpointId(to.uuid) });
  await published(after(1));
  webhooks.at(later(2));
  await webhooks.deliver();
  expect([await states(), ids()]).toEqual([['PENDING'], []]);
  await harbour.resumeEndpoint({ endpoint: endpointId(to.uuid) });
  await webhooks.deliver();
  expect([await states(), ids().length]).toEqual([['DELIVERED'], 1]);
});

test('a test is sent as any message', async () => {
  const { messageId } = await harbour.sendTestEvent({ endpoint: endpointId(to.uuid) });
  await webhooks.deliver();
  expect(receiver.received.map(({ id, body }) => [id, body])).toEqual([
    [messageId, { type: 'endpoint.test', timestamp: testNow.toISOString(), data: { event: messageId, sequence: 1, test: true } }],
  ]);
});

test('what is told again is of the last thirty days, and of what is asked for', async () => {
  const endpoint = endpointId(to.uuid);
  for (const wish of [{}, { missing: true, from: testNow.toISOString() }, { missing: true, to: testNow.toISOString() }])
    expect(await harbour.replay({ endpoint, ...wish })).toMatchObject({ code: 'FIELD_REFUSED', field: 'from' });
  const [now, day] = [testNow, 86_400_000];
  const from = new Date(now.getTime() - 40 * day);
  expect(rangeOf({ from, to: null }, { createdAt: now }, now)).toEqual({ from: new Date(now.getTime() - 30 * day), to: now });
  expect(() => rangeOf({ from, to: new Date(now.getTime() - 31 * day) }, { createdAt: now }, now)).toThrow('FIELD_REFUSED');
});

/** Runs a command as the server does for whoever types it, and gives its lines. */
async function command(...argv: string[]): Promise<{ code: number; lines: string[]; errors: string }> {
  let [out, errors] = ['', ''];
  const io: CommandIo = {
    ...{ cwd: '/', columns: 80, isTTY: false, signal: new AbortController().signal },
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      errors += text;
    },
  };
  const opened = { dataSource: gateway.dataSource, close: async () => {}, listen: async () => async () => {} };
  const code = await runCommand(argv, { config: readConfig({ SEED: 'none' }), io, open: async () => opened });
  return { code, lines: out.split('\n').filter(Boolean), errors };
}

test('at the command line endpoints and deliveries are shown, and replayed', async () => {
  await harbour.sendTestEvent({ endpoint: endpointId(to.uuid) });
  receiver.answering(500);
  await webhooks.plan();
  const listed = await command('endpoints', '--partner', 'harbour');
  expect(listed).toMatchObject({
    code: 0,
    lines: [expect.stringContaining(`${endpointId(to.uuid)}  partner harbour  ACTIVE  ${receiver.url}`)],
  });
  expect(listed.lines[0]).toContain('1 PENDING');
  expect((await command('endpoints', '--partner', 'nobody')).lines).toEqual([]);
  const [json] = (await command('endpoints', '--json')).lines.map((line) => JSON.parse(line));
  expect(json).toMatchObject({ id: endpointId(to.uuid), partner: 'harbour', counts: { PENDING: 1 } });
  expect(JSON.stringify(json)).not.toContain(to.secret);
  const deliveries = await command('deliveries', '--endpoint', endpointId(to.uuid), '--state', 'pending', '--json');
  expect(deliveries.lines.map((line) => JSON.parse(line))).toMatchObject([{ topic: 'ENDPOINT_TEST', sequence: '1', state: 'PENDING' }]);
  expect((await command('deliveries', '--partner', 'harbour', '--state', 'FAILED')).lines).toEqual([]);
  expect((await command('deliveries', '--limit', '1')).lines[0]).toContain('ENDPOINT_TEST  PENDING  next ');
  expect(await command('replay', endpointId(to.uuid), '--from', '2020-01-01', '--to', '2020-01-02')).toMatchObject({ code: 1 });
  expect(await command('replay', endpointId(to.uuid))).toMatchObject({ code: 1, errors: expect.stringContaining('--missing') });
  expect(await command('replay', endpointId('00000000-0000-4000-8000-000000000000'), '--missing')).toMatchObject({ code: 1 });
  await gateway.dataSource.query(`update delivery set state = 'DELIVERED' where endpoint_uuid = $1`, [to.uuid]);
  await gateway.dataSource.query('update endpoint set created_at = now() where uuid = $1', [to.uuid]);
  const replayed = await command('replay', to.uuid, '--missing', '--json');
  expect(replayed).toMatchObject({ code: 0, lines: ['{"again":0,"added":0}'] });
  const audited = await gateway.dataSource.query(`select caller, detail from audit where action = 'REPLAY_ENDPOINT' and caller = 'cli'`);
  expect(audited).toEqual([{ caller: 'cli', detail: { endpoint: to.uuid, partner: 'harbour', edition: null, again: 0, added: 0 } }]);
});
