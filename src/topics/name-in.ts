import { Direction, type Edition } from '../editions/edition.js';
import { scriptOf } from '../editions/resolve-locale.js';
import type { Name } from './named.js';

// Scripts written from right to left, by ISO 15924; never asked of Intl, which errs for several languages.
const rightToLeft = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg']);

/** The direction of a text in a language: that of the script it is written in. */
export const directionOf = (tag: string): Direction => (rightToLeft.has(scriptOf(tag)) ? Direction.RTL : Direction.LTR);

/** The name as an edition's readers expect it; where its language has none, the name in the row's own language, and `lang` says so. */
export function nameIn(named: { language: string; names: Record<string, string> }, edition: Pick<Edition, 'tag'> | null): Name {
  const lang = edition && named.names[edition.tag] !== undefined ? edition.tag : named.language;
  return { text: named.names[lang] ?? '', lang, direction: directionOf(lang) };
}
