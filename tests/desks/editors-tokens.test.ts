import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, exportSPKI, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { type IssuerServer, issuerServer, type SigningKey, signed, signingKey } from '../support/token-issuer.js';

const issuer = 'https://login.meridian.example/';
const audience = 'dragoman';
const rolesClaim = 'dragoman_roles';
const now = Math.floor(testNow.getTime() / 1000);
const whoAmI = '{ viewer { kind name roles { edition { code } role } } }';

let key: SigningKey;
let server: IssuerServer;
let gateway: TestGateway;
let lines: string[];

// All over one database: what differs is whom they trust.
const open = (jwksUrl: string, patience = {}): Promise<TestGateway> =>
  openGateway({
    ...{ oidc: { issuer, audience, jwksUrl, rolesClaim }, patience, logTo: { write: (line) => void lines.push(line) } },
    ...(gateway && { over: gateway }),
  });
const claims = (more: JWTPayload = {}): JWTPayload => ({
  ...{ iss: issuer, aud: audience, sub: 'editor-1', name: 'Алсу Каримова', iat: now, exp: now + 600 },
  ...{ [rolesClaim]: { tt: 'EDITOR' } },
  ...more,
});
const without = (name: string): JWTPayload => Object.fromEntries(Object.entries(claims()).filter(([each]) => each !== name));
const send = (token: string, to = gateway) =>
  to.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
    },
    payload: JSON.stringify({ query: whoAmI }),
  });
const viewer = async (token: string, to = gateway) => (await send(token, to)).json().data?.viewer;
const codeOf = async (token: string, to = gateway) => {
  const response = await send(token, to);
  return [response.statusCode, response.json().errors?.[0].extensions.code];
};
const refused = [401, 'UNAUTHENTICATED'];
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

beforeAll(async () => {
  lines = [];
  key = await signingKey('one');
  server = await issuerServer(key);
  gateway = await open(server.url);
});
afterAll(async () => {
  await gateway.close();
  await server.close();
});

describe('an editor', () => {
  test('is known by the token, with the roles it claims', async () => {
    expect(await viewer(await signed(key, claims()))).toEqual({
      kind: 'DESK',
      name: 'Алсу Каримова',
      roles: [{ edition: { code: 'tt' }, role: 'EDITOR' }],
    });
  });

  test('may be an operator', async () => {
    expect(await viewer(await signed(key, claims({ [rolesClaim]: ['*:OPERATOR'] })))).toMatchObject({ kind: 'OPERATOR', roles: [] });
  });

  test('without a role is known by name and sees what the public sees', async () => {
    for (const token of [without(rolesClaim), claims({ [rolesClaim]: ['offline_access'] })])
      expect(await viewer(await signed(key, token))).toEqual({ kind: 'PUBLIC', name: 'Алсу Каримова', roles: [] });
  });

  test.each([
    ['name', { name: 'A', preferred_username: 'b' }, 'A'],
    ['user name', { name: undefined, preferred_username: 'b' }, 'b'],
    ['subject', { name: '', preferred_username: 7 }, 'editor-1'],
    ['name, without what cannot be shown', { name: 'A\u0000B\u202E\n' }, 'AB'],
  ])('is called by the %s', async (_, given, name) => {
    expect((await viewer(await signed(key, claims(given)))).name).toBe(name);
  });

  test('may come from any of several audiences', async () => {
    expect(await viewer(await signed(key, claims({ aud: ['mail', audience] })))).toMatchObject({ kind: 'DESK' });
  });

  test.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])('may be signed for by %s', async (alg) => {
    const other = await signingKey('other', alg);
    const issuing = await issuerServer(other);
    const opened = await open(issuing.url);
    expect(await viewer(await signed(other, claims()), opened)).toMatchObject({ kind: 'DESK' });
    await opened.close();
    await issuing.close();
  });
});

