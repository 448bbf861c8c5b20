import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig, variables } from '../../src/config.js';
import { inPackage } from '../../src/lib/root.js';
import { build, run, temporaryFolder } from '../support/program.js';

describe('the environment', () => {
  test('all problems are reported at once', () => {
    expect(() => readConfig({ PORT: 'http', SEED: 'all', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud', PUBLIC_URL: 'gateway' })).toThrow(
      /^The configuration cannot be used:\n {2}PORT: .*\n {2}PUBLIC_URL: .*\n {2}DATABASE_URL: .*\n {2}SEED: .*\n {2}LOG_LEVEL: .*\n {2}KEY_SECRET: .*$/u,
    );
  });

  test.each([
    ['PORT', '4000x', 'expected a whole number from 0 to 65535'],
    ['RATE_LIMIT_PUBLIC', '-1', 'expected a whole number from 0 to 1000000'],
    ['RATE_LIMIT_KEY', '20/s', 'expected a whole number from 0 to 1000000'],
    ['MIGRATE_ON_START', 'yes', 'expected true or false'],
    ['SEED', 'all', 'expected none, editions, samples'],
    ['TRUST_PROXY', 'my-proxy', 'expected true, false, a number of hops from 1 to 10, or addresses of proxies'],
    ['CORS_ORIGINS', 'desk.example', 'expected origins such as https://desk.example, comma-separated'],
    ['PUBLIC_URL', 'ftp://desk.example', 'expected an http or https address'],
    ...[
      'https://desk.example/gw',
      'https://desk.example/?a',
      'https://desk.example/#a',
      'https://desk.example//',
      'https://a:b@desk.example',
    ].map(
      (value) => ['PUBLIC_URL', value, 'expected an origin such as https://news.example: no path, query, fragment or password'] as const,
    ),
    ['CORS_ORIGINS', 'https://desk.example/gw', 'expected origins such as https://desk.example, comma-separated'],
  ])('%s=%s is told what was expected', (name, value, expected) => {
    expect(() => readConfig({ [name]: value })).toThrow(`  ${name}: ${expected}`);
  });

  test('a PostgreSQL server asks for the secret of keys, and that is told with everything else', () => {
    expect(() => readConfig({ DATABASE_URL: 'postgres://db/news', PORT: 'x', OIDC_ISSUER: 'https://login.example' })).toThrow(
      /:\n {2}PORT: .*\n {2}KEY_SECRET: expected with DATABASE_URL: .*\n {2}OIDC_AUDIENCE: .*\n {2}OIDC_JWKS_URL: .*$/u,
    );
    expect(() => readConfig({ KEY_SECRET: 'ш'.repeat(15) })).toThrow('  KEY_SECRET: expected at least 32 bytes of chance');
    expect(readConfig({ KEY_SECRET: 'ш'.repeat(16), DATABASE_URL: 'postgres://db/news' }).keySecret).toBe('ш'.repeat(16));
    expect(readConfig({}).keySecret).toBeUndefined();
  });

  describe('the issuer of editors’ tokens', () => {
    const oidc = { OIDC_ISSUER: 'https://login.example/', OIDC_AUDIENCE: 'dragoman', OIDC_JWKS_URL: 'https://login.example/keys' };

    test('is taken whole, letter by letter, or not at all', () => {
      expect(readConfig({}).oidc).toBeUndefined();
      expect(readConfig(oidc).oidc).toEqual({
        issuer: 'https://login.example/',
        audience: 'dragoman',
        jwksUrl: 'https://login.example/keys',
        rolesClaim: 'dragoman_roles',
      });
      expect(readConfig({ ...oidc, OIDC_ROLES_CLAIM: 'https://desk.example/roles' }).oidc?.rolesClaim).toBe('https://desk.example/roles');
      for (const name of Object.keys(oidc))
        expect(() => readConfig({ ...oidc, [name]: '' })).toThrow(`  ${name}: expected with the other OIDC variables`);
      expect(() => readConfig({ OIDC_ROLES_CLAIM: 'roles' })).toThrow('  OIDC_ROLES_CLAIM: expected with OIDC_ISSUER');
    });

    test.each([
      ['http://127.0.0.1:8080/keys', true, true],
      ['http://localhost/keys', true, true],
      ['http://[::1]/keys', true, true],
      ['http://login.example/keys', false, true],
      ['http://127.0.0.1.evil.example/keys', false, true],
      ['http://localhost.evil.example/keys', false, true],
      ['http://10.0.0.1/keys', false, true],
      ['file:///etc/keys', false, false],
    ])('publishes its keys where nobody between can change them: %s', (url, inProduction, inDevelopment) => {
      const accepted = (env: NodeJS.ProcessEnv): boolean => {
        try {
          return readConfig(env).oidc !== undefined;
        } catch {
          return false;
        }
      };
      expect(accepted({ ...oidc, OIDC_JWKS_URL: url })).toBe(inProduction);
      expect(accepted({ ...oidc, OIDC_JWKS_URL: url, NODE_ENV: 'development' })).toBe(inDevelopment);
    });
  });

  test.each([
    ['https://cdn.example/purge', undefined, undefined],
    ['http://127.0.0.1:6081/', undefined, undefined],
    ['http://cdn.example/purge', undefined, '  CDN_PURGE_URL: expected https, but on this machine and in development'],
    ['https://desk:secret@cdn.example/purge', undefined, '  CDN_PURGE_URL: expected no password in it'],
    ['ftp://cdn.example/', undefined, '  CDN_PURGE_URL: expected an http or https address'],
    ['https://cdn.example/purge', 'two words', '  CDN_PURGE_TOKEN: expected letters, digits and signs of ASCII'],
    [undefined, 'token', '  CDN_PURGE_TOKEN: expected with CDN_PURGE_URL only'],
  ])('a cache that is told what to forget: %s with %s', (url, token, problem) => {
    const env = { CDN_PURGE_URL: url, CDN_PURGE_TOKEN: token };
    if (problem === undefined) expect(readConfig(env).purge).toEqual({ url, token });
    else expect(() => readConfig(env)).toThrow(problem);
    expect(readConfig({}).purge).toBeUndefined();
    expect(readConfig({ CDN_PURGE_URL: 'http://cdn.example/', CDN_PURGE_TOKEN: 't', NODE_ENV: 'development' }).purge?.token).toBe('t');
  });

  test.each([
    ['true', true],
    ['2', 2],
    ['loopback, 10.0.0.0/8, 2001:db8::1', ['loopback', '10.0.0.0/8', '2001:db8::1']],
  ])('TRUST_PROXY=%s', (value, expected) => {
    expect(readConfig({ TRUST_PROXY: value }).trustProxy).toEqual(expected);
  });

  test.each(['https://desk.example', 'https://desk.example/', 'HTTPS://Desk.example:443'])('PUBLIC_URL=%s is an origin', (value) => {
    expect(readConfig({ PUBLIC_URL: value }).publicUrl).toBe('https://desk.example');
  });

  test('samples are for the embedded database only, unless asked for', () => {
    expect(readConfig({}).seed).toBe('samples');
    const server = { DATABASE_URL: 'postgres://db/news', KEY_SECRET: 'x'.repeat(32) };
    expect(readConfig(server).seed).toBe('none');
    expect(readConfig({ ...server, SEED: 'samples' }).seed).toBe('samples');
  });

  test('no browser origin is let in by default, localhost in development', () => {
    expect(readConfig({}).corsOrigins).toEqual([]);
    expect(readConfig({ NODE_ENV: 'development' }).corsOrigins).toHaveLength(1);
    expect(readConfig({ CORS_ORIGINS: 'https://a.example, https://b.example/' }).corsOrigins).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
  });

  test('inward addresses of others are called in development alone, and when that is said', () => {
    expect(readConfig({}).allowInwardCalls).toBe(false);
    expect(readConfig({ NODE_ENV: 'development' }).allowInwardCalls).toBe(false);
    expect(readConfig({ NODE_ENV: 'development', ALLOW_INWARD_CALLS: 'true' }).allowInwardCalls).toBe(true);
    expect(() => readConfig({ ALLOW_INWARD_CALLS: 'true' })).toThrow('ALLOW_INWARD_CALLS: expected in development only');
  });

  test('an empty variable is one that is not set', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: undefined, port: 4000 });
  });

  test('the table in the README names every variable', () => {
    const readme = readFileSync(inPackage('README.md'), 'utf8');
    const table = readme.slice(readme.indexOf('## Operating it'), readme.indexOf('**Commands.**'));
    expect(variables.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('a start that cannot succeed says why in one sentence', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    build();
    folder = await temporaryFolder();
  }, 300_000);
  afterAll(() => folder.remove());

  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await run(['serve'], { DATA_DIR: join(folder.path, 'data'), PORT: String(port), SEED: 'none' });
    other.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: `Port ${port} on 127.0.0.1 is in use: stop the other program or set PORT.\n` });
  }, 300_000);

  test('a database that cannot be reached, without its password', async () => {
    const { code, stderr } = await run(['serve'], { DATABASE_URL: 'postgres://desk:secret@127.0.0.1:1/news', PORT: '0' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The database at postgres:\/\/desk@127\.0\.0\.1:1\/news cannot be reached: .*\n$/u);
    expect(stderr).not.toContain('secret');
  });

  test('a configuration that is half written', async () => {
    const { code, stderr } = await run(['serve'], { PORT: '99999', TRUST_PROXY: '', SEED: 'every' });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(3);
  });

  test('a host that is not of this machine', async () => {
    const { code, stderr } = await run(['serve'], { DATA_DIR: join(folder.path, 'data'), PORT: '0', HOST: '192.0.2.1', SEED: 'none' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'HOST 192.0.2.1 is no address of this machine.\n' });
  }, 300_000);

  test('a data folder that cannot be made', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const { code, stderr } = await run(['serve'], { DATA_DIR: join(file, 'data'), PORT: '0' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The data folder \S+ cannot be used: .*\n$/u);
  });

  test('an unknown command, a mistyped option and help open no database', async () => {
    const env = { DATA_DIR: join(folder.path, 'none') };
    expect((await run(['fly'], env)).code).toBe(1);
    expect((await run(['import', 'x.jsonl', '--keep', '2'], env)).stderr).toContain('Give a number from 0 to 1.');
    const help = await run(['--help'], env);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('import');
    expect(existsSync(env.DATA_DIR)).toBe(false);
  }, 300_000);
});
