import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { listKeys } from '../../src/desks/api-key.queries.js';
import { keySecretOf } from '../../src/desks/key-secret.js';
import type { CommandIo } from '../../src/tools/command-io.js';
import { runCommand } from '../../src/tools/commands.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { build, type Running, run, serve, temporaryFolder } from '../support/program.js';

const uuidIn = (text: string): string => /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/u.exec(text)?.[0] ?? '';
const keyIn = /^dgm_(live|test)_[0-9A-Za-z]{43}\n$/u;

/** What a gateway says to who shows a key. */
async function viewer(url: string, key: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key.trim()}` },
    body: JSON.stringify({ query: '{ viewer { kind name roles { edition { code } role } } }' }),
  });
  const { data, errors } = (await response.json()) as { data?: { viewer: unknown }; errors?: { extensions: { code: string } }[] };
  return data?.viewer ?? errors?.[0]?.extensions.code;
}

describe('a secret of the data folder', () => {
  test('is made once, for its owner alone, and a given one is taken instead', async () => {
    const folder = await temporaryFolder();
    const made = await keySecretOf({ keySecret: undefined, dataDir: folder.path });
    expect(made.length).toBeGreaterThanOrEqual(32);
    expect((await stat(join(folder.path, 'key.secret'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder.path)).toEqual(['key.secret']);
    expect(Buffer.from(await keySecretOf({ keySecret: undefined, dataDir: folder.path }))).toEqual(Buffer.from(made));
    expect(Buffer.from(await keySecretOf({ keySecret: 'x'.repeat(32), dataDir: folder.path })).toString()).toBe('x'.repeat(32));
    await writeFile(join(folder.path, 'key.secret'), '');
    await expect(keySecretOf({ keySecret: undefined, dataDir: folder.path })).rejects.toThrow('is no secret');
    await folder.remove();
  });
});

describe('keys of the embedded database', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: Record<string, string>;
  let server: Running;
  let operatorKey: string;
  const operatorFile = (): string => join(env['DATA_DIR']!, 'operator.key');

  beforeAll(async () => {
    build();
    folder = await temporaryFolder();
    env = { DATA_DIR: join(folder.path, 'data'), SEED: 'editions' };
    server = await serve(env);
    operatorKey = await readFile(operatorFile(), 'utf8');
  }, 300_000);
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  test('the first start makes the operator’s, and prints where it is and nothing of it', async () => {
    expect(operatorKey).toMatch(keyIn);
    expect((await stat(operatorFile())).mode & 0o777).toBe(0o600);
    expect(server.banner()).toContain(operatorFile());
    expect(server.banner()).not.toContain(operatorKey.trim().slice(-8));
    expect(await viewer(server.url, operatorKey)).toEqual({ kind: 'OPERATOR', name: 'operator', roles: [] });
  });

  test('create shows a key once, on standard output and nowhere else', async () => {
    const made = await run(
      ['keys', 'create', '--name', ' Татар редакциясе ', '--role', 'tt=EDITOR', '--role', 'ru=CHIEF', '--expires', '90d'],
      env,
    );
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(keyIn);
    expect(made.stderr).toMatch(
      /^Made the key [0-9a-f-]{36} for Татар редакциясе: ru=CHIEF tt=EDITOR, expires 20\S+\. It is shown this once/u,
    );
    expect(await viewer(server.url, made.stdout)).toEqual({
      kind: 'DESK',
      name: 'Татар редакциясе',
      roles: [
        { edition: { code: 'ru' }, role: 'CHIEF' },
        { edition: { code: 'tt' }, role: 'EDITOR' },
      ],
    });
    const { stdout } = await run(['keys', 'list'], env);
    const line = stdout.split('\n').find((each) => each.includes(uuidIn(made.stderr)));
    expect(line).toContain(`dgm_live_…${made.stdout.trim().slice(-4)}`);
    expect(line).toMatch(/last used 20/u);
    for (const each of [made.stdout.trim(), operatorKey.trim()])
      expect(stdout + made.stderr + server.banner()).not.toContain(each.slice(9, -4));
  });

  test('create makes a key of a partner that there is, and list says whose it is', async () => {
    const saved = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorKey.trim()}` },
      body: JSON.stringify({
        query: 'mutation { savePartner(input: { code: "harbour-post", name: "The Harbour Post", expectedVersion: 0 }) { __typename } }',
      }),
    });
    expect(await saved.json()).toEqual({ data: { savePartner: { __typename: 'SavedPartner' } } });
    const forTests = await run(['keys', 'create', '--name', 'Ines', '--partner', 'harbour-post', '--test'], env);
    expect(forTests.stderr).toContain('In the feeds it opens the sandbox: made-up stories, and nothing else.');
    const feed = await fetch(`${server.url}/feeds/tt.json`, { headers: { authorization: `Bearer ${forTests.stdout.trim()}` } });
    expect([feed.status, feed.headers.get('dragoman-sandbox')]).toEqual([200, 'true']);
    const made = await run(['keys', 'create', '--name', 'Ines', '--partner', 'harbour-post'], env);
    expect(made.stderr).toMatch(/^Made the key [0-9a-f-]{36} for Ines: partner harbour-post, never expires\./u);
    expect(await viewer(server.url, made.stdout)).toEqual({ kind: 'PARTNER', name: 'Ines', roles: [] });
    const { stdout } = await run(['keys', 'list'], env);
    expect(stdout.split('\n').find((each) => each.includes(uuidIn(made.stderr)))).toContain('Ines  partner harbour-post, never expires');
  });

  test('revoke ends it at once, and says so again when asked again', async () => {
    const made = await run(['keys', 'create', '--name', 'Night shift', '--operator'], env);
    expect(await viewer(server.url, made.stdout)).toMatchObject({ kind: 'OPERATOR' });
    const uuid = uuidIn(made.stderr);
    const revoked = await run(['keys', 'revoke', uuid], env);
    expect(revoked.stdout).toMatch(new RegExp(`^The key ${uuid} of Night shift is revoked since `, 'u'));
    expect(await viewer(server.url, made.stdout)).toBe('UNAUTHENTICATED');
    expect((await run(['keys', 'revoke', uuid], env)).stdout).toBe(revoked.stdout);
    expect((await run(['keys', 'list'], env)).stdout).toContain('revoked 20');
    expect(await run(['keys', 'revoke', '00000000-0000-4000-8000-000000000000'], env)).toMatchObject({
      code: 1,
      stderr: 'There is no key 00000000-0000-4000-8000-000000000000.\n',
    });
  });

  test('making and revoking are in the audit, once each, without the keys', async () => {
    const made = await run(['keys', 'create', '--name', 'Day shift', '--role', 'tt=CHIEF'], env);
    const uuid = uuidIn(made.stderr);
    for (const _ of [1, 2]) await run(['keys', 'revoke', uuid], env);
    const { stdout } = await run(['audit', '--caller', 'cli'], env);
    const lines = stdout.split('\n').filter((line) => line.includes(uuid));
    expect(lines.map((line) => line.split('  ').slice(1, 6))).toEqual([
      ['KEY_REVOKED', '-', '-', 'cli', '-'],
      ['KEY_CREATED', '-', '-', 'cli', '-'],
    ]);
    expect(JSON.parse(lines[1]!.split('  ')[6]!)).toEqual({
      ...{ uuid, name: 'Day shift', ending: made.stdout.trim().slice(-4), operator: false, roles: { tt: 'CHIEF' }, test: false },
      expiresAt: null,
    });
    const starts = (await run(['audit', '--caller', 'start'], env)).stdout;
    expect(starts).toMatch(/ {2}KEY_CREATED {2}.*"operator":true.*\n.* {2}SEEDED {2}.*"what":"editions"/u);
    for (const key of [made.stdout, operatorKey]) expect(stdout + starts).not.toContain(key.trim().slice(9, -4));
    expect(await run(['audit', '--article', 'nonsense'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Give the URN of a story.'),
    });
    expect((await run(['audit', '--first', '1'], env)).stdout.trim().split('\n')).toHaveLength(1);
  });

  test('an import is one entry with its counts, one that failed says so, and a dry run is none', async () => {
    const file = join(folder.path, 'stories.jsonl');
    const english = { locale: 'en', source: true, headline: 'A Sea', blocks: [{ type: 'paragraph', text: 'A sea.' }] };
    await writeFile(
      file,
      `${JSON.stringify({ id: 'sea', origin: 'The Aral Herald', sourceLocale: 'en', editions: [english] })}\nnonsense\n`,
    );
    const entries = async (): Promise<unknown[]> =>
      (await run(['audit', '--action', 'IMPORTED'], env)).stdout
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line.split('  ')[6]!)]));
    expect((await run(['import', file, '--dry-run'], env)).stdout).toMatch(/^Would import 1 stories/u);
    expect(await entries()).toEqual([]);
    await run(['import', file], env);
    await run(['import', join(folder.path, 'nothing.jsonl')], env);
    expect(await entries()).toEqual([
      { file: join(folder.path, 'nothing.jsonl'), failed: expect.stringContaining('There is no file') },
      { file, stories: 1, translations: 1, unchanged: 0, refused: 1 },
    ]);
  });

  test('a key for development says that it opens nothing here', async () => {
    const made = await run(['keys', 'create', '--name', 'Tests', '--role', 'en=TRANSLATOR', '--test'], env);
    expect(made.stdout).toMatch(/^dgm_test_/u);
    expect(made.stderr).toContain('this one refuses it');
    expect(await viewer(server.url, made.stdout)).toBe('UNAUTHENTICATED');
  });

  test('a second start keeps the secret and makes no other key; once none works, the next one does', async () => {
    await server.stop();
    server = await serve(env);
    expect(server.banner()).not.toContain('operator.key');
    expect(await readFile(operatorFile(), 'utf8')).toBe(operatorKey);
    expect(await viewer(server.url, operatorKey)).toMatchObject({ kind: 'OPERATOR' });
    const { stdout } = await run(['keys', 'list'], env);
    for (const line of stdout.split('\n').filter((each) => each.includes('operator'))) await run(['keys', 'revoke', uuidIn(line)], env);
    await server.stop();
    server = await serve(env);
    const another = await readFile(operatorFile(), 'utf8');
    expect(another).toMatch(keyIn);
    expect(another).not.toBe(operatorKey);
    expect(await viewer(server.url, operatorKey)).toBe('UNAUTHENTICATED');
    expect(await viewer(server.url, another)).toMatchObject({ kind: 'OPERATOR' });
  }, 300_000);

  test('another secret makes every key worthless', async () => {
    await server.stop();
    const kept = await readFile(join(env['DATA_DIR']!, 'key.secret'), 'utf8');
    server = await serve({ ...env, KEY_SECRET: randomBytes(32).toString('base64') });
    expect(await viewer(server.url, await readFile(operatorFile(), 'utf8'))).toBe('UNAUTHENTICATED');
    await server.stop();
    server = await serve({ ...env, KEY_SECRET: kept });
    expect(await viewer(server.url, await readFile(operatorFile(), 'utf8'))).toMatchObject({ kind: 'OPERATOR' });
    await rm(operatorFile());
  }, 300_000);
});

