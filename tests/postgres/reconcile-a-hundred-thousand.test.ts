import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { build, type Running, run, serve } from '../support/program.js';
import { emptyDatabase } from '../support/server-database.js';

const texts = 101_000;
const heap = 192;
const [revised, ended, unheard] = [2_000, 1_000, 1_000];

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let server: Running;
let key: string;
beforeAll(async () => {
  build();
  database = await emptyDatabase();
  const env = { DATABASE_URL: database.url, SEED: 'editions' };
  // So much is all that it may hold: what it let go of is collected sooner, and what it did not ends it.
  server = await serve({ ...env, NODE_OPTIONS: `--max-old-space-size=${heap}` });
  await fill(database.url);
  key = (await run(['keys', 'create', '--name', 'Heavy', '--partner', 'heavy'], env)).stdout.trim();
}, 180_000);
afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** A partner with all of the Tatar edition: one text a minute, of which some have a second revision, and others have come to their end. */
async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const statements = [
    `insert into partner (code, name, contacts, delay_seconds, active) values ('heavy', 'Heavy', '[]', 0, true)`,
    `insert into entitlement (uuid, partner_code, editions, topics, kinds, excluded_agencies, territories, level, images, machine, early, valid_from)
     values (gen_random_uuid(), 'heavy', '{tt}', '{}', '{}', '{}', '{}', 'FULL', true, false, false, '2026-01-01')`,
    `create temp table made as select n, md5('heavy ' || n)::uuid as uuid, timestamptz '2026-01-01Z' + n * interval '1 minute' as at,
       n <= ${revised} as is_revised, n > ${revised} and n <= ${revised + ended} as has_ended from generate_series(1, ${texts}) n`,
    `insert into article (uuid, domain, issued_on, home_edition_code, kind, urgency, published_at)
     select uuid, 'meridian.example', to_char(at at time zone 'UTC', 'YYYYMMDD'), 'tt', 'NEWS', 5, at from made`,
    `insert into translation (article_uuid, edition_code, is_original, revision, slug, published_at, updated_at, expires_at, search, fold)
     select uuid, 'tt', true, case when is_revised then 2 else 1 end, 'heavy-' || n, at, at, case when has_ended then timestamptz '2026-06-01Z' end, '', '' from made`,
    `insert into revision (article_uuid, edition_code, number, significance, origin, headline, body, word_count, published_at, content_hash)
     select uuid, 'tt', number, 'UPDATE', 'HUMAN', 'H', '[]', 1, at, md5('')
     from made cross join generate_series(1, 2) number where number = 1 or is_revised`,
    `insert into event (seq, uuid, kind, article_uuid, edition_code, revision, at, data)
     select 1000000 + n, gen_random_uuid(), 'PUBLISHED', uuid, 'tt', 1, at, '{}' from made where has_ended`,
    'analyze',
  ];
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** The id of a text by its number. */
function idOf(number: number): string {
  const hash = createHash('md5').update(`heavy ${number}`).digest('hex');
  const uuid = hash.replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
  const day = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString().slice(0, 10).replaceAll('-', '');
  return `urn:newsml:meridian.example:${day}:${uuid}.tt`;
}

const megabytes = (): number => Number(/VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))![1]) / 1024;

test('a hundred thousand entries are answered within two minutes and 128 MiB', async () => {
  // All but the last thousand, and as many of which nobody has heard.
  const known = Array.from({ length: 100_000 - unheard }, (_, index) => idOf(index + 1));
  const held = [...known, ...Array.from({ length: unheard }, (_, index) => idOf(9_000_000 + index))];
  const ask = async (entries: readonly string[], more: object, accept: string): Promise<string> => {
    const response = await fetch(`${server.url}/partner/reconcile?edition=tt&since=2026-01-01`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept },
      body: JSON.stringify(entries.map((id) => ({ id, version: 1, ...more }))),
    });
    const text = await response.text();
    expect([response.status, text.slice(0, 200)]).toEqual([200, expect.anything()]);
    return text;
  };
  // Once with little, so that what any answer needs is there.
  await ask(held.slice(0, 2_000), {}, 'application/json');
  const before = megabytes();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, megabytes())), 50);
  const counts = { named: 100_000, outdated: revised, retracted: ended, notEntitled: 0, unknown: unheard, missing: texts - known.length };
  const started = performance.now();
  const byTime = JSON.parse(await ask(held, {}, 'application/json'));
  const seconds = (performance.now() - started) / 1000;
  expect(byTime.counts).toMatchObject(counts);
  expect(byTime.outdated.map(({ id }: { id: string }) => id).sort()).toEqual(known.slice(0, revised).sort());
  expect(byTime.retracted.every(({ kind }: { kind: string }) => kind === 'EXPIRED')).toBe(true);
  const lines = (await ask(held, { notices: [] }, 'application/x-ndjson')).trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1)!).counts).toMatchObject({ ...counts, noticeChanged: 100_000 - revised - ended - unheard });
  clearInterval(watch);
  process.stderr.write(`reconciled 100,000 in ${seconds.toFixed(1)} s, ${Math.round(most - before)} MiB above ${Math.round(before)} MiB\n`);
  expect(seconds).toBeLessThan(120);
  expect(most - before).toBeLessThan(128);
}, 300_000);

test('the digest of all of it is one line a day', async () => {
  const response = await fetch(`${server.url}/partner/digest?edition=tt&since=2026-01-01`, { headers: { authorization: `Bearer ${key}` } });
  const { days } = (await response.json()) as { days: { day: string; count: number; digest: string }[] };
  expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(texts - ended);
  const { count, digest } = days.find(({ day }) => day === '2026-02-01')!;
  const first = (Date.UTC(2026, 1, 1) - Date.UTC(2026, 0, 1)) / 60_000;
  const lines = Array.from({ length: 1440 }, (_, index) => `${idOf(first + index)} 1\n`).sort();
  expect({ count, digest }).toEqual({ count: 1440, digest: createHash('sha256').update(lines.join('')).digest('hex') });
}, 60_000);

test('a list that is refused while it is still being sent is answered all the same', async () => {
  const answered = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': 20_000_000 };
    const sent = request({ hostname, port, path: '/partner/reconcile', method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject);
    sent.write('[{"id":"a","version":"one"},');
  });
  const { status, text } = await answered;
  expect([status, JSON.parse(text).errors[0].message]).toEqual([400, expect.stringContaining('entry 1: version')]);
}, 20_000);