describe('refused is a token', () => {
  test.each<[string, JWTPayload]>([
    ['of another issuer', claims({ iss: 'https://login.evil.example/' })],
    ['of an issuer that differs in a slash', claims({ iss: issuer.slice(0, -1) })],
    ['of no issuer', without('iss')],
    ['for another audience', claims({ aud: 'mail' })],
    ['for an audience that begins alike', claims({ aud: 'dragoman-test' })],
    ['for other audiences', claims({ aud: ['mail', 'calendar'] })],
    ['for nobody', without('aud')],
    ['that has expired', claims({ exp: now - 11 })],
    ['that never expires', without('exp')],
    ['that expires in words', claims({ exp: 'never' as never })],
    ['of tomorrow', claims({ nbf: now + 11 })],
    ['of nobody', without('sub')],
    ['of a subject without a name', claims({ sub: '' })],
    ['of a subject that is none', claims({ sub: 7 as never })],
    ['of a subject with a line break', claims({ sub: 'editor\n1' })],
    ['of a subject that is endless', claims({ sub: 'x'.repeat(256) })],
  ])('%s', async (_, payload) => {
    expect(await codeOf(await signed(key, payload))).toEqual(refused);
  });

  test('past its time by the gateway’s clock, with ten seconds for clocks that differ', async () => {
    const token = await signed(key, claims({ nbf: now + 10, exp: now + 600 }));
    expect(await viewer(token)).toMatchObject({ kind: 'DESK' });
    gateway.at(new Date((now + 609) * 1000));
    expect(await viewer(token)).toMatchObject({ kind: 'DESK' });
    gateway.at(new Date((now + 610) * 1000));
    expect(await codeOf(token)).toEqual(refused);
    gateway.at(testNow);
  });

  test('signed by nobody (alg none), however it is spelt', async () => {
    expect(await codeOf(new UnsecuredJWT(claims()).encode())).toEqual(refused);
    const [, payload, signature] = (await signed(key, claims())).split('.');
    for (const alg of ['none', 'None', 'NONE', '', null, undefined, ['ES256']])
      for (const end of ['', signature]) expect(await codeOf(`${encoded({ alg, kid: 'one' })}.${payload}.${end}`)).toEqual(refused);
  });

  test('signed with the published key as a shared secret (RS256 taken for HS256)', async () => {
    const rsa = await signingKey('rsa', 'RS256');
    const issuing = await issuerServer(rsa);
    const opened = await open(issuing.url);
    const pem = await exportSPKI((await importJWK(rsa.published, 'RS256', { extractable: true })) as Parameters<typeof exportSPKI>[0]);
    for (const secret of [pem, pem.trim(), JSON.stringify(rsa.published), String(rsa.published.n)])
      for (const alg of ['HS256', 'RS256']) {
        const body = `${encoded({ alg, kid: 'rsa' })}.${encoded(claims())}`;
        expect(await codeOf(`${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`, opened)).toEqual(refused);
      }
    expect(await viewer(await signed(rsa, claims()), opened)).toMatchObject({ kind: 'DESK' });
    await opened.close();
    await issuing.close();
  });

  test('signed with a shared secret, even one that the issuer publishes', async () => {
    const secret = new Uint8Array(32).fill(1);
    const shared: SigningKey = {
      ...key,
      kid: 'shared',
      published: { kty: 'oct', k: Buffer.from(secret).toString('base64url'), kid: 'shared' },
    };
    const issuing = await issuerServer(shared);
    const opened = await open(issuing.url);
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'shared' }).sign(secret);
    expect(await codeOf(token, opened)).toEqual(refused);
    await opened.close();
    await issuing.close();
  });

  test('signed by another algorithm than the key is for', async () => {
    const rsa = await signingKey('rsa', 'RS256');
    const issuing = await issuerServer(rsa);
    const opened = await open(issuing.url);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const [alg, hash] of [
      ['RS512', 'RSA-SHA512'],
      ['RS1', 'RSA-SHA1'],
      ['RS256', 'RSA-SHA256'],
    ] as const) {
      const body = `${encoded({ alg, kid: 'rsa' })}.${encoded(claims())}`;
      expect(await codeOf(`${body}.${createSign(hash).update(body).sign(privateKey).toString('base64url')}`, opened)).toEqual(refused);
    }
    expect(await codeOf(await signed({ ...key, kid: 'rsa' }, claims()), opened)).toEqual(refused);
    await opened.close();
    await issuing.close();
  });

  test('signed rightly, but by an algorithm that is not on our list', async () => {
    const rsa = await signingKey('rsa', 'RS512');
    const { alg: _, ...published } = rsa.published;
    const issuing = await issuerServer({ ...rsa, published });
    const opened = await open(issuing.url);
    expect(await codeOf(await signed(rsa, claims()), opened)).toEqual(refused);
    await opened.close();
    await issuing.close();
  });

  test('with a key of its own: inside it, or at an address it names', async () => {
    const own = await signingKey('own');
    const theirs = await issuerServer(own);
    const asked = theirs.asked();
    for (const header of [
      { jwk: own.published },
      { jwk: own.published, kid: 'one' },
      { jku: theirs.url },
      { jku: theirs.url, kid: 'one' },
      { x5u: theirs.url },
    ])
      expect(await codeOf(await signed(own, claims(), header))).toEqual(refused);
    expect(theirs.asked()).toBe(asked);
    await theirs.close();
  });

  test('under the id of a known key, but signed by another', async () => {
    expect(await codeOf(await signed({ ...(await signingKey('one')), kid: 'one' }, claims()))).toEqual(refused);
  });

  test('under an unknown id, or one that is a path', async () => {
    const other = await signingKey('two');
    for (const kid of ['two', '../../etc/passwd', "one' or '1'='1", '', undefined])
      expect(await codeOf(await signed(other, claims(), { kid }))).toEqual(refused);
  });

  test('that demands what we do not know (crit)', async () => {
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'ES256', kid: 'one', crit: ['exp-at'], 'exp-at': 1 })
      .sign(key.privateKey, { crit: { 'exp-at': true } });
    expect(await codeOf(token)).toEqual(refused);
  });

  test('that was changed by one letter, anywhere', async () => {
    const token = await signed(key, claims());
    for (let at = 0; at < token.length; at += 13) {
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      expect([at, await codeOf(changed)]).toEqual([at, refused]);
    }
  });

  test('that is none at all', async () => {
    const good = await signed(key, claims());
    for (const token of [
      'x',
      '.',
      '..',
      '...',
      'a.b.c',
      `${good}.`,
      `.${good}`,
      good.slice(0, -30),
      `${good}=`,
      `${encoded(null)}.${encoded(1)}.x`,
      'x'.repeat(8_000),
    ])
      expect([token, await codeOf(token)]).toEqual([token, refused]);
  });

  test('where no issuer is configured', async () => {
    const plain = await openGateway({ over: gateway });
    expect(await codeOf(await signed(key, claims()), plain)).toEqual(refused);
    await plain.close();
  });
});

