import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, build, type Running, run, serve, temporaryFolder } from '../support/program.js';

/** A story in the import's format, with a Tatar and a Turkish text: no edition has the latter. */
const story = (id: number): string =>
  JSON.stringify({
    id: `imported-${id}`,
    origin: 'desk',
    sourceLocale: 'en',
    editions: [
      {
        locale: 'en',
        source: true,
        headline: `Bridge ${id} opens`,
        dek: 'A short notice.',
        blocks: [{ type: 'paragraph', text: `Bridge ${id} is open to traffic.` }],
      },
      {
        locale: 'tt',
        source: false,
        headline: `${id} күпер ачылды`,
        dek: 'Кыска хәбәр.',
        blocks: [{ type: 'paragraph', text: `${id} күпер ачык.` }],
      },
      { locale: 'tr', source: false, headline: `Köprü ${id}`, dek: '', blocks: [{ type: 'paragraph', text: `Köprü ${id} açık.` }] },
    ],
  });

const total = async (url: string): Promise<number> => (await ask(url, '{ articles(first: 1) { totalCount } }')).data.articles.totalCount;

interface Answered {
  status: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
  body: { data: any; errors?: unknown };
}

/** Sends the head of a request and waits until the server has taken it, which it says with 100 Continue; gives the way to send the rest. */
async function takenBy(url: string, query: string): Promise<() => Promise<Answered>> {
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  return async () => {
    sent.end(JSON.stringify({ query }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode, body: JSON.parse(await text(response)) };
  };
}

describe('one command, a folder, and again', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: Record<string, string>;
  let server: Running;
  let samples: number;

  beforeAll(async () => {
    build();
    folder = await temporaryFolder();
    env = { DATA_DIR: join(folder.path, 'data') };
    server = await serve(env);
    samples = await total(server.url);
  }, 300_000);
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  test('it is ready, with sample stories', async () => {
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(samples).toBeGreaterThan(10);
  });

  test('a second process on the same folder is refused in one sentence', async () => {
    const second = await run(['serve'], { PORT: '0', ...env });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^The data folder .* is in use by another process\. .*\n$/u);
  });

  test('the import works through the running server, which answers meanwhile', async () => {
    const file = join(folder.path, 'stories.jsonl');
    await writeFile(file, Array.from({ length: 200 }, (_, index) => story(index)).join('\n'));
    let answered = 0;
    let done = false;
    const importing = run(['import', file], env).finally(() => (done = true));
    while (!done) {
      expect(await total(server.url)).toBeGreaterThanOrEqual(samples);
      answered += 1;
    }
    const { code, stdout, stderr } = await importing;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Imported 200 stories with 400 translations; 0 translations were there already; 200 refused.\n',
    });
    expect(stderr).toContain('line 1: tr: no edition has this language');
    expect(answered).toBeGreaterThan(1);
    expect(await total(server.url)).toBe(samples + 200);
    expect((await run(['import', file], env)).stdout).toBe(
      'Imported 0 stories with 0 translations; 400 translations were there already; 200 refused.\n',
    );
  }, 300_000);

  test('an import of which nothing could be used has failed', async () => {
    const file = join(folder.path, 'broken.jsonl');
    await writeFile(file, '{"id":\n');
    expect(await run(['import', file], env)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/line 1: not JSON[\s\S]*Nothing in the file could be imported\.\n$/u),
    });
  }, 300_000);

  test('backup and restore while it serves', async () => {
    const file = join(folder.path, 'backup.gz');
    expect((await run(['backup', file], env)).code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await writeFile(join(folder.path, 'more.jsonl'), story(1000));
    await run(['import', join(folder.path, 'more.jsonl')], env);
    expect(await total(server.url)).toBe(samples + 201);
    expect(await run(['restore', file], env)).toMatchObject({ code: 0, stderr: '' });
    expect(await total(server.url)).toBe(samples + 200);
    const bad = await run(['restore', join(folder.path, 'more.jsonl')], env);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('not a backup');
    expect(await total(server.url)).toBe(samples + 200);
  }, 300_000);

  test('SIGTERM ends it cleanly, and the second start seeds nothing and loses nothing', async () => {
    expect((await server.stop()).code).toBe(0);
    server = await serve(env);
    expect(await total(server.url)).toBe(samples + 200);
  }, 300_000);

  test('a stop under load answers every request it took', async () => {
    // Work for longer than the half second in which a stopping server still takes new connections.
    const page = (name: string): string => `${name}: articles(first: 100) { edges { served { translation { body { html } } } } }`;
    const query = `{ ${['a', 'b', 'c'].map(page).join(' ')} }`;
    const taken = await Promise.all(Array.from({ length: 30 }, () => takenBy(server.url, query)));
    const stopped = server.stop();
    const answers = await Promise.all(taken.map((answer) => answer()));
    expect(answers).toHaveLength(30);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body.errors).toBeUndefined();
      expect(body.data.c.edges).toHaveLength(100);
    }
    expect((await stopped).code).toBe(0);
    server = await serve(env);
  }, 300_000);
});
