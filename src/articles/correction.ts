import type { EntityManager } from 'typeorm';
import { columnOf, tableOf } from '../lib/load.js';
import { Revision, Significance } from './translation.js';
import { revisionVoid } from './visible.js';

/** The latest correction of a text, as it stays with every revision behind it. */
export interface Correction {
  /** Of the revision that corrected. */
  number: number;
  /** What it tells the reader. */
  note: string;
  /** When that revision was published, as JSON has it. */
  at: string | null;
  /** Whether an UPDATE has followed it, so that it is no longer the news of the text. */
  updatedSince: boolean;
}

/** A revision as readers are served it. */
export type ServedText = Revision & { correction: Correction | null };

/** A text as it would be served with one more revision, which is not written yet; `before` is what is served of it now. */
export function withRevision(revision: Revision, before: ServedText | undefined): ServedText {
  const { number, significance, note, publishedAt } = revision;
  if (significance === Significance.CORRECTION)
    return asServed(revision, { number, note: note ?? '', at: publishedAt?.toISOString() ?? null, updatedSince: false });
  const earlier = before?.correction ?? null;
  return asServed(revision, earlier && { ...earlier, updatedSince: earlier.updatedSince || significance === Significance.UPDATE });
}

const asServed = (revision: Revision, correction: Correction | null): ServedText => ({ ...revision, correction });

/** SQL of the `Correction` that revision `alias` carries, as JSON: null where neither it nor one before it that stands corrects anything. */
export function correctionOf(manager: EntityManager, alias: string): string {
  const of = (row: string, property: keyof Revision): string => `${row}.${columnOf(manager, Revision, property)}`;
  const revisionsOfText = (row: string): string =>
    `from ${tableOf(manager, Revision)} ${row} where ${(['articleUuid', 'editionCode'] as const)
      .map((property) => `${of(row, property)} = ${of(alias, property)}`)
      .join(' and ')} and ${of(row, 'number')} <= ${of(alias, 'number')} and not ${revisionVoid(row)}`;
  return `(select json_build_object('number', ${of('c', 'number')}, 'note', ${of('c', 'note')}, 'at', ${of('c', 'publishedAt')}, 'updatedSince',
      exists (select ${revisionsOfText('u')} and ${of('u', 'number')} > ${of('c', 'number')} and ${of('u', 'significance')} = '${Significance.UPDATE}'))
    ${revisionsOfText('c')} and ${of('c', 'significance')} = '${Significance.CORRECTION}' order by ${of('c', 'number')} desc limit 1)`;
}
