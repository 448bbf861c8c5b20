import { setImmediate } from 'node:timers/promises';
import DataLoader from 'dataloader';
import type { Content } from '../articles/content-hash.js';
import type { Read } from '../lib/load.js';
import { BlockChange, type ChangedContent, diffRevisions } from './diff-revisions.js';
import { type HistoryPage, historyOf, type PastRevision, type PastText, type RevisionKey, stepsTo, textsOf } from './history.queries.js';
import { nameOf } from './staleness.queries.js';

/** What a revision changed of the one before it: keys of blocks, and words of headline, dek and body as a reader counts them. */
export interface RevisionChange {
  blocks: string[];
  words: number;
}

/** Reads of what translations said before; each is one statement for all keys of a tick. */
export interface HistoryLoaders {
  historyOfTranslation: DataLoader<HistoryPage, PastRevision[], string>;
  /** Null where there is no such published revision. */
  textOfRevision: DataLoader<RevisionKey, PastText | null, string>;
  /** Null where it or all before it was taken back. */
  changeOfRevision: DataLoader<RevisionKey, RevisionChange | null, string>;
}

const nameOfRevision = (key: RevisionKey): string => `${nameOf(key)} ${key.number}`;

/** The loaders of a request; who may ask is for its resolvers to say. */
export const historyLoaders = (read: Read): HistoryLoaders => ({
  historyOfTranslation: new DataLoader((pages) => historyOf(read, pages), {
    cacheKeyFn: (page) => `${nameOf(page)} ${page.above} ${page.below} ${page.size} ${page.backwards}`,
  }),
  textOfRevision: new DataLoader((keys) => textsOf(read, keys), { cacheKeyFn: nameOfRevision }),
  changeOfRevision: new DataLoader(
    async (keys) => {
      const changes: (RevisionChange | null)[] = [];
      for (const step of await stepsTo(read, keys)) {
        const changed = step && (await differencesOf(read, step.before, step.after));
        const blocks = changed?.blocks.filter(({ change }) => change !== BlockChange.SAME) ?? [];
        changes.push(changed && { blocks: blocks.map(({ key }) => key), words: changed.wordsChanged });
      }
      return changes;
    },
    { cacheKeyFn: nameOfRevision },
  ),
});

/** The differences of two texts, found when other requests have had their turn. Throws the signal's reason once nobody waits for them. */
export async function differencesOf({ signal }: Pick<Read, 'signal'>, from: Content, to: Content): Promise<ChangedContent> {
  await setImmediate();
  signal?.throwIfAborted();
  return diffRevisions(from, to);
}
