import type { GivenText } from './hold.js';

/** Names what a reader was given. */
type Given = Omit<GivenText, 'notices'>;
type Notices = GivenText['notices'];

/** What one answer gives of texts, gathered while it is made: each text once, with every notice that came with it. */
export interface GivenTexts {
  /** Words of a text are in the answer. */
  add(text: Given): void;
  /** So are notices of a text, whether or not any of its words are. */
  addNotices(text: Given, notices: Notices): void;
  /** The texts of which words are in the answer. */
  all(): GivenText[];
}

/** For one answer. */
export function gatherTexts(): GivenTexts {
  const texts = new Map<string, Given>();
  const noticesOf = new Map<string, Map<string, number>>();
  return {
    add: ({ articleUuid, editionCode, revision }) =>
      void texts.set(keyOf({ articleUuid, editionCode }), { articleUuid, editionCode, revision }),
    addNotices(text, notices) {
      const versions = noticesOf.get(keyOf(text)) ?? new Map<string, number>();
      noticesOf.set(keyOf(text), versions);
      for (const { code, version } of notices) versions.set(code, version);
    },
    all: () =>
      [...texts].map(([key, text]) => ({
        ...text,
        notices: [...(noticesOf.get(key) ?? [])].map(([code, version]) => ({ code, version })),
      })),
  };
}

// One answer gives one revision of a text.
const keyOf = ({ articleUuid, editionCode }: Omit<Given, 'revision'>): string => `${articleUuid}.${editionCode}`;
