import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { findEndpoint } from '../../src/webhooks/endpoint.queries.js';
import { mostEndpoints } from '../../src/webhooks/save-endpoint.js';
import { secretsOf } from '../../src/webhooks/secret.js';
import { type EndpointKeeper, endpointFields, keeperOf } from '../support/endpoints.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor, testSecretsKey } from '../support/keys.js';
import { type Operator, operatorOf } from '../support/partners.js';

let gateway: TestGateway;
let operator: Operator & EndpointKeeper;
let harbour: EndpointKeeper;
let rival: EndpointKeeper;
let chief: EndpointKeeper;
const keeper = async (wish: Parameters<typeof keyFor>[1]): Promise<EndpointKeeper> =>
  keeperOf(gateway, (await keyFor(gateway.dataSource, wish)).headers);
beforeAll(async () => {
  gateway = await openGateway();
  operator = { ...(await operatorOf(gateway)), ...(await keeper({ name: 'Night shift', operator: true })) };
  for (const code of ['harbour', 'rival', 'many']) await operator.savePartner({ code, name: code, expectedVersion: 0 });
  harbour = await keeper({ partnerCode: 'harbour' });
  rival = await keeper({ partnerCode: 'rival' });
  chief = await keeper({ roles: { tt: Role.CHIEF, ru: Role.EDITOR } });
});
afterAll(() => gateway.close());
beforeEach(() => gateway.at(testNow));

const rows = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> => gateway.dataSource.query(statement, values);
const later = (hours: number): Date => new Date(testNow.getTime() + hours * 3_600_000);
const wish = { url: 'https://hooks.harbour.example/in', topics: ['TEXT_PUBLISHED', 'TEXT_REVISED'], expectedVersion: 0 };
const deskWish = { url: 'https://chat.desk.example/tt', topics: ['CORRECTION_OWED'], edition: 'tt', expectedVersion: 0 };
const founded = async (who = harbour, more: object = {}) => (await who.saveEndpoint({ ...wish, ...more })).endpoint;
const rowOf = async ({ id }: { id: string }) => (await findEndpoint(gateway.dataSource, id.slice('endpoint:'.length)))!;

