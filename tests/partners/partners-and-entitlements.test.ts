import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Caller, Role } from '../../src/desks/role.js';
import { savePartner } from '../../src/partners/save-partner.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { type Operator, operatorOf, partnerFields } from '../support/partners.js';

let gateway: TestGateway;
let operator: Operator;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
});
afterAll(() => gateway.close());
beforeEach(() => gateway.at(testNow));

const later = (minutes: number): Date => new Date(testNow.getTime() + minutes * 60_000);
const rows = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> => gateway.dataSource.query(statement, values);
const contact = { name: 'Ines Duarte', email: 'ines@harbour.example', role: 'technical' };
let count = 0;
/** A partner of the test’s own. */
async function founded(more: object = {}): Promise<string> {
  const code = `harbour-${++count}`;
  expect(await operator.savePartner({ code, name: 'The Harbour Post', expectedVersion: 0, ...more })).toMatchObject({ code, version: 1 });
  return code;
}

describe('a partner', () => {
  test('is founded, seen, changed at the version that was seen, and keeps what it was', async () => {
    const code = await founded({ contacts: [contact], delaySeconds: 600 });
    const partner = { code, name: 'The Harbour Post', version: 1, delaySeconds: 600, active: true, contacts: [contact], entitlements: [] };
    expect((await operator.ask(`query($code: String!) { partner(code: $code) { ${partnerFields} } }`, { code })).data.partner).toEqual(
      partner,
    );
    gateway.at(later(1));
    expect(await operator.savePartner({ code, name: 'Harbour Post', expectedVersion: 1 })).toEqual({
      ...{ ...partner, name: 'Harbour Post', version: 2, delaySeconds: 0, contacts: [] },
    });
    expect((await operator.ask('{ partners { code name } }')).data.partners).toContainEqual({ code, name: 'Harbour Post' });
    const former = await rows(`select version, until, row ->> 'name' as name from former_version where kind = 'partner' and key = $1`, [
      code,
    ]);
    expect(former).toEqual([{ version: 1, until: later(1), name: 'The Harbour Post' }]);
  });

  test('that somebody has changed since is not changed', async () => {
    const code = await founded();
    expect(await operator.savePartner({ code, name: 'Another', expectedVersion: 0 })).toMatchObject({
      code: 'VERSION_MOVED_ON',
      presentVersion: 1,
    });
    expect(await operator.savePartner({ code: 'nobody', name: 'Another', expectedVersion: 3 })).toMatchObject({
      ...{ code: 'VERSION_MOVED_ON', presentVersion: 0 },
    });
    expect((await operator.ask('query($code: String!) { partner(code: $code) { name } }', { code })).data.partner.name).toBe(
      'The Harbour Post',
    );
    expect((await operator.ask('{ partner(code: "nobody") { name } }')).data.partner).toBeNull();
  });

  test('of several who found it at once only one does', async () => {
    // Every connection of the pool is open, and nothing of HTTP lies between: none of them waits but for another.
    await Promise.all(Array.from({ length: 4 }, () => rows('select pg_sleep(0.05)')));
    const { dataSource } = gateway;
    const caller: Caller = { kind: 'OPERATOR', id: 'key:x', name: 'Night shift', roles: {} };
    const wish = {
      code: 'at-once',
      name: 'At Once',
      contacts: [],
      delaySeconds: 0,
      active: true,
      expectedVersion: 0,
      idempotencyKey: null,
    };
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, (_, index) =>
        savePartner({ dataSource, caller, requestId: `at-once-${index}`, now: testNow, committed: () => {} }, wish),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: { code: 'at-once' } }]);
    expect(await rows(`select version from partner where code = 'at-once'`)).toEqual([{ version: 1 }]);
  });

  test.each([
    [{ code: 'Harbour Post' }, 'code'],
    [{ name: '' }, 'name'],
    [{ contacts: [{ ...contact, email: 'ines at harbour' }] }, 'contacts.0.email'],
    [{ delaySeconds: 604_801 }, 'delaySeconds'],
    [{ delaySeconds: -1 }, 'delaySeconds'],
  ])('is not founded with %j', async (more, field) => {
    const wish = { code: 'refused', name: 'Refused', expectedVersion: 0, ...more };
    expect(await operator.savePartner(wish)).toMatchObject({ code: 'FIELD_REFUSED', field });
    expect(await rows('select from partner where name = $1 or code = $2', ['Refused', 'refused'])).toEqual([]);
  });

  test('under one key is founded once, and its audit says by whom', async () => {
    const wish = { code: 'once-only', name: 'Once Only', expectedVersion: 0, idempotencyKey: 'once' };
    const first = await operator.savePartner(wish);
    expect(await operator.savePartner(wish)).toEqual(first);
    expect(await operator.savePartner({ ...wish, name: 'Twice' })).toMatchObject({ code: 'KEY_REUSED' });
    expect(await rows(`select caller, action, detail from audit where detail ->> 'code' = 'once-only'`)).toEqual([
      { caller: 'Night shift', action: 'SAVE_PARTNER', detail: { code: 'once-only' } },
    ]);
  });

  test('that is closed, or told later, is an event; one that moves house is none', async () => {
    const code = await founded();
    const told = () => rows<{ kind: string }>(`select kind from outbox where data ->> 'partner' = $1`, [code]);
    await operator.savePartner({ code, name: 'Harbour Post', contacts: [contact], expectedVersion: 1 });
    expect(await told()).toEqual([]);
    await operator.savePartner({ code, name: 'Harbour Post', delaySeconds: 60, expectedVersion: 2 });
    expect(await told()).toEqual([{ kind: 'ENTITLEMENTS_CHANGED' }]);
    await operator.savePartner({ code, name: 'Harbour Post', delaySeconds: 60, active: false, expectedVersion: 3 });
    expect(await told()).toHaveLength(2);
  });
});

