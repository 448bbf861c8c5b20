import { readFileSync } from 'node:fs';
import { speakerOf } from '../../src/editions/speaker.js';
import { type Registry, registry } from '../../src/ingest/registry.js';
import { loadWording, type Say, type Wording } from '../../src/lib/wording.js';

const read = <Name extends keyof Registry>(name: Name): Registry[Name] =>
  registry.shape[name].parse(JSON.parse(readFileSync(`src/ingest/samples/registry/${name}.json`, 'utf8'))) as Registry[Name];

export type EditionRow = Registry['editions'][number];
export type Speaker = ReturnType<typeof speakerOf>;

/** The sample registry as it is delivered, without a database. */
export const editions = read('editions');
export const agencies = read('agencies');
export const notices = read('notices');
export const images = read('images');

/** The edition of a code; a typing slip in a test is a failure. */
export function edition(code: string): EditionRow {
  const row = editions.find((each) => each.code === code);
  if (!row) throw new Error(`the sample registry has no edition ${code}`);
  return row;
}

/** An edition speaking, as the gateway makes it speak. */
export const speakerIn = (wording: Wording, row: EditionRow): Speaker => speakerOf(wording, row as Parameters<typeof speakerOf>[1]);

/** Every edition's voice, by code. */
export async function voices(): Promise<Map<string, Say>> {
  const wording = await loadWording('locales');
  return new Map(editions.map((row) => [row.code, speakerIn(wording, row).say]));
}
