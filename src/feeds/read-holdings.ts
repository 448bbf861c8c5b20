import { StringDecoder } from 'node:string_decoder';
import { Refusal } from '../lib/errors.js';

/** What a partner says that it holds of one text. */
export interface Holding {
  /** Number of the revision. */
  version: number;
  /** The notices it shows with it, each as `code@version`, sorted; null where it does not say. */
  notices: readonly string[] | null;
}

/** How a list of holdings is written: an array, or a line each. */
export type ListForm = 'array' | 'lines';

export const mostHoldings = 100_000;
const longestEntry = 16_384;
const longestId = 500;
const mostNotices = 100;
const longestNotice = 100;
const fields = new Set(['id', 'version', 'notices', 'publishedAt']);
// As feeds give it; lists of `dragoman reconcile` have it, and nothing is judged by it.
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/u;

/**
 * The holdings that a body lists, by their ids in its order, read as it arrives: no more of it is held than one entry and what entries say. Throws
 * BAD_USER_INPUT with the place of the first entry that cannot be used or names what an earlier one named, and TOO_MANY_VALUES.
 */
export async function readHoldings(chunks: AsyncIterable<Uint8Array>, form: ListForm): Promise<Map<string, Holding>> {
  const held = new Map<string, Holding>();
  let place = 0;
  for await (const text of form === 'array' ? elementsOf(chunks) : linesOf(chunks)) {
    place += 1;
    if (place > mostHoldings) throw new Refusal('TOO_MANY_VALUES', { max: mostHoldings });
    const { id, ...holding } = holdingOf(text, place);
    if (held.has(id)) throw bad(place, 'its id was named before');
    held.set(id, holding);
  }
  return held;
}

const bad = (place: number, what: string): Refusal => new Refusal('BAD_USER_INPUT', { detail: `entry ${place}: ${what}` });

function holdingOf(text: string, place: number): Holding & { id: string } {
  if (text.length > longestEntry) throw bad(place, `it is longer than ${longestEntry} characters`);
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(place, 'expected an object {"id", "version"}');
  const { id, version, notices, publishedAt } = value as Record<string, unknown>;
  if (Object.keys(value).some((name) => !fields.has(name)))
    throw bad(place, 'it has id, version, notices and publishedAt, and no other field');
  if (typeof id !== 'string' || id === '' || id.length > longestId) throw bad(place, `id is a text of 1 to ${longestId} characters`);
  if (!isRevision(version)) throw bad(place, 'version is a whole number from 1');
  if (publishedAt !== undefined && !isMoment(publishedAt)) throw bad(place, 'publishedAt is a time as feeds give it');
  if (notices === undefined) return { id, version, notices: null };
  if (!isNotices(notices)) throw bad(place, `notices are a list of at most ${mostNotices} texts such as "about@3"`);
  return { id, version, notices: [...new Set(notices)].sort() };
}

const isRevision = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;

const isMoment = (value: unknown): boolean => typeof value === 'string' && moment.test(value) && !Number.isNaN(Date.parse(value));

const isNotices = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length <= mostNotices &&
  value.every((each) => typeof each === 'string' && each.length <= longestNotice && /^[^@\s]+@\d{1,10}$/u.test(each));

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines of a body that are not blank. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let rest = '';
  for await (const text of textsOf(chunks)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line.trim() !== '') yield line;
    // What is too long already is refused by who reads it.
    if (rest.length > longestEntry) yield rest;
  }
  if (rest.trim() !== '') yield rest;
}

const [quote, backslash, comma] = ['"', '\\', ','].map((each) => each.charCodeAt(0)) as [number, number, number];
const opening = new Set(['[', '{'].map((each) => each.charCodeAt(0)));
const closing = new Set([']', '}'].map((each) => each.charCodeAt(0)));

/**
 * What stands between the commas of an array, as it is written: only strings and depth are followed, and whether an element is JSON is for who parses it. Throws BAD_USER_INPUT for
 * what is no array, or not a whole one.
 */
async function* elementsOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let element = '';
  let [depth, inString, escaped, count] = [0, false, false, 0];
  let state: 'before' | 'in' | 'behind' = 'before';
  for await (const given of textsOf(chunks)) {
    let text = given;
    if (state === 'before') {
      text = text.trimStart();
      if (text === '') continue;
      if (!text.startsWith('[')) throw notAnArray();
      [state, text] = ['in', text.slice(1)];
    }
    let from = 0;
    for (let at = 0; at < text.length && state === 'in'; at++) {
      const code = text.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === backslash) escaped = true;
        else if (code === quote) inString = false;
      } else if (code === quote) inString = true;
      else if (opening.has(code)) depth += 1;
      else if (closing.has(code) && depth > 0) depth -= 1;
      else if (closing.has(code) || (code === comma && depth === 0)) {
        element += text.slice(from, at);
        from = at + 1;
        const isEnd = code !== comma;
        if (isEnd && text[at] !== ']') throw notAnArray();
        // An empty array has an end and no element.
        if (!isEnd || count > 0 || element.trim() !== '') yield element;
        [element, count, state] = ['', count + 1, isEnd ? 'behind' : 'in'];
      }
    }
    const rest = text.slice(from);
    if (state === 'behind' && rest.trim() !== '') throw notAnArray();
    if (state === 'in') element += rest;
    if (element.length > longestEntry) yield element;
  }
  if (state !== 'behind') throw notAnArray();
}

const notAnArray = (): Refusal => new Refusal('BAD_USER_INPUT', { detail: 'expected one whole JSON array' });

/** A body as text, without the mark that some put at its beginning. */
async function* textsOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (text === '') continue;
    yield isFirst ? text.replace(/^\ufeff/u, '') : text;
    isFirst = false;
  }
  const end = decoder.end();
  if (end !== '') yield end;
}
