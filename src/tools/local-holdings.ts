import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const entry = z.strictObject({
  id: z.string().regex(/^urn:newsml:[a-z0-9.-]+:\d{8}:[0-9a-f-]{36}\.[a-z0-9-]+$/u, 'expected the id of a text, as feeds give it'),
  version: z.number().int().positive(),
  publishedAt: z.iso.datetime({ offset: true, error: 'expected the time of publication, as feeds give it' }),
  notices: z.array(z.string()).optional(),
});

/** A text that a partner holds. */
export type LocalText = z.infer<typeof entry>;

/** Texts by their edition and then by the day of UTC on which they came out. */
export type LocalTexts = Map<string, Map<string, LocalText[]>>;

/** Reads a file of a text a line. Throws with the number of the first line that cannot be used. */
export async function readLocalTexts(path: string): Promise<LocalTexts> {
  const texts: LocalTexts = new Map();
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const text = parsed(line, number);
    const edition = text.id.slice(text.id.lastIndexOf('.') + 1);
    const days = texts.get(edition) ?? new Map<string, LocalText[]>();
    texts.set(edition, days);
    const day = new Date(text.publishedAt).toISOString().slice(0, 10);
    const ofDay = days.get(day);
    if (ofDay) ofDay.push(text);
    else days.set(day, [text]);
  }
  return texts;
}

function parsed(line: string, number: number): LocalText {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`Line ${number} is not JSON.`);
  }
  const { data, error } = entry.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  throw new Error(`Line ${number}: ${[...issue!.path, ''].join(': ')}${issue!.message}`);
}

/** The digest of a day as the gateway makes it: SHA-256 of a line for each text, ordered by their bytes: id, version and, with `notices`, each of those. */
export function digestOfDay(texts: readonly LocalText[], notices: boolean): string {
  const lines = texts.map((text) => [text.id, text.version, ...(notices ? [...new Set(text.notices)].sort() : [])].join(' '));
  const hash = createHash('sha256');
  for (const line of lines.sort()) hash.update(`${line}\n`);
  return hash.digest('hex');
}
