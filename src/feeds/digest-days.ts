import { createHash } from 'node:crypto';
import type { Edition } from '../editions/edition.js';
import type { FeedContext } from './feed-context.js';
import { dayOf } from './read-newest.js';
import { readableTexts } from './readers-texts.js';
import type { ReconcileScope } from './reconcile.js';
import { noticesNamed } from './standing-of.js';

/** What a partner may have of an edition's texts of one day of UTC, in short. */
export interface DayDigest {
  edition: string;
  day: string;
  count: number;
  /** SHA-256, hex, of a line for each text, ordered by their bytes, each ended by a line feed: id, version and, where asked for, each `code@version`, with a space between. */
  digest: string;
}

/** The digests of all days of a scope that have texts the caller may have, edition by edition, the earliest day first. */
export async function* digestDays(
  { editions, since, until }: ReconcileScope,
  { notices }: { notices: boolean },
  context: FeedContext,
): AsyncIterable<DayDigest> {
  for (const edition of editions) {
    let day = '';
    let lines: string[] = [];
    for await (const { readable, part } of readableTexts(edition, { since, until }, context)) {
      const all = await Promise.all(
        readable.map(async ({ text, access }) => ({
          on: dayOf(text.publishedAt),
          line: [text.id, text.revision, ...(notices ? await noticesNamed(text, access, part) : [])].join(' '),
        })),
      );
      for (const { on, line } of all) {
        if (on !== day && lines.length > 0) yield digestOf(edition, day, lines);
        if (on !== day) [day, lines] = [on, []];
        lines.push(line);
      }
    }
    if (lines.length > 0) yield digestOf(edition, day, lines);
  }
}

// Ids and codes are ASCII, so that code units are in the order of bytes.
const digestOf = ({ code }: Edition, day: string, lines: readonly string[]): DayDigest => ({
  ...{ edition: code, day, count: lines.length },
  digest: createHash('sha256')
    .update(
      [...lines]
        .sort()
        .map((line) => `${line}\n`)
        .join(''),
    )
    .digest('hex'),
});
