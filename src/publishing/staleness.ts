import { registerEnumType } from 'type-graphql';
import { Significance } from '../articles/translation.js';
import type { SourceRevision } from './draft.js';

export enum Staleness {
  ORIGINAL = 'ORIGINAL',
  CURRENT = 'CURRENT',
  BEHIND_MINOR = 'BEHIND_MINOR',
  BEHIND = 'BEHIND',
  BEHIND_CORRECTION = 'BEHIND_CORRECTION',
  SOURCE_RETRACTED = 'SOURCE_RETRACTED',
}
registerEnumType(Staleness, {
  name: 'Staleness',
  description:
    'How far a text is behind what it was made from, over every step between: a translation of a stale translation is stale. Counted in revisions, never by dates; what its editors confirmed does not count.',
  valuesConfig: {
    ORIGINAL: { description: 'It is the original, made from no other edition.' },
    CURRENT: { description: 'It misses nothing.' },
    BEHIND_MINOR: { description: 'It misses spelling and the like.' },
    BEHIND: { description: 'It misses new or reworked matter.' },
    BEHIND_CORRECTION: { description: 'It misses a correction: it may still say what was wrong.' },
    SOURCE_RETRACTED: { description: 'What it was made from has been taken back: the edition’s text, or the very revision.' },
  },
});

/** A published revision of a source that a text has neither been brought up to nor confirmed against. */
export interface Missed {
  sourceEditionCode: string;
  number: number;
  significance: Significance;
  publishedAt: Date;
  /** What a CORRECTION tells the reader, in the source's language. */
  note: string | null;
}

/** What the present revision of a translation lacks. */
export interface Lag {
  isOriginal: boolean;
  /** Whether it was made from any other edition. */
  hasBasis: boolean;
  /** By source edition and number. */
  missed: readonly Missed[];
  /** Codes of the editions it was made from, at any remove, that are retracted. */
  retractedSources: readonly string[];
  /** Single revisions it was made from, at any remove, that were taken back without anybody having held a text on the way against a later one. */
  retractedRevisions: readonly SourceRevision[];
}

const severity = [Staleness.CURRENT, Staleness.BEHIND_MINOR, Staleness.BEHIND, Staleness.BEHIND_CORRECTION];

const meaning: Record<Significance, Staleness> = {
  MINOR: Staleness.BEHIND_MINOR,
  UPDATE: Staleness.BEHIND,
  CORRECTION: Staleness.BEHIND_CORRECTION,
  // What a source took back in a revision is as wrong here as what it corrected.
  RETRACTION: Staleness.BEHIND_CORRECTION,
};

/** The worst that a lag comes to; a text made from nothing is the original, or current. */
export function worstOf({ isOriginal, hasBasis, missed, retractedSources, retractedRevisions }: Lag): Staleness {
  if (!hasBasis) return isOriginal ? Staleness.ORIGINAL : Staleness.CURRENT;
  if (retractedSources.length + retractedRevisions.length > 0) return Staleness.SOURCE_RETRACTED;
  return severity[Math.max(0, ...missed.map(({ significance }) => severity.indexOf(meaning[significance])))]!;
}

/** When the newest UPDATE that a text misses was published, while nothing worse is missed; null otherwise. */
export const staleSince = (lag: Lag): Date | null =>
  worstOf(lag) === Staleness.BEHIND
    ? new Date(Math.max(...lag.missed.filter(({ significance }) => significance === Significance.UPDATE).map((each) => +each.publishedAt)))
    : null;
