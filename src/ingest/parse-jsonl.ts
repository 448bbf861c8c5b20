import type { Editions } from '../editions/edition.loaders.js';
import { editionFinder, type JsonlOptions, parseLine, type ReadStory, readStory } from './jsonl-story.js';
import { StoryRefused } from './plan-story.js';
import { readLines } from './read-lines.js';
import { SeenIds } from './seen-ids.js';
import type { Story } from './story.js';

const longestLine = 8 * 1024 * 1024;

/** How a file's stories are read; the file has no dates, so they come from here. */
export interface ParseOptions extends Omit<JsonlOptions, 'publishedAt'> {
  now: Date;
  /** When the first story was published; the next ones follow. Undefined: the first one now and each before the last, none in the future. */
  publishedAt?: Date | undefined;
  /** The time from one story to the next, in milliseconds. */
  stepMs: number;
}

/** A story of the file, or what is wrong with a line or with a part of it; `end` counts the bytes read so far. */
export type Parsed = { line: number; end: number } & ({ story: Story; agency: ReadStory['agency'] } | { problem: string });

/** The stories of a JSON Lines file in its order, each after what was left out of it; a bad line is a problem, and the next one follows. */
export async function* parseJsonl(file: string, editions: Editions, options: ParseOptions): AsyncGenerator<Parsed> {
  const editionOf = editionFinder(editions);
  const seen = new SeenIds();
  let index = 0;
  for await (const { number, text, problem, end } of readLines(file, longestLine)) {
    const at = { line: number, end };
    if (text !== undefined && text.trim() === '') continue;
    const publishedAt = timeOf(index, options);
    index += 1;
    try {
      if (text === undefined) throw new StoryRefused(problem);
      const line = parseLine(text);
      const first = seen.add(line.id, number);
      if (first !== undefined) throw new StoryRefused(`the id ${line.id} is that of line ${first}`);
      const { story, agency, problems } = readStory(line, editionOf, { ...options, publishedAt });
      for (const each of problems) yield { ...at, problem: each };
      yield { ...at, story, agency };
    } catch (error) {
      if (!(error instanceof StoryRefused)) throw error;
      yield { ...at, problem: error.message };
    }
  }
}

// By the place in the file, not by the stories taken: a line put right later gets the time it would have had.
const timeOf = (index: number, { publishedAt, now, stepMs }: ParseOptions): Date =>
  new Date(publishedAt ? publishedAt.getTime() + index * stepMs : now.getTime() - index * stepMs);
