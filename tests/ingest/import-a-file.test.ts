import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { slugOf } from '../../src/articles/slug.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { importStories } from '../../src/ingest/import-stories.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { edition, everyRow, importText, line, now } from './given.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ samples: true });
});
afterAll(() => database.close());

const select = <Row>(sql: string, ...values: unknown[]): Promise<Row[]> => database.dataSource.query(sql, values);
const stored = (id: string) =>
  select<object>(
    'select t.edition_code as edition, t.is_original as original from translation t join article a on a.uuid = t.article_uuid where a.foreign_id = $1 order by 1',
    id,
  );
const source = edition('en', 'A headline', ['First.', 'Second.'], true);

test('languages find their editions however their tags are written', async () => {
  const locales = ['az-Latn', 'tg-Cyrl', 'fa-AF', 'sr-Cyrl', 'sr-Latn', 'CRH-latn', 'sr-latn-me'];
  const report = await importText(database, line('locales', [...locales.map((each) => edition(each, 'x')), source]));
  expect(report).toMatchObject({ stories: 1, translations: 8, unchanged: 0, refused: 0 });
  expect((await stored('locales')).map((each) => (each as { edition: string }).edition)).toEqual([
    'az',
    'cnr',
    'crh',
    'en',
    'prs',
    'sr-cyrl',
    'sr-latn',
    'tg',
  ]);
});

test('an edition in a language that no edition has is told and left out; the story goes on', async () => {
  const report = await importText(
    database,
    line('left-out', [edition('tr', 'Başlık'), edition('sr-Arab', 'x'), edition('not a tag', 'x'), source]),
  );
  expect(report).toMatchObject({ stories: 1, translations: 1, refused: 3 });
  expect(report.problems).toEqual([
    'line 1: tr: no edition has this language',
    'line 1: sr-Arab: no edition has this language',
    'line 1: not a tag: no edition has this language',
  ]);
  expect(await stored('left-out')).toEqual([{ edition: 'en', original: true }]);
});

test('bad lines are told by number with their reason, and the good ones around them are imported', async () => {
  const bad: [string | Buffer, RegExp][] = [
    ['{"id": "cut', /^not JSON: /u],
    ['[]', /^the line: .*object/u],
    [line('good-first', [source]), /^the id good-first is that of line 1$/u],
    [line('shape', [{ ...source, headline: 3 }]), /^editions\.0\.headline: .*string/u],
    [line('blank', [edition('en', ' \u0007 ', ['x'], true)]), /^editions\.0\.headline: is empty$/u],
    [line('key', [{ ...source, byline: 'x' }]), /byline/u],
    [line('no-source', [edition('ru', 'x')]), /^no edition is marked as the source$/u],
    [line('two-sources', [source, edition('ru', 'x', ['x'], true)]), /^several editions/u],
    [line('other-source', [edition('ru', 'x', ['x'], true)]), /^the source is in en, but ru is marked/u],
    [
      line('foreign', [edition('tr', 'x', ['x'], true), edition('en', 'x')], { sourceLocale: 'tr' }),
      /^tr: no edition has this language, and it is that of the source$/u,
    ],
    [line('twice', [source, edition('fa-AF', 'x'), edition('prs', 'y')]), /^prs: edition prs is given twice$/u],
    [Buffer.from([0x22, 0xc3, 0x28, 0x22]), /^not UTF-8$/u],
    [`"${'x'.repeat(8 * 1024 * 1024)}"`, /^longer than 8 MiB$/u],
  ];
  const all = [line('good-first', [source]), ...bad.map(([each]) => each), '', line('good-last', [source])];
  const report = await importText(database, Buffer.concat(all.flatMap((each) => [Buffer.from(each), Buffer.from('\r\n')])));
  expect(report).toMatchObject({ stories: 2, translations: 2, refused: bad.length });
  for (const [index, [, reason]] of bad.entries()) {
    const [, number, told] = /^line (\d+): (.*)$/su.exec(report.problems[index]!)!;
    expect(Number(number)).toBe(index + 2);
    expect(told).toMatch(reason);
  }
  expect(await stored('good-last')).toEqual([{ edition: 'en', original: true }]);
});

test('a story that cannot be written is told by its line, and the others of its batch are imported', async () => {
  await importText(database, line('there', [source]));
  // Another story took the address by hand: only the database notices.
  await select(
    `update translation set slug = $1 where article_uuid = $2`,
    slugOf(source.headline, articleUuid('clash')),
    articleUuid('there'),
  );
  const moved = line('there', [{ ...edition('ru', 'x', ['x'], true) }], { sourceLocale: 'ru' });
  const report = await importText(
    database,
    [line('beside-1', [source]), moved, line('clash', [source]), line('beside-2', [source])].join('\n'),
  );
  expect(report).toMatchObject({ stories: 2, translations: 2, refused: 2 });
  expect(report.problems).toEqual([
    'line 2: its original is in edition en and cannot move to ru',
    expect.stringMatching(/^line 3: Key \(edition_code, slug\)=\(en, a-headline-[0-9a-f]{8}\) already exists\.$/u),
  ]);
  expect(await stored('clash')).toEqual([]);
});

