import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { revokeKey } from '../../src/desks/api-key.queries.js';
import { keyText } from '../../src/desks/key-text.js';
import { Role } from '../../src/desks/role.js';
import { inPackage } from '../../src/lib/root.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());
afterEach(() => {
  jest.restoreAllMocks();
  gateway.at(testNow);
});

const whoAmI = '{ viewer { kind name roles { edition { code } role } } }';
const modern = { accept: 'application/graphql-response+json' };
const sentence = (tag: string): string => JSON.parse(readFileSync(inPackage('locales', tag, 'errors.json'), 'utf8')).UNAUTHENTICATED;
const later = (milliseconds: number): Date => new Date(testNow.getTime() + milliseconds);
const post = (headers: Record<string, string>, query = whoAmI) =>
  gateway.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ query }),
  });
const refusal = async (headers: Record<string, string>) => {
  const response = await post({ ...modern, ...headers });
  return [response.statusCode, response.json().errors?.[0].extensions.code, response.json().data];
};
const refused = [401, 'UNAUTHENTICATED', undefined];

describe('who is asking', () => {
  test('nobody: the public', async () => {
    expect((await gateway.ask(whoAmI)).data.viewer).toEqual({ kind: 'PUBLIC', name: null, roles: [] });
  });

  test('a desk, with its roles by edition', async () => {
    const { headers } = await keyFor(gateway.dataSource, { name: 'Татар редакциясе', roles: { tt: Role.EDITOR, ru: Role.CHIEF } });
    expect((await gateway.ask(whoAmI, {}, headers)).data.viewer).toEqual({
      kind: 'DESK',
      name: 'Татар редакциясе',
      roles: [
        { edition: { code: 'ru' }, role: 'CHIEF' },
        { edition: { code: 'tt' }, role: 'EDITOR' },
      ],
    });
  });

  test('an operator', async () => {
    const { headers } = await keyFor(gateway.dataSource, { name: 'Night shift', operator: true });
    expect((await gateway.ask(whoAmI, {}, headers)).data.viewer).toEqual({ kind: 'OPERATOR', name: 'Night shift', roles: [] });
  });

  test('a role in an edition that is gone is not shown', async () => {
    const { headers } = await keyFor(gateway.dataSource, { roles: { gone: Role.CHIEF, tt: Role.EDITOR } });
    expect((await gateway.ask(whoAmI, {}, headers)).data.viewer.roles).toEqual([{ edition: { code: 'tt' }, role: 'EDITOR' }]);
  });

  test('the scheme may be written in any case', async () => {
    const { key } = await keyFor(gateway.dataSource, { operator: true });
    expect((await gateway.ask(whoAmI, {}, { authorization: `bearer  ${key}` })).data.viewer.kind).toBe('OPERATOR');
  });
});