describe('an entitlement', () => {
  const terms = { editions: ['tt', 'ru', 'tt'], topics: ['politics'], kinds: ['NEWS'], excludedAgencies: ['tass'], territories: ['RU-TA'] };

  test('is given as it was asked for, changed, and ended', async () => {
    const partner = await founded();
    const given = await operator.saveEntitlement({ partner, expectedVersion: 0, terms: { ...terms, level: 'SUMMARY', images: true } });
    expect(given).toEqual({
      ...{ id: expect.stringMatching(/^entitlement:[0-9a-f-]{36}$/u), version: 1, ...terms, editions: ['ru', 'tt'] },
      ...{ level: 'SUMMARY', images: true, machine: false, early: false, validFrom: testNow.toISOString(), validUntil: null },
    });
    gateway.at(later(1));
    const changed = await operator.saveEntitlement({ partner, entitlement: given.id, expectedVersion: 1, terms: { machine: true } });
    expect(changed).toEqual({
      ...{ id: given.id, version: 2, editions: [], topics: [], kinds: [], excludedAgencies: [], territories: [], level: 'FULL' },
      ...{ images: false, machine: true, early: false, validFrom: testNow.toISOString(), validUntil: null },
    });
    gateway.at(later(2));
    const ended = await operator.endEntitlement({ entitlement: given.id });
    expect(ended).toEqual({ ...changed, version: 3, validUntil: later(2).toISOString() });
    gateway.at(later(3));
    expect(await operator.endEntitlement({ entitlement: given.id })).toEqual(ended);
    expect(
      (await operator.ask(`query($code: String!) { partner(code: $code) { ${partnerFields} } }`, { code: partner })).data.partner,
    ).toMatchObject({
      entitlements: [ended],
    });
    const former = await rows(
      `select version, until, row ->> 'level' as level from former_version where kind = 'entitlement' and key = $1 order by version`,
      [given.id.slice('entitlement:'.length)],
    );
    expect(former).toEqual([
      { version: 1, until: later(1), level: 'SUMMARY' },
      { version: 2, until: later(2), level: 'FULL' },
    ]);
  });

  test('that changes is an event of the log, and known to every cache; one that does not is neither', async () => {
    const partner = await founded();
    const told = () =>
      rows<{ at: Date }>(`select at from outbox where kind = 'ENTITLEMENTS_CHANGED' and data ->> 'partner' = $1 order by id`, [partner]);
    const dropped = async () =>
      (await rows<{ count: number }>('select count(*)::int as count from cache_drop where article_uuid is null'))[0]!.count;
    const before = await dropped();
    const { id } = await operator.saveEntitlement({ partner, expectedVersion: 0, terms });
    expect([await told(), await dropped()]).toEqual([[{ at: testNow }], before + 1]);
    gateway.at(later(1));
    expect(await operator.saveEntitlement({ partner, entitlement: id, expectedVersion: 1, terms })).toMatchObject({ version: 1 });
    expect([(await told()).length, await dropped()]).toEqual([1, before + 1]);
    await operator.endEntitlement({ entitlement: id });
    await operator.endEntitlement({ entitlement: id });
    expect([(await told()).length, await dropped()]).toEqual([2, before + 2]);
  });

  test('that begins or ends by its time is told at that time, once', async () => {
    const partner = await founded();
    const told = async () =>
      (
        await rows<{ at: Date }>(`select at from outbox where kind = 'ENTITLEMENTS_CHANGED' and data ->> 'partner' = $1 order by id`, [
          partner,
        ])
      ).map(({ at }) => at);
    const { manager } = gateway.dataSource;
    const passAt = async (now: Date): Promise<void> => {
      await makeScheduler({ manager, clock: () => now, log: { info: () => {}, error: () => {} } }).pass();
    };
    const [given, moved] = [later(120), later(130)].map((validUntil) => ({ ...terms, validFrom: later(60), validUntil }));
    const { id } = await operator.saveEntitlement({ partner, expectedVersion: 0, terms: given });
    await passAt(later(59));
    expect(await told()).toEqual([testNow]);
    await passAt(later(61));
    await passAt(later(62));
    expect(await told()).toEqual([testNow, later(60)]);
    gateway.at(later(70));
    await operator.saveEntitlement({ partner, entitlement: id, expectedVersion: 1, terms: moved });
    await passAt(later(125));
    await passAt(later(500));
    await passAt(later(501));
    expect(await told()).toEqual([testNow, later(60), later(70), later(130)]);
  });

  test('is told in the log with the code of its partner', async () => {
    const partner = await founded();
    await operator.saveEntitlement({ partner, expectedVersion: 0, terms: {} });
    await rows(
      `insert into event select row_number() over (order by id) + (select coalesce(max(seq), 0) from event), uuid, kind, article_uuid, edition_code, revision, at, data
       from outbox where data ->> 'partner' = $1`,
      [partner],
    );
    const { data } = await operator.ask(
      '{ events(first: 100, filter: { kinds: [ENTITLEMENTS_CHANGED] }) { events { kind partner articleId } } }',
    );
    expect(data.events.events).toContainEqual({ kind: 'ENTITLEMENTS_CHANGED', partner, articleId: null });
  });

  test('can end at a moment to come, never in the past; one that has not begun never will', async () => {
    const partner = await founded();
    const { id } = await operator.saveEntitlement({ partner, expectedVersion: 0, terms: { validFrom: later(60) } });
    expect(await operator.endEntitlement({ entitlement: id, at: testNow })).toMatchObject({ code: 'TIME_PASSED' });
    expect(await operator.endEntitlement({ entitlement: id, at: later(90) })).toMatchObject({ validUntil: later(90).toISOString() });
    expect(await operator.endEntitlement({ entitlement: id })).toMatchObject({
      ...{ validFrom: later(60).toISOString(), validUntil: later(60).toISOString() },
    });
  });

  test.each([
    [{ editions: ['xx'] }, { code: 'UNKNOWN_NAME', field: 'terms.editions' }],
    [{ topics: ['politics', 'nothing-of-the-kind'] }, { code: 'UNKNOWN_NAME', field: 'terms.topics' }],
    [{ excludedAgencies: ['nobody'] }, { code: 'UNKNOWN_NAME', field: 'terms.excludedAgencies' }],
    [{ territories: ['UNKNOWN'] }, { code: 'FIELD_REFUSED', field: 'terms.territories.0' }],
    [{ validUntil: testNow }, { code: 'FIELD_REFUSED', field: 'terms.validUntil' }],
    [{ territories: ['QQ'] }, { error: 'INVALID_TERRITORY' }],
  ])('is not given with %j', async (wrong, said) => {
    const partner = await founded();
    expect(await operator.saveEntitlement({ partner, expectedVersion: 0, terms: wrong })).toMatchObject(said);
    expect(await rows('select from entitlement where partner_code = $1', [partner])).toEqual([]);
  });

  test('of another partner, of none, or that was changed since is not changed', async () => {
    const [partner, other] = [await founded(), await founded()];
    const { id } = await operator.saveEntitlement({ partner, expectedVersion: 0, terms });
    expect(await operator.saveEntitlement({ partner: other, entitlement: id, expectedVersion: 1, terms: {} })).toMatchObject({
      code: 'UNKNOWN_NAME',
    });
    expect(await operator.saveEntitlement({ partner: 'nobody', expectedVersion: 0, terms })).toMatchObject({
      code: 'UNKNOWN_NAME',
      field: 'partner',
    });
    expect(await operator.saveEntitlement({ partner, entitlement: id, expectedVersion: 2, terms: {} })).toMatchObject({
      ...{ code: 'VERSION_MOVED_ON', presentVersion: 1 },
    });
    expect(await operator.saveEntitlement({ partner, expectedVersion: 1, terms: {} })).toMatchObject({
      code: 'VERSION_MOVED_ON',
      presentVersion: 0,
    });
    for (const entitlement of ['entitlement:00000000-0000-4000-8000-000000000000', 'partner:x', ''])
      expect(await operator.endEntitlement({ entitlement })).toMatchObject({ code: 'UNKNOWN_NAME' });
  });
});

