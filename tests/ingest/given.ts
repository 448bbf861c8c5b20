import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportOptions, type ImportReport, importStories } from '../../src/ingest/import-stories.js';
import { type Story, type StoryInput, story } from '../../src/ingest/story.js';
import type { TestDatabase } from '../support/database.js';

export const now = new Date('2026-11-23T12:00:00.000Z');
export const options = { domain: 'meridian.example', now };

const paragraph = (text: string, index: number) => ({ type: 'paragraph' as const, key: `p${index + 1}`, spans: [{ text }] });

/** A revision of a few paragraphs. */
export const text = (headline: string, ...paragraphs: string[]) => ({ headline, blocks: paragraphs.map(paragraph) });

/** A story as importers give it, parsed by the production schema. */
export const given = (id: string, translations: StoryInput['translations'], rest: Partial<StoryInput> = {}): Story =>
  story.parse({ id, homeEdition: 'en', publishedAt: '2026-11-20T08:00:00Z', translations, ...rest });

/** One edition of a line of a JSON Lines file. */
export const edition = (locale: string, headline: string, paragraphs: string[] = [headline], source = false) => ({
  locale,
  source,
  headline,
  dek: null,
  blocks: paragraphs.map((each) => ({ type: 'paragraph', text: each })),
});

/** A line of a JSON Lines file. */
export const line = (id: string, editions: object[], rest: object = {}): string =>
  JSON.stringify({ id, origin: 'example.org', sourceLocale: 'en', editions, ...rest });

/** Imports a file of this content as the command does, and gives the report with the problems told. */
export async function importText(
  { dataSource }: TestDatabase,
  content: string | Buffer,
  more: Partial<ImportOptions> = {},
): Promise<ImportReport & { problems: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-'));
  const problems: string[] = [];
  try {
    await writeFile(join(folder, 'stories.jsonl'), content);
    const report = await importStories(dataSource, join(folder, 'stories.jsonl'), {
      ...options,
      dryRun: false,
      keep: 1,
      seed: 0,
      stepMs: 900_000,
      wireFromOrigin: false,
      onProblem: (problem) => problems.push(problem),
      ...more,
    });
    return { ...report, problems };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every row of every table with its place, as text: equal before and after where nothing was changed. */
export async function everyRow({ dataSource }: TestDatabase): Promise<string> {
  const tables: { name: string }[] = await dataSource.query(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration' order by 1`,
  );
  const rows: unknown[] = [];
  for (const { name } of tables) rows.push(await dataSource.query(`select ctid, * from "${name}" order by ctid`));
  return JSON.stringify(rows);
}