describe('the issuer changes its keys', () => {
  test('a new one is known at once, an old one until it is withdrawn, without a restart', async () => {
    const [old, fresh] = [await signingKey('old'), await signingKey('fresh')];
    const issuing = await issuerServer(old);
    const opened = await open(issuing.url, { cooldownMs: 0, maxAgeMs: 200 });
    expect(await viewer(await signed(old, claims()), opened)).toMatchObject({ kind: 'DESK' });
    issuing.publish([old.published, fresh.published]);
    expect(await viewer(await signed(fresh, claims()), opened)).toMatchObject({ kind: 'DESK' });
    expect(await viewer(await signed(old, claims()), opened)).toMatchObject({ kind: 'DESK' });
    issuing.publish([fresh.published]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await codeOf(await signed(old, claims()), opened)).toEqual(refused);
    expect(await viewer(await signed(fresh, claims()), opened)).toMatchObject({ kind: 'DESK' });
    await opened.close();
    await issuing.close();
  });

  test('a flood of unknown keys asks it once', async () => {
    const issuing = await issuerServer(key);
    const opened = await open(issuing.url);
    expect(await viewer(await signed(key, claims()), opened)).toMatchObject({ kind: 'DESK' });
    const strange = await signingKey('strange');
    const tokens = await Promise.all(Array.from({ length: 30 }, (_, index) => signed(strange, claims(), { kid: `strange-${index}` })));
    expect(await Promise.all(tokens.map((token) => codeOf(token, opened)))).toEqual(Array(30).fill(refused));
    expect(issuing.asked()).toBe(1);
    await opened.close();
    await issuing.close();
  });

  test.each<[string, (issuing: IssuerServer) => void | Promise<void>]>([
    ['is away', (issuing) => issuing.close()],
    ['fails', (issuing) => issuing.answer(500, '{"keys":[]}')],
    ['sends elsewhere', (issuing) => issuing.answer(302, '{"keys":[]}')],
    ['answers nonsense', (issuing) => issuing.answer(200, '<html>')],
    ['answers with no keys', (issuing) => issuing.answer(200, '{"keys":7}')],
  ])('while it %s a token is not called wrong, and it is left alone', async (_, breakIt) => {
    const issuing = await issuerServer(key);
    await breakIt(issuing);
    const opened = await open(issuing.url);
    lines.length = 0;
    const token = await signed(key, claims());
    const responses = await Promise.all(Array.from({ length: 5 }, () => send(token, opened)));
    for (let index = 0; index < 5; index++) responses.push(await send(token, opened));
    for (const response of responses)
      expect([response.statusCode, response.json().errors[0].extensions.code, response.headers['retry-after']]).toEqual([
        503,
        'SERVICE_UNAVAILABLE',
        '5',
      ]);
    expect(issuing.asked()).toBeLessThanOrEqual(1);
    expect(lines.join('')).toContain('a token cannot be checked');
    expect(responses.map(({ body }) => body).join('')).not.toContain('127.0.0.1');
    expect((await opened.ask('{ viewer { kind } }')).data).toEqual({ viewer: { kind: 'PUBLIC' } });
    await opened.close();
    await issuing.close().catch(() => {});
  });

  test('it is asked again once it is back', async () => {
    const issuing = await issuerServer(key);
    issuing.answer(500, '');
    const opened = await open(issuing.url);
    const token = await signed(key, claims());
    expect(await codeOf(token, opened)).toEqual([503, 'SERVICE_UNAVAILABLE']);
    issuing.publish([key.published]);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect(await viewer(token, opened)).toMatchObject({ kind: 'DESK' });
    await opened.close();
    await issuing.close();
  });
});

test('no token, and nothing of one, is in the log or in an answer', async () => {
  lines.length = 0;
  const tokens = [
    await signed(key, claims()),
    await signed(key, claims({ exp: now - 100 })),
    await signed(await signingKey('x'), claims()),
  ];
  const answers = await Promise.all(tokens.map((token) => send(token)));
  const said = lines.join('') + answers.map(({ body, headers }) => body + JSON.stringify(headers)).join('');
  expect(lines.length).toBeGreaterThan(3);
  for (const token of tokens) for (const part of token.split('.')) expect(said).not.toContain(part.slice(0, 24));
  expect(said).not.toContain(JSON.stringify((await exportJWK(key.privateKey)).d));
});