describe('a slip', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase({ samples: true });
    await database.dataSource.query(`insert into partner values ('closed-post', 'The Closed Post', '[]', 0, false)`);
  }, 60_000);
  afterAll(() => database.close());

  test.each([
    [[], "required option '--name <name>'"],
    [['--name', 'A'], 'Give one of --operator, --partner and --role'],
    [['--name', 'A', '--operator', '--role', 'tt=EDITOR'], 'Give one of --operator, --partner and --role'],
    [['--name', 'A', '--partner', 'harbour-post', '--role', 'tt=EDITOR'], 'Give one of --operator, --partner and --role'],
    [['--name', 'A', '--partner', 'harbour-post', '--operator'], 'Give one of --operator, --partner and --role'],
    [['--name', 'A', '--partner', 'harbour-post'], 'No partner has the code harbour-post.'],
    [['--name', 'A', '--partner', 'closed-post'], 'The partner closed-post is not active: its keys open nothing.'],
    [['--name', 'A', '--role', 'tt=editor'], 'such as tt=EDITOR'],
    [['--name', 'A', '--role', 'tt'], 'such as tt=EDITOR'],
    [['--name', 'A', '--role', 'tt=EDITOR', '--role', 'tt=CHIEF'], 'Give one role in tt.'],
    [['--name', 'A', '--role', 'xx=EDITOR'], 'No edition has the code xx.'],
    [['--name', '', '--operator'], 'Give a name of at most 100 characters.'],
    [['--name', 'A\u001b[31m', '--operator'], 'Give a name of at most 100 characters.'],
    [['--name', 'A', '--operator', '--expires', 'soon'], 'Give a duration'],
  ])('makes no key: %j', async (args, reason) => {
    const said = { stdout: '', stderr: '' };
    const io: CommandIo = {
      stdout: (text) => (said.stdout += text),
      stderr: (text) => (said.stderr += text),
      ...{ cwd: '/', columns: 80, isTTY: false, signal: new AbortController().signal },
    };
    const config = readConfig({ KEY_SECRET: 'x'.repeat(32) });
    expect(
      await runCommand(['keys', 'create', ...args], {
        config,
        io,
        open: async () => ({ ...database, listen: async () => async () => {} }),
      }),
    ).toBe(1);
    expect(said).toEqual({ stdout: '', stderr: expect.stringContaining(reason) });
    expect(await listKeys(database.dataSource.manager)).toEqual([]);
  });
});