describe('an endpoint', () => {
  test('is founded with a secret that is shown once, and seen by its partner and by operators', async () => {
    const { endpoint, secret } = await harbour.saveEndpoint({ ...wish, description: 'News desk', editions: ['tt', 'ru'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
    expect(endpoint).toEqual({
      ...{ id: expect.stringMatching(/^endpoint:[0-9a-f-]{36}$/u), version: 1, partner: 'harbour', editionCode: null, url: wish.url },
      ...{ description: 'News desk', topics: wish.topics, editions: ['ru', 'tt'], payload: 'THIN', format: null, document: null },
      ...{ variables: null, concurrency: 5, state: 'ACTIVE', disabledBecause: null, failingSince: null, notBefore: null },
      ...{ formerSecretUntil: null, createdAt: testNow.toISOString() },
    });
    const own = await harbour.ask(`{ viewer { partner { endpoints { ${endpointFields} counts { pending } } messages { code } } } }`);
    expect(own.data.viewer.partner).toEqual({ endpoints: [{ ...endpoint, counts: { pending: 0 } }], messages: [] });
    const seen = await operator.ask('{ partner(code: "harbour") { endpoints { id } } }');
    expect(seen.data.partner.endpoints).toEqual([{ id: endpoint.id }]);
    expect(secretsOf(await rowOf(endpoint), testSecretsKey, testNow)).toEqual([secret]);
    const written = JSON.stringify([
      await rows('select * from endpoint'),
      await rows('select * from audit'),
      await rows('select * from idempotency'),
    ]);
    expect(written).not.toContain(secret.slice('whsec_'.length));
  });

  test('is changed whole, over the version seen', async () => {
    const endpoint = await founded();
    const changed = await harbour.saveEndpoint({
      ...wish,
      endpoint: endpoint.id,
      expectedVersion: 1,
      url: 'https://other.example/',
      concurrency: 20,
    });
    expect(changed).toEqual({
      secret: null,
      endpoint: { ...endpoint, version: 2, url: 'https://other.example/', concurrency: 20 },
    });
    expect(await harbour.saveEndpoint({ ...wish, endpoint: endpoint.id, expectedVersion: 1 })).toMatchObject({
      code: 'VERSION_MOVED_ON',
      presentVersion: 2,
    });
    const same = { ...wish, url: 'https://other.example/', concurrency: 20, endpoint: endpoint.id, expectedVersion: 2 };
    expect((await harbour.saveEndpoint(same)).endpoint.version).toBe(2);
  });

  test('under one key is founded once, and its secret is not told again', async () => {
    const keyed = { ...wish, url: 'https://once.example/', idempotencyKey: 'once' };
    const first = await harbour.saveEndpoint(keyed);
    expect(await harbour.saveEndpoint(keyed)).toEqual({ endpoint: first.endpoint, secret: null });
    expect(await harbour.saveEndpoint({ ...keyed, url: 'https://twice.example/' })).toMatchObject({ code: 'KEY_REUSED' });
    expect(await rows(`select from endpoint where url like 'https://once%'`)).toHaveLength(1);
    const uuid = first.endpoint.id.slice('endpoint:'.length);
    expect(await rows(`select action, detail from audit where detail ->> 'endpoint' = $1`, [uuid])).toEqual([
      { action: 'SAVE_ENDPOINT', detail: { endpoint: uuid, partner: 'harbour', edition: null } },
    ]);
  });

  test.each([
    [{ url: 'http://hooks.harbour.example/' }, 'url'],
    [{ url: 'https://user:word@hooks.harbour.example/' }, 'url'],
    [{ url: 'https://127.1/' }, 'url'],
    [{ url: 'https://[::ffff:10.0.0.1]/' }, 'url'],
    [{ url: 'https://metadata/' }, 'url'],
    [{ topics: [] }, 'topics'],
    [{ topics: ['TEXT_PUBLISHED', 'TEXT_PUBLISHED'] }, 'topics'],
    [{ topics: ['CORRECTION_OWED'] }, 'topics'],
    [{ topics: ['ENDPOINT_TEST'] }, 'topics'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ concurrency: 21 }, 'concurrency'],
    [{ description: 'x'.repeat(201) }, 'description'],
    [{ payload: 'FULL' }, 'format'],
    [{ payload: 'FULL', format: 'atom' }, 'format'],
    [{ format: 'json' }, 'format'],
    [{ payload: 'DOCUMENT' }, 'document'],
    [{ document: '{ viewer { name } }' }, 'document'],
    [{ variables: {} }, 'variables'],
    [{ payload: 'DOCUMENT', document: '{ viewer { name } }', variables: { event: 'x' } }, 'document'],
  ])('is not founded with %j', async (more, field) => {
    expect(await rival.saveEndpoint({ ...wish, ...more })).toMatchObject({ code: 'FIELD_REFUSED', field });
    expect(await rows(`select from endpoint where partner_code = 'rival'`)).toEqual([]);
  });

  test('names editions that there are', async () => {
    expect(await rival.saveEndpoint({ ...wish, editions: ['zz'] })).toMatchObject({ code: 'UNKNOWN_NAME', field: 'editions' });
    expect(await operator.saveEndpoint({ ...wish, partner: 'nobody' })).toMatchObject({ code: 'UNKNOWN_NAME', field: 'partner' });
    expect(await operator.saveEndpoint(wish)).toMatchObject({ code: 'FIELD_REFUSED', field: 'partner' });
  });

  test('is one of so many of a partner at most', async () => {
    for (let index = 0; index < mostEndpoints; index++)
      expect(await operator.saveEndpoint({ ...wish, partner: 'many' })).toMatchObject({ endpoint: { partner: 'many' } });
    expect(await operator.saveEndpoint({ ...wish, partner: 'many' })).toMatchObject({ code: 'FIELD_REFUSED', field: 'partner' });
  });

  test('is given a new secret, beside which the former one signs for a while', async () => {
    const { endpoint, secret } = await harbour.saveEndpoint(wish);
    const rotated = await harbour.rotateEndpointSecret({ endpoint: endpoint.id, idempotencyKey: 'rotate' });
    expect(rotated.secret).toMatch(/^whsec_/u);
    expect(rotated.endpoint).toMatchObject({ version: 2, formerSecretUntil: later(24).toISOString() });
    const row = await rowOf(endpoint);
    expect(secretsOf(row, testSecretsKey, later(23))).toEqual([rotated.secret, secret]);
    expect(secretsOf(row, testSecretsKey, later(24))).toEqual([rotated.secret]);
    expect((await harbour.rotateEndpointSecret({ endpoint: endpoint.id, idempotencyKey: 'rotate' })).secret).toBeNull();
    const { data } = await harbour.ask('{ viewer { partner { messages { code at endpointId } } } }');
    expect(data.viewer.partner.messages).toContainEqual({ code: 'SECRET_CHANGING', at: later(24).toISOString(), endpointId: endpoint.id });
    expect(await harbour.rotateEndpointSecret({ endpoint: endpoint.id, formerHours: 169 })).toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'formerHours',
    });
    const atOnce = await harbour.rotateEndpointSecret({ endpoint: endpoint.id, formerHours: 0 });
    expect(secretsOf(await rowOf(endpoint), testSecretsKey, testNow)).toEqual([atOnce.secret]);
  });

  test('is paused, resumed and deleted', async () => {
    const endpoint = await founded();
    expect((await harbour.pauseEndpoint({ endpoint: endpoint.id })).endpoint).toMatchObject({ state: 'PAUSED', version: 2 });
    expect((await harbour.resumeEndpoint({ endpoint: endpoint.id })).endpoint).toMatchObject({ state: 'ACTIVE', version: 3 });
    const removal = { endpoint: endpoint.id, idempotencyKey: 'remove' };
    expect(await harbour.deleteEndpoint(removal)).toEqual({ endpointId: endpoint.id });
    expect(await harbour.deleteEndpoint(removal)).toEqual({ endpointId: endpoint.id });
    expect(await harbour.pauseEndpoint({ endpoint: endpoint.id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('that was disabled is at work again with a clean slate, and what failed is due at once', async () => {
    const endpoint = await founded();
    await harbour.sendTestEvent({ endpoint: endpoint.id });
    const { uuid } = await rowOf(endpoint);
    await rows(
      `update endpoint set state = 'DISABLED', disabled_because = 'FAILING', failing_since = $2, not_before = $3 where uuid = $1`,
      [...[uuid, later(-120), later(1)]],
    );
    await rows(`update delivery set attempts = 3, next_at = $2 where endpoint_uuid = $1`, [uuid, later(5)]);
    expect((await harbour.pauseEndpoint({ endpoint: endpoint.id })).endpoint.state).toBe('DISABLED');
    const { data } = await harbour.ask('{ viewer { partner { messages { code at text endpointId } } } }');
    const said = data.viewer.partner.messages.filter(({ endpointId }: { endpointId: string }) => endpointId === endpoint.id);
    expect(said).toEqual([
      {
        code: 'ENDPOINT_FAILED',
        at: later(-120).toISOString(),
        text: expect.stringContaining('hooks.harbour.example'),
        endpointId: endpoint.id,
      },
    ]);
    expect((await harbour.resumeEndpoint({ endpoint: endpoint.id })).endpoint).toMatchObject({
      ...{ state: 'ACTIVE', disabledBecause: null, failingSince: null, notBefore: null },
    });
    expect(await rows('select attempts, next_at from delivery where endpoint_uuid = $1', [uuid])).toEqual([
      { attempts: 3, next_at: testNow },
    ]);
  });

  test('is sent a test that waits as any message, and shows it', async () => {
    const endpoint = await founded();
    const { messageId } = await harbour.sendTestEvent({ endpoint: endpoint.id });
    await harbour.sendTestEvent({ endpoint: endpoint.id });
    const shown = `{ viewer { partner { endpoints { id counts { pending delivered } deliveries(first: 1) { edges { cursor node { messageId topic state sequence attempts nextAt eventSeq lastStatus lastError lastAnswer lastLatencyMs } } pageInfo { hasNextPage endCursor } } } } } }`;
    const found = (answer: { data: { viewer: { partner: { endpoints: { id: string }[] } } } }) =>
      answer.data.viewer.partner.endpoints.find(({ id }) => id === endpoint.id) as unknown as {
        counts: object;
        deliveries: { edges: { node: object }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
    const first = found(await harbour.ask(shown));
    expect(first.counts).toEqual({ pending: 2, delivered: 0 });
    expect(first.deliveries.edges[0]!.node).toMatchObject({ sequence: '2' });
    expect(first.deliveries.pageInfo.hasNextPage).toBe(true);
    const second = found(
      await harbour.ask(shown.replace('first: 1', `first: 5, state: PENDING, after: "${first.deliveries.pageInfo.endCursor}"`)),
    );
    expect(second.deliveries.edges.map(({ node }) => node)).toEqual([
      {
        ...{
          messageId,
          topic: 'ENDPOINT_TEST',
          state: 'PENDING',
          sequence: '1',
          attempts: 0,
          nextAt: testNow.toISOString(),
          eventSeq: null,
        },
        ...{ lastStatus: null, lastError: null, lastAnswer: null, lastLatencyMs: null },
      },
    ]);
    const [written] = await rows<{ body: Buffer }>('select body from delivery where message_id = $1', [messageId]);
    expect(JSON.parse(Buffer.from(written!.body).toString())).toEqual({
      ...{ type: 'endpoint.test', timestamp: testNow.toISOString() },
      data: { event: messageId, sequence: 1, test: true },
    });
    const strange = await harbour.ask(shown.replace('first: 1', 'first: 1, after: "x"'));
    expect(strange.errors[0].extensions.code).toBe('INVALID_CURSOR');
  });
});

describe('of whoever it is not', () => {
  test('an endpoint is nowhere, whatever is tried with it', async () => {
    const { id: endpoint } = await founded();
    for (const who of [rival, chief]) {
      expect(await who.saveEndpoint({ ...wish, endpoint, expectedVersion: 1 })).toMatchObject({ code: 'NOT_FOUND' });
      for (const mutation of ['rotateEndpointSecret', 'pauseEndpoint', 'resumeEndpoint', 'deleteEndpoint', 'sendTestEvent'] as const)
        expect(await who[mutation]({ endpoint })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await who.replay({ endpoint, missing: true })).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await rowOf({ id: endpoint })).version).toBe(1);
    expect((await rival.ask('{ viewer { partner { endpoints { id } } } }')).data.viewer.partner.endpoints).toEqual([]);
    for (const strange of ['endpoint:x', 'partner:harbour', `${endpoint}x`, ''])
      expect(await harbour.pauseEndpoint({ endpoint: strange })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('none can be founded in their name', async () => {
    expect(await rival.saveEndpoint({ ...wish, partner: 'harbour' })).toMatchObject({ error: 'FORBIDDEN' });
    expect(await rival.saveEndpoint(deskWish)).toMatchObject({ error: 'FORBIDDEN' });
    expect(await chief.saveEndpoint({ ...wish, partner: 'harbour' })).toMatchObject({ error: 'FORBIDDEN' });
  });

  test('a test key, an editor and the public may do nothing', async () => {
    const { id: endpoint } = await founded();
    const nobodies = [await keeper({ roles: { tt: Role.EDITOR } }), keeperOf(gateway, {})];
    const inDevelopment = await openGateway({ over: gateway, development: true });
    nobodies.push(keeperOf(inDevelopment, (await keyFor(gateway.dataSource, { partnerCode: 'harbour', test: true })).headers));
    for (const who of nobodies) {
      expect(await who.saveEndpoint(wish)).toMatchObject({ error: 'FORBIDDEN' });
      expect(await who.pauseEndpoint({ endpoint })).toMatchObject({ error: 'FORBIDDEN' });
      expect((await who.ask('{ endpoints(edition: "tt") { id } }')).errors[0].extensions.code).toBe('FORBIDDEN');
    }
    await inDevelopment.close();
  });
});

describe('a desk', () => {
  test('has endpoints of its chief’s, with topics of desks', async () => {
    const { endpoint, secret } = await chief.saveEndpoint(deskWish);
    expect(secret).toMatch(/^whsec_/u);
    expect(endpoint).toMatchObject({ partner: null, editionCode: 'tt', topics: ['CORRECTION_OWED'] });
    for (const who of [chief, operator])
      expect((await who.ask('{ endpoints(edition: "tt") { id } }')).data.endpoints).toEqual([{ id: endpoint.id }]);
    expect((await chief.ask('{ endpoints(edition: "ru") { id } }')).errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await operator.pauseEndpoint({ endpoint: endpoint.id })).endpoint.state).toBe('PAUSED');
    expect(await rows(`select action from audit where edition_code = 'tt' and action like '%ENDPOINT' order by id`)).toEqual([
      { action: 'SAVE_ENDPOINT' },
      { action: 'PAUSE_ENDPOINT' },
    ]);
  });

  test.each([
    [{ topics: ['TEXT_PUBLISHED'] }, 'topics'],
    [{ editions: ['ru'] }, 'editions'],
    [{ payload: 'FULL', format: 'json' }, 'payload'],
  ])('has none with %j', async (more, field) => {
    expect(await chief.saveEndpoint({ ...deskWish, ...more })).toMatchObject({ code: 'FIELD_REFUSED', field });
  });

  test('of another edition is another’s', async () => {
    expect(await chief.saveEndpoint({ ...deskWish, edition: 'ru' })).toMatchObject({ error: 'FORBIDDEN' });
  });
});
