import { chance, pick } from './chance.js';

const letters: Record<string, [consonants: string, vowels: string]> = {
  Latn: ['bcdfghjklmnprstvyz', 'aeiou'],
  Cyrl: ['бвгджзклмнпрстфхцчш', 'аеиоуыэюя'],
  Arab: ['بتجحخدرزسشصطعغفقكلمنه', 'اوي'],
  Armn: ['բգդզթլխծկհձղճմյնշչպջռսվտրցփք', 'աեէըիօ'],
  Geor: ['ბგდვზთკლმნპჟრსტფქღყშჩცძწჭხჯჰ', 'აეიოუ'],
};

// Scripts that begin a sentence with a large letter; Georgian's own upper case is for whole words.
const withCapitals = new Set(['Latn', 'Cyrl', 'Armn']);
const vocabularySize = 2000;
const vocabularies = new Map<string, string[]>();

/** Text in words of one script: seeded, frequent words more often than rare ones. */
export interface Writer {
  /** So many words, separated by spaces. */
  words(count: number): string;
  /** Sentences with so many words together. */
  sentences(count: number): string;
}

/** A writer in a script (ISO 15924). Throws for a script without letters here. */
export function writerIn(script: string, random: () => number): Writer {
  const vocabulary = vocabularies.get(script) ?? makeVocabulary(script);
  vocabularies.set(script, vocabulary);
  const word = (): string => vocabulary[Math.floor(random() ** 2 * vocabulary.length)]!;
  const words = (count: number): string => Array.from({ length: count }, word).join(' ');
  const sentence = (count: number): string => {
    const text = words(count);
    return `${withCapitals.has(script) ? text.charAt(0).toUpperCase() + text.slice(1) : text}.`;
  };
  const sentences = (count: number): string => {
    const parts: string[] = [];
    for (let left = count; left > 0; left -= 12) parts.push(sentence(Math.min(left, 12)));
    return parts.join(' ');
  };
  return { words, sentences };
}

function makeVocabulary(script: string): string[] {
  const known = letters[script];
  if (!known) throw new Error(`the bench has no letters of script ${script}`);
  const [consonants, vowels] = known.map((each) => [...each]) as [string[], string[]];
  const random = chance(script.charCodeAt(0) + script.charCodeAt(3));
  return Array.from(
    { length: vocabularySize },
    () =>
      Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(random, consonants) + pick(random, vowels)).join('') +
      (random() < 0.5 ? pick(random, consonants) : ''),
  );
}