describe('refused, and never taken for the public', () => {
  test('whatever is no credential', async () => {
    const { key } = await keyFor(gateway.dataSource, { operator: true });
    const unknown = keyText(new Uint8Array(32).fill(7), { test: false });
    for (const authorization of [
      `Bearer ${unknown}`,
      `Bearer ${key.slice(0, -1)}`,
      `Bearer ${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`,
      `Bearer ${key}x`,
      `Bearer ${key.replace('live', 'test')}`,
      `Bearer ${key.toUpperCase()}`,
      `Bearer x ${key}`,
      `Bearer ${key}, Bearer ${key}`,
      `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
      `Token ${key}`,
      key,
      'Bearer',
      'Bearer a.b.c',
      'Bearer null',
      '',
    ])
      expect([authorization, await refusal({ authorization })]).toEqual([authorization, refused]);
  });

  test('a key that was revoked, from the next request on', async () => {
    const { uuid, headers } = await keyFor(gateway.dataSource, { operator: true });
    expect((await post(headers)).json().data.viewer.kind).toBe('OPERATOR');
    await revokeKey(gateway.dataSource.manager, uuid, testNow);
    expect(await refusal(headers)).toEqual(refused);
  });

  test('a key that has expired, to the millisecond', async () => {
    const { headers } = await keyFor(gateway.dataSource, { operator: true, expiresAt: later(1_000) });
    gateway.at(later(999));
    expect((await post(headers)).json().data.viewer.kind).toBe('OPERATOR');
    gateway.at(later(1_000));
    expect(await refusal(headers)).toEqual(refused);
  });

  test('a key for development, elsewhere than in development', async () => {
    const { headers } = await keyFor(gateway.dataSource, { operator: true, test: true });
    expect(await refusal(headers)).toEqual(refused);
    const development = await openGateway({ samples: false, development: true });
    const [forTests, live] = await Promise.all([true, false].map((each) => keyFor(development.dataSource, { operator: true, test: each })));
    for (const each of [forTests, live]) expect((await development.ask(whoAmI, {}, each?.headers)).data.viewer.kind).toBe('OPERATOR');
    await development.close();
  });

  test('a key whose hash was made under another secret', async () => {
    const { key, headers } = await keyFor(gateway.dataSource, { operator: true });
    await gateway.dataSource.query('update api_key set hash = $1 where ending = $2', ['0'.repeat(64), key.slice(-4)]);
    expect(await refusal(headers)).toEqual(refused);
  });

  test('before anything of the document is looked at, and with nothing of the answer', async () => {
    for (const query of ['{', '{ nothing }', '{ topics { code } }', `{ ${'a { '.repeat(30)} b ${'}'.repeat(30)} }`]) {
      const response = await post({ ...modern, authorization: 'Bearer wrong' }, query);
      expect([response.statusCode, Object.keys(response.json()), response.json().errors.length]).toEqual([401, ['errors'], 1]);
    }
  });
});

describe('how it is said', () => {
  test('in the caller’s language, the same for every reason', async () => {
    const { uuid, headers } = await keyFor(gateway.dataSource, { operator: true });
    await revokeKey(gateway.dataSource.manager, uuid, testNow);
    const answers = await Promise.all(
      [headers, { authorization: 'Bearer wrong' }, { authorization: 'Basic eDp5' }, { authorization: 'Bearer a.b.c' }].map((each) =>
        post({ ...modern, ...each, 'accept-language': 'tt', 'x-request-id': 'the-same-id' }),
      ),
    );
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.json()).toEqual({
      errors: [{ message: sentence('tt'), extensions: { code: 'UNAUTHENTICATED', requestId: 'the-same-id' } }],
    });
    expect(answers[0]?.headers).toMatchObject({
      'content-type': 'application/graphql-response+json; charset=utf-8',
      'www-authenticate': 'Bearer',
      'cache-control': 'private, no-store',
    });
  });

  test('to a legacy client as an answer it reads', async () => {
    const response = await post({ authorization: 'Bearer wrong' });
    expect([response.statusCode, response.headers['content-type'], response.json().errors[0].message]).toEqual([
      200,
      'application/json; charset=utf-8',
      sentence('en'),
    ]);
  });

  test('the database away is no reason to call a key wrong', async () => {
    const { headers } = await keyFor(gateway.dataSource, { operator: true });
    jest.spyOn(gateway.dataSource.manager, 'query').mockRejectedValue(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
    const response = await post({ ...modern, ...headers });
    expect([response.statusCode, response.json().errors[0].extensions.code, response.headers['retry-after']]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      '5',
    ]);
  });
});

describe('what a caller is given is theirs alone', () => {
  test('an answer, a mistake, a refusal and a failure to a caller are kept by no cache', async () => {
    const { headers } = await keyFor(gateway.dataSource, { operator: true });
    for (const query of [
      whoAmI,
      '{',
      '{ nothing }',
      '{ articles(first: 0) { totalCount } }',
      `{ ${'a { '.repeat(30)} b ${'}'.repeat(30)} }`,
    ])
      expect((await post(headers, query)).headers['cache-control']).toBe('private, no-store');
    expect((await post({ ...headers, 'content-type': 'application/xml' })).headers['cache-control']).toBe('private, no-store');
    const asked = await gateway.get('/graphql?query=%7B__typename%7D', { ...headers, 'apollo-require-preflight': '1' });
    expect([asked.json().data, asked.headers['cache-control']]).toEqual([{ __typename: 'Query' }, 'private, no-store']);
  });

  test('and what the public is given is no answer for a caller', async () => {
    const { headers } = await gateway.get('/graphql?query=%7B__typename%7D', { 'apollo-require-preflight': '1' });
    expect(headers['vary']).toContain('Authorization');
    expect(headers['cache-control']).not.toBe('private, no-store');
  });

  test('pages and pictures are for everybody, with a key or without', async () => {
    const { headers } = await keyFor(gateway.dataSource, { operator: true });
    for (const path of ['/read/en/saiga-return', '/media/saiga-1x1.svg']) {
      const plain = await gateway.get(path);
      for (const each of [headers, { authorization: 'Bearer wrong' }]) {
        const shown = await gateway.get(path, each);
        expect([shown.statusCode, shown.body, shown.headers['cache-control']]).toEqual([200, plain.body, plain.headers['cache-control']]);
      }
    }
  });

  test('a desk’s site may send a key from a browser', async () => {
    const { headers } = await gateway.app.inject({
      method: 'OPTIONS',
      url: '/graphql',
      headers: {
        origin: 'https://desk.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(headers['access-control-allow-headers']).toContain('authorization');
  });
});

describe('what it costs', () => {
  const statements = async (headers: Record<string, string>): Promise<string[]> => {
    const heard: string[] = [];
    const nothing = (): void => {};
    const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };
    const { logger } = gateway.dataSource;
    gateway.dataSource.logger = { ...silent, logQuery: (sql) => void heard.push(sql) };
    await post(headers, '{ viewer { kind } }');
    await new Promise((resolve) => setTimeout(resolve, 20));
    gateway.dataSource.logger = logger;
    return heard;
  };

  test('nothing for the public, one statement for a key, right or wrong', async () => {
    const good = await keyFor(gateway.dataSource, { operator: true });
    await post(good.headers);
    const revoked = await keyFor(gateway.dataSource, { operator: true });
    await revokeKey(gateway.dataSource.manager, revoked.uuid, testNow);
    const unknown = keyText(new Uint8Array(32).fill(9), { test: false });
    expect(await statements({})).toEqual([]);
    const [first, ...others] = [
      await statements(good.headers),
      await statements(revoked.headers),
      await statements({ authorization: `Bearer ${unknown}` }),
    ];
    expect(first).toHaveLength(1);
    for (const other of others) expect(other).toEqual(first);
  });

  test('the look-up is by the index of the hashes', async () => {
    const [{ indexdef }] = await gateway.dataSource.query(
      `select indexdef from pg_indexes where tablename = 'api_key' and indexdef like '%(hash)%'`,
    );
    expect(indexdef).toContain('UNIQUE');
  });
});

test('no key, and no hash of one, is in the log or in an answer', async () => {
  const lines: string[] = [];
  const logged = await openGateway({ samples: false, logTo: { write: (line) => void lines.push(line) } });
  const { key, uuid, headers } = await keyFor(logged.dataSource, { operator: true });
  const [{ hash }] = await logged.dataSource.query('select hash from api_key');
  const ask = (query: string, url = '/graphql') =>
    logged.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...modern, ...headers },
      payload: JSON.stringify({ query }),
    });
  const answers = [await ask(whoAmI), await ask('{'), await ask('{ nothing }'), await ask(whoAmI, `/graphql?access_token=${key}`)];
  await logged.dataSource.query('alter table edition rename to hidden');
  answers.push(await ask('{ editions { code } }'));
  await logged.dataSource.query('alter table hidden rename to edition');
  await logged.dataSource.query('alter table api_key rename to hidden');
  answers.push(await ask(whoAmI));
  await logged.dataSource.query('alter table hidden rename to api_key');
  await revokeKey(logged.dataSource.manager, uuid, testNow);
  answers.push(await ask(whoAmI));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 400, 400, 200, 200, 503, 401]);
  const said = lines.join('') + answers.map(({ body, headers: given }) => body + JSON.stringify(given)).join('');
  expect(said).toContain('request failed');
  for (const secret of [key, key.slice(-43), hash]) expect(said).not.toContain(secret);
  await logged.close();
});

describe('when a key was used', () => {
  const lastUsed = async (uuid: string): Promise<Date | null> =>
    (await gateway.dataSource.query('select last_used_at from api_key where uuid = $1', [uuid]))[0].last_used_at;
  const eventually = async (uuid: string, expected: Date): Promise<void> => {
    for (const until = Date.now() + 5_000; Date.now() < until && (await lastUsed(uuid))?.getTime() !== expected.getTime(); )
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await lastUsed(uuid)).toEqual(expected);
  };

  test('is written once a minute', async () => {
    const { uuid, headers } = await keyFor(gateway.dataSource, { operator: true });
    expect(await lastUsed(uuid)).toBeNull();
    await post(headers);
    await eventually(uuid, testNow);
    gateway.at(later(59_999));
    await post(headers);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await lastUsed(uuid)).toEqual(testNow);
    gateway.at(later(60_000));
    await Promise.all(Array.from({ length: 10 }, () => post(headers)));
    await eventually(uuid, later(60_000));
  });

  test('never holds up or spoils the answer', async () => {
    const { uuid, headers } = await keyFor(gateway.dataSource, { operator: true });
    const { manager } = gateway.dataSource;
    const query = manager.query.bind(manager);
    let failed = 0;
    jest.spyOn(manager, 'query').mockImplementation((async (...given: Parameters<typeof query>) => {
      if (!given[0].startsWith('update')) return query(...given);
      failed += 1;
      throw new Error('no space left');
    }) as typeof query);
    expect((await post(headers)).json().data.viewer.kind).toBe('OPERATOR');
    await new Promise((resolve) => setTimeout(resolve, 50));
    jest.restoreAllMocks();
    expect([failed, await lastUsed(uuid)]).toEqual([1, null]);
  });

  test('is not written for a key that was refused', async () => {
    const { uuid, headers } = await keyFor(gateway.dataSource, { operator: true, expiresAt: testNow });
    await post(headers);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await lastUsed(uuid)).toBeNull();
  });
});