test('the same file again changes nothing, whenever that is', async () => {
  const content = [line('again-1', [source, edition('tt', 'Башлык')]), line('again-2', [source])].join('\n');
  expect(await importText(database, content, { wireFromOrigin: true })).toMatchObject({ stories: 2, translations: 3, unchanged: 0 });
  const before = await everyRow(database);
  const later = { wireFromOrigin: true, now: new Date('2026-12-31T00:00:00Z'), publishedAt: new Date('2026-12-30T00:00:00Z') };
  expect(await importText(database, content, later)).toMatchObject({ stories: 0, translations: 0, unchanged: 3 });
  expect(await everyRow(database)).toBe(before);
});

test('a dry run reports the same and writes nothing', async () => {
  const before = await everyRow(database);
  const content = [line('dry', [source, edition('tr', 'x')]), line('again-1', [source, edition('tt', 'Башлык')])].join('\n');
  expect(await importText(database, content, { dryRun: true, wireFromOrigin: true })).toMatchObject({
    stories: 1,
    translations: 1,
    unchanged: 2,
    refused: 1,
  });
  expect(await everyRow(database)).toBe(before);
});

test('a paragraph has the same key in every language, also beside one that is empty', async () => {
  await importText(database, line('keys', [source, edition('ru', 'Заголовок', [' ', 'Второй.'])]));
  const rows = await select(
    `select r.edition_code as edition, b->>'key' as key from revision r join article a on a.uuid = r.article_uuid, jsonb_array_elements(r.body) b where a.foreign_id = 'keys' order by 1, 2`,
  );
  expect(rows).toEqual([
    { edition: 'en', key: 'p1' },
    { edition: 'en', key: 'p2' },
    { edition: 'ru', key: 'p2' },
  ]);
});

describe('times', () => {
  const three = (prefix: string): string => [1, 2, 3].map((each) => line(`${prefix}-${each}`, [source])).join('\n');
  const times = async (prefix: string) =>
    (await select<{ at: Date }>('select published_at as at from article where foreign_id like $1 order by foreign_id', `${prefix}-%`)).map(
      ({ at }) => at.toISOString(),
    );

  test('without a start go back from now: nothing lies in the future', async () => {
    await importText(database, three('back'), { stepMs: 3_600_000 });
    expect(await times('back')).toEqual([now.toISOString(), '2026-11-23T11:00:00.000Z', '2026-11-23T10:00:00.000Z']);
  });

  test('go forward from a start', async () => {
    await importText(database, three('forward'), { publishedAt: new Date('2026-01-01T00:00:00Z'), stepMs: 86_400_000 });
    expect(await times('forward')).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z']);
  });
});

test('the outlet of the source text is credited as a wire agency, known or new', async () => {
  await importText(
    database,
    [line('wire-1', [source], { origin: 'Daily.Example.co.uk' }), line('wire-2', [source], { origin: 'reuters' })].join('\n'),
    { wireFromOrigin: true },
  );
  const rows = await select(
    `select c.role, c.edition_code as edition, g.code, g.names->>'en' as name from credit c join article a on a.uuid = c.article_uuid join agency g on g.code = c.agency_code where a.foreign_id like 'wire-%' order by g.code`,
  );
  expect(rows).toEqual([
    { role: 'WIRE', edition: null, code: 'daily-example-co-uk', name: 'Daily.Example.co.uk' },
    { role: 'WIRE', edition: null, code: 'reuters', name: 'Reuters' },
  ]);
});

describe('keeping a share', () => {
  const content = Array.from({ length: 60 }, (_, index) =>
    line(`share-${index}`, [edition('ru', 'x'), edition('tt', 'x'), edition('uk', 'x'), source]),
  ).join('\n');
  const kept = (keep: number, seed: number) => importText(database, content, { keep, seed, dryRun: true });

  test('drops about as many translations as asked, the same ones each time, and others under another seed', async () => {
    const { translations } = await kept(0.5, 7);
    expect(translations).toBeGreaterThan(60 + 65);
    expect(translations).toBeLessThan(60 + 115);
    await importText(database, content, { keep: 0.5, seed: 7 });
    expect(await kept(0.5, 7)).toMatchObject({ translations: 0, unchanged: translations });
    expect((await kept(0.5, 8)).translations).toBeGreaterThan(20);
  });

  test('never drops a source', async () => {
    const report = await kept(0, 1);
    expect(report.translations + report.unchanged).toBe(60);
  });
});

test('an interruption ends the import between batches; what was written stays', async () => {
  const many = Array.from({ length: 1200 }, (_, index) => line(`stop-${index}`, [source])).join('\n');
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error('stopped'));
  await expect(importText(database, many, { signal: stop.signal, onProgress })).rejects.toThrow('stopped');
  const [row] = await select<{ count: number }>(`select count(*)::int as count from article where foreign_id like 'stop-%'`);
  expect(row!.count).toBe(500);
  expect(await importText(database, many)).toMatchObject({ stories: 700, unchanged: 500 });
});

test('progress is told in bytes, up to the whole file', async () => {
  const content = line('progress', [source]);
  const told: number[][] = [];
  const report = await importText(database, content, { onProgress: (...each) => told.push(each) });
  expect(told.at(-1)).toEqual([content.length, content.length]);
  expect(report.bytes).toBe(content.length);
});

test('a file that is missing, or a folder, is said to be so', async () => {
  const options = { domain: 'meridian.example', now, dryRun: false, keep: 1, seed: 0, stepMs: 1, wireFromOrigin: false };
  await expect(importStories(database.dataSource, '/nowhere/x.jsonl', options)).rejects.toThrow('There is no file /nowhere/x.jsonl.');
  await expect(importStories(database.dataSource, '/', options)).rejects.toThrow('/ is a folder: give a JSON Lines file.');
});
