import { stat } from 'node:fs/promises';
import { type DataSource, QueryFailedError } from 'typeorm';
import { loadEditions } from '../editions/edition.loaders.js';
import { Redistribution } from '../rights/redistribution.js';
import { type Parsed, type ParseOptions, parseJsonl } from './parse-jsonl.js';
import { StoryRefused } from './plan-story.js';
import { rehearseStories, type WriteOptions, type Written, writeStories } from './write-stories.js';

/** How a file is imported. */
export interface ImportOptions extends ParseOptions, WriteOptions {
  /** Do everything but write. */
  dryRun: boolean;
  /** Once aborted, no further batch is begun; what was written stays. */
  signal?: AbortSignal | undefined;
  /** Bytes of the file done, of how many. */
  onProgress?: (done: number, total: number) => void;
  /** What was refused, by line: `line 3: tr: no edition has this language`. */
  onProblem?: (problem: string) => void;
}

/** What came of an import: stories with a text written, texts written, texts that were there, problems told, bytes read. */
export interface ImportReport extends Written {
  refused: number;
  bytes: number;
}

type Item = Extract<Parsed, { story: unknown }>;

// Few enough to hold, enough to make statements and commits cheap.
const batchTranslations = 500;
const batchBytes = 16 * 1024 * 1024;

/** Imports the stories of a JSON Lines file in batches; a story that cannot be written is told by its line and the others go on. */
export async function importStories(dataSource: DataSource, file: string, options: ImportOptions): Promise<ImportReport> {
  const total = await sizeOf(file);
  const report: ImportReport = { stories: 0, translations: 0, unchanged: 0, refused: 0, bytes: 0 };
  const refuse = (line: number, problem: string): void => {
    report.refused += 1;
    options.onProblem?.(`line ${line}: ${problem}`);
  };
  const editions = await loadEditions({ manager: dataSource.manager });
  for await (const batch of oneAhead(batches(parseJsonl(file, editions, options), refuse))) {
    options.signal?.throwIfAborted();
    const { stories, translations, unchanged } = await writeBatch(dataSource, batch, options, refuse);
    report.stories += stories;
    report.translations += translations;
    report.unchanged += unchanged;
    report.bytes = batch.at(-1)!.end;
    options.onProgress?.(report.bytes, total);
  }
  options.onProgress?.(total, total);
  return { ...report, bytes: total };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}`);
  });
  if (found.isDirectory()) throw new Error(`${file} is a folder: give a JSON Lines file.`);
  return found.size;
}

async function* batches(parsed: AsyncIterable<Parsed>, refuse: (line: number, problem: string) => void): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  let translations = 0;
  let begin = 0;
  for await (const each of parsed) {
    if ('problem' in each) {
      refuse(each.line, each.problem);
      continue;
    }
    batch.push(each);
    translations += each.story.translations.length;
    if (translations < batchTranslations && each.end - begin < batchBytes) continue;
    yield batch;
    batch = [];
    translations = 0;
    begin = each.end;
  }
  if (batch.length > 0) yield batch;
}

/** The same items; the next one is being made while the consumer works on one: reading and PostgreSQL each have a processor. */
async function* oneAhead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = items.next();
  try {
    for (let item = await next; !item.done; item = await next) {
      next = items.next();
      next.catch(() => {}); // met when its turn comes
      yield item.value;
    }
  } finally {
    await items.return(undefined);
  }
}

/** Writes a batch, and where the database refuses it each story for itself, so that only the bad ones stay out. */
async function writeBatch(
  dataSource: DataSource,
  items: readonly Item[],
  options: ImportOptions,
  refuse: (line: number, problem: string) => void,
): Promise<Written> {
  try {
    return await writeItems(dataSource, items, options);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    const written: Written = { stories: 0, translations: 0, unchanged: 0 };
    if (items.length === 1) {
      refuse(items[0]!.line, reason);
      return written;
    }
    for (const item of items) {
      options.signal?.throwIfAborted();
      const { stories, translations, unchanged } = await writeBatch(dataSource, [item], options, refuse);
      written.stories += stories;
      written.translations += translations;
      written.unchanged += unchanged;
    }
    return written;
  }
}

function writeItems(dataSource: DataSource, items: readonly Item[], options: ImportOptions): Promise<Written> {
  const stories = items.map(({ story }) => story);
  if (options.dryRun) return rehearseStories(dataSource.manager, stories, options);
  const unruled = { redistribution: Redistribution.ENTITLED, redistributionTerritories: [] };
  const agencies = items.flatMap(({ agency }) =>
    agency ? [{ code: agency.code, language: 'en', names: { en: agency.name }, ...unruled }] : [],
  );
  return writeStories(dataSource.manager, stories, { ...options, agencies });
}

// SQLSTATE classes that speak of the rows given: cardinality, data, integrity; deadlock and the like; a limit of the program.
const ofTheRows = /^(21|22|23|40|54)/u;

/** Why a story was refused; undefined when the failure is not the story's, such as a lost connection. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof StoryRefused) return error.message;
  if (!(error instanceof QueryFailedError)) return undefined;
  const { code, detail, message } = error.driverError as Error & { code?: string; detail?: string };
  return code && ofTheRows.test(code) ? (detail ?? message) : undefined;
}
