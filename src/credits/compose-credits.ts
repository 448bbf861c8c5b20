import type { Say } from '../lib/wording.js';

export type CreditStyleName = 'WEB' | 'PRINT';
export type RoleName = 'AUTHOR' | 'TRANSLATOR' | 'EDITOR' | 'PHOTO' | 'VIDEO' | 'WIRE';

/** A credit as composers need it: who, named in the language of the text, in which role; `edition` null for a credit of the whole story. */
export interface CreditFacts {
  role: RoleName;
  /** Code of the person or agency: one party is named once in a line. */
  party: string;
  name: string;
  edition: string | null;
}

/** The credits that hold for one edition: the story's, and its own; a translator who is the author is not named twice. */
export function creditsOfEdition(credits: readonly CreditFacts[], edition: string): CreditFacts[] {
  const own = credits.filter((credit) => credit.edition === null || credit.edition === edition);
  const authors = partiesOf(own, 'AUTHOR');
  return own.filter((credit) => credit.role !== 'TRANSLATOR' || !authors.has(credit.party));
}

/** Who wrote and who translated; null when the desk names nobody. WEB is worded, PRINT only names. */
export function composeByline(credits: readonly CreditFacts[], style: CreditStyleName, say: Say): string | null {
  return line(
    [
      ['authors', namesOf(credits, 'AUTHOR')],
      ['translators', namesOf(credits, 'TRANSLATOR')],
    ],
    style,
    say,
  );
}

/** The wire agencies whose copy was used, worded by the language's own list grammar; null without any. */
export function composeCreditLine(credits: readonly CreditFacts[], style: CreditStyleName, say: Say): string | null {
  return line([['wire', namesOf(credits, 'WIRE')]], style, say);
}

/** Who took the picture and who shot the video. */
export function composeImageCredit(credits: readonly CreditFacts[], say: Say): string | null {
  return line(
    [
      ['photo', namesOf(credits, 'PHOTO')],
      ['video', namesOf(credits, 'VIDEO')],
    ],
    'WEB',
    say,
  );
}

const partiesOf = (credits: readonly CreditFacts[], role: RoleName): Set<string> =>
  new Set(credits.filter((credit) => credit.role === role).map((credit) => credit.party));

/** Names in a role, one for each party, in the desk's order. */
const namesOf = (credits: readonly CreditFacts[], role: RoleName): string[] => [
  ...new Map(credits.filter((credit) => credit.role === role).map((credit) => [credit.party, credit.name])).values(),
];

function line(parts: [wording: string, names: string[]][], style: CreditStyleName, say: Say): string | null {
  const named = parts.filter(([, names]) => names.length > 0);
  if (named.length === 0) return null;
  if (style === 'PRINT') return named.map(([, names]) => names.join('/')).join(' · ');
  return named.map(([wording, names]) => say.text('credits', wording, { names: say.list(names) })).join(' · ');
}
