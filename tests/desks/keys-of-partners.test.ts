import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { revokeKey } from '../../src/desks/api-key.queries.js';
import { Role } from '../../src/desks/role.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { type Operator, operatorOf } from '../support/partners.js';

let gateway: TestGateway;
let operator: Operator;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  await operator.savePartner({ code: 'harbour', name: 'The Harbour Post', expectedVersion: 0 });
});
afterAll(() => gateway.close());

const modern = { accept: 'application/graphql-response+json' };
const whoAmI = '{ viewer { kind name partner { code } } }';
const viewer = async (headers: Record<string, string>) => {
  const { data, errors } = await gateway.ask(whoAmI, {}, { ...modern, ...headers });
  return data?.viewer ?? errors?.[0]?.extensions.code;
};
const basic = (user: string, password: string, scheme = 'Basic') => ({
  authorization: `${scheme} ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const harbour = { kind: 'PARTNER', name: 'Ines', partner: { code: 'harbour' } };

describe('a partner’s key', () => {
  test('says whose it is', async () => {
    const { headers } = await keyFor(gateway.dataSource, { name: 'Ines', partnerCode: 'harbour' });
    expect(await viewer(headers)).toEqual(harbour);
  });

  test('opens nothing while its partner is not active, from the next request on', async () => {
    await operator.savePartner({ code: 'closing', name: 'Closing', expectedVersion: 0 });
    const { headers } = await keyFor(gateway.dataSource, { name: 'Ines', partnerCode: 'closing' });
    expect(await viewer(headers)).toMatchObject({ kind: 'PARTNER' });
    await operator.savePartner({ code: 'closing', name: 'Closing', expectedVersion: 1, active: false });
    expect(await viewer(headers)).toBe('UNAUTHENTICATED');
    await operator.savePartner({ code: 'closing', name: 'Closing', expectedVersion: 2 });
    expect(await viewer(headers)).toMatchObject({ kind: 'PARTNER' });
  });

  test('opens nothing once it is revoked or has expired', async () => {
    const { uuid, headers } = await keyFor(gateway.dataSource, { partnerCode: 'harbour' });
    await revokeKey(gateway.dataSource.manager, uuid, testNow);
    expect(await viewer(headers)).toBe('UNAUTHENTICATED');
    expect(await viewer((await keyFor(gateway.dataSource, { partnerCode: 'harbour', expiresAt: testNow })).headers)).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('for tests opens gateways in development only', async () => {
    const { headers } = await keyFor(gateway.dataSource, { partnerCode: 'harbour', test: true });
    expect(await viewer(headers)).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['a desk’s too', { roles: { tt: Role.EDITOR } }],
    ['an operator’s too', { operator: true }],
    ['a partner’s that there is not', { partnerCode: 'nobody' }],
  ])('cannot be %s', async (_what, wish) => {
    await expect(keyFor(gateway.dataSource, { partnerCode: 'harbour', ...wish })).rejects.toThrow(
      /violates (check|foreign key) constraint/u,
    );
  });

  test('reads nothing that no entitlement gives it, and neither writes nor reads the log', async () => {
    const { headers } = await keyFor(gateway.dataSource, { partnerCode: 'harbour' });
    const list = '{ articles(edition: "tt", first: 100) { totalCount edges { node { id } } } }';
    expect((await gateway.ask(list, {}, headers)).data).toEqual({ articles: { totalCount: 0, edges: [] } });
    expect((await gateway.ask(list)).data.articles.totalCount).toBeGreaterThan(0);
    const refused = async (query: string) => (await gateway.ask(query, {}, headers)).errors?.[0]?.extensions.code;
    expect(await refused('{ events { hasMore } }')).toBe('FORBIDDEN');
    expect(await refused('mutation { createArticle(input: { edition: "tt", text: { headline: "x", blocks: [] } }) { __typename } }')).toBe(
      'FORBIDDEN',
    );
  });
});

describe('HTTP Basic, for readers of feeds', () => {
  test('carries any key as the password, whatever the user’s name', async () => {
    const partner = await keyFor(gateway.dataSource, { name: 'Ines', partnerCode: 'harbour' });
    for (const user of ['', 'harbour', 'Инес']) expect(await viewer(basic(user, partner.key))).toEqual(harbour);
    expect(await viewer(basic('x', partner.key, 'bAsIc'))).toEqual(harbour);
    const desk = await keyFor(gateway.dataSource, { name: 'Desk', roles: { tt: Role.EDITOR } });
    expect(await viewer(basic('desk', desk.key))).toMatchObject({ kind: 'DESK' });
  });

  test('with anything wrong is refused, never answered as the public', async () => {
    const { key } = await keyFor(gateway.dataSource, { partnerCode: 'harbour' });
    const encoded = Buffer.from(`x:${key}`).toString('base64');
    const wrong = [
      basic('x', `${key}x`),
      basic('x', ` ${key}`),
      basic(key, ''),
      basic('x:y', key),
      { authorization: 'Basic' },
      { authorization: `Basic ${Buffer.from(key).toString('base64')}` },
      { authorization: `Basic ${encoded} ${encoded}` },
      { authorization: `Basic *${encoded}` },
      { authorization: `Digest ${encoded}` },
    ];
    for (const headers of wrong) expect(await viewer(headers)).toBe('UNAUTHENTICATED');
  });
});

test('no key sent by Basic is in the log', async () => {
  const lines: string[] = [];
  const logged = await openGateway({ samples: false, logTo: { write: (line) => void lines.push(line) } });
  const { key } = await keyFor(logged.dataSource, { operator: true });
  const headers = basic('x', key);
  expect((await logged.ask(whoAmI, {}, headers)).data.viewer.kind).toBe('OPERATOR');
  await logged.ask('{', {}, headers);
  await logged.ask(whoAmI, {}, basic('x', `${key}x`));
  expect(lines.length).toBeGreaterThan(0);
  for (const secret of [key, headers.authorization.slice('Basic '.length)]) expect(lines.join('')).not.toContain(secret);
  await logged.close();
});
