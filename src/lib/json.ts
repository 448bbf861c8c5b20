import { scrub } from './text.js';

/** JSON whose texts hold nothing XML could not: half a surrogate pair is no character, and parsers differ over it. */
export const writeJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? scrub(each) : each));

/**
 * The JSON of `head` with a list under `name` at its end, in pieces, for more items than should be held at once. Every item begins a line.
 */
export function* streamJson(head: Readonly<Record<string, unknown>>, name: string, items: Iterable<unknown>): Iterable<string> {
  const opened = writeJson(head).slice(0, -1);
  yield `${opened}${opened === '{' ? '' : ','}${JSON.stringify(name)}:[`;
  let separator = '\n';
  for (const each of items) {
    yield separator + writeJson(each);
    separator = ',\n';
  }
  yield '\n]}\n';
}