describe('what is for operators', () => {
  const queries = [
    '{ partners { code } }',
    '{ partner(code: "harbour-1") { code } }',
    '{ explainAccess(partner: "harbour-1", translation: "x") { access { allowed } } }',
    '{ previewEntitlements(partner: "harbour-1", change: { terms: {} }) { examined } }',
  ];
  test.each(queries)('%s is nobody else’s to ask', async (query) => {
    const code = await founded();
    const keys = [{}, { roles: { tt: Role.CHIEF } }, { partnerCode: code }];
    for (const wish of keys) {
      const headers = Object.keys(wish).length === 0 ? {} : (await keyFor(gateway.dataSource, wish)).headers;
      expect((await gateway.ask(query, {}, headers)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  test('a partner sees itself, and what it may have', async () => {
    const [code, other] = [await founded({ contacts: [contact] }), await founded()];
    await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { editions: ['tt'] } });
    await operator.saveEntitlement({ partner: other, expectedVersion: 0, terms: { editions: ['ru'] } });
    const { headers } = await keyFor(gateway.dataSource, { name: 'Ines', partnerCode: code });
    const { data } = await gateway.ask(
      '{ viewer { kind name partner { code name contacts { email } entitlements { editions } } roles { role } } }',
      {},
      headers,
    );
    expect(data.viewer).toEqual({
      ...{ kind: 'PARTNER', name: 'Ines', roles: [] },
      partner: { code, name: 'The Harbour Post', contacts: [{ email: 'ines@harbour.example' }], entitlements: [{ editions: ['tt'] }] },
    });
    expect((await operator.ask('{ viewer { kind partner { code } } }')).data.viewer).toEqual({ kind: 'OPERATOR', partner: null });
  });
});
