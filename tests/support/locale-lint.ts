/** One folder of `locales`. */
export interface Folder {
  tag: string;
  files: Record<string, Record<string, string>>;
  grammar: Record<string, unknown> | undefined;
}

/** One thing wrong, with the place it is wrong at. */
type Complaint = string;

const pluralSuffix = /_(zero|one|two|few|many|other)$/u;
const categoryOrder = ['zero', 'one', 'two', 'few', 'many', 'other'];
const placeholder = /\{\{\w+\}\}/gu;

const withoutPlural = (keys: string[]): string[] => [...new Set(keys.map((key) => key.replace(pluralSuffix, '')))];
const linesOf = ({ tag, files }: Folder): { at: string; file: string; key: string; text: string }[] =>
  Object.entries(files).flatMap(([file, lines]) =>
    Object.entries(lines).map(([key, text]) => ({ at: `${tag}/${file}.json ${key}`, file, key, text })),
  );
const inEnglish = (en: Folder, file: string, key: string): string | undefined =>
  en.files[file]?.[key] ?? en.files[file]?.[key.replace(pluralSuffix, '_other')];

/** The same files with the same keys in the same order as English; plural forms of one key count as one. */
export function keysAsInEnglish(folder: Folder, en: Folder): Complaint[] {
  return [...new Set([...Object.keys(en.files), ...Object.keys(folder.files)])].flatMap((file) => {
    const [here, there] = [folder, en].map((each) => withoutPlural(Object.keys(each.files[file] ?? {})).join(' '));
    return here === there ? [] : [`${folder.tag}/${file}.json: ${here} instead of ${there}`];
  });
}

/** Only labels, credits and notices of keys that the language's own folder has, each worded otherwise: errors and grammar are the language's. */
export function overridesKnownKeys({ tag, files, grammar }: Folder, language: Folder): Complaint[] {
  const wording = Object.entries(files).flatMap(([file, lines]) =>
    Object.entries(lines).flatMap(([key, text]) => {
      const own = file === 'errors' ? undefined : language.files[file]?.[key];
      if (own === undefined) return [`${tag}/${file}.json ${key}: nothing that an edition may override`];
      return own === text ? [`${tag}/${file}.json ${key}: worded as in ${language.tag}`] : [];
    }),
  );
  return [...wording, ...(grammar ? [`${tag}/grammar.json: grammar is the language's`] : [])];
}

/** The plural forms a language counts with: our own rule where Intl has none. */
export function categoriesOf({ tag, grammar }: Folder): string[] {
  if (grammar?.plural !== undefined) return grammar.plural === 'one-other' ? ['one', 'other'] : ['other'];
  if (Intl.PluralRules.supportedLocalesOf(tag).length === 0) return [];
  const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
  return categoryOrder.filter((category) => (pluralCategories as string[]).includes(category));
}

/** Exactly the plural forms the language has, in the order zero to other. */
export function pluralsOfTheLanguage(folder: Folder): Complaint[] {
  const expected = categoriesOf(folder).join(' ');
  return Object.entries(folder.files).flatMap(([file, lines]) => {
    const forms = new Map<string, string[]>();
    for (const key of Object.keys(lines)) {
      const category = pluralSuffix.exec(key)?.[1];
      if (category) forms.set(key.replace(pluralSuffix, ''), [...(forms.get(key.replace(pluralSuffix, '')) ?? []), category]);
    }
    return [...forms].flatMap(([key, found]) =>
      found.join(' ') === expected && expected
        ? []
        : [`${folder.tag}/${file}.json ${key}: forms ${found.join(' ')} instead of ${expected}`],
    );
  });
}

/** The same placeholders as in English, each as often, and no brace or nesting mark besides. */
export function placeholdersAsInEnglish(folder: Folder, en: Folder): Complaint[] {
  const names = (text: string): string => (text.match(placeholder) ?? []).sort().join(' ');
  return linesOf(folder).flatMap(({ at, file, key, text }) => {
    const expected = names(inEnglish(en, file, key) ?? '');
    if (/[{}]|\$t\(/u.test(text.replace(placeholder, ''))) return [`${at}: a broken placeholder in “${text}”`];
    return names(text) === expected ? [] : [`${at}: ${names(text)} instead of ${expected}`];
  });
}

/** No letter, mark, digit, hyphen, apostrophe, joiner or other placeholder touches a placeholder: an ending would. */
export function placeholdersStandFree(folder: Folder): Complaint[] {
  const near = String.raw`\p{L}|\p{M}|\p{N}|\u200C|\u200D|['’ʼʻ\u00AD\u2010\u2011-]`;
  const touching = new RegExp(String.raw`(?:${near}|\})\{\{\w+\}\}|\{\{\w+\}\}(?:${near}|\{)`, 'u');
  return linesOf(folder).flatMap(({ at, text }) => (touching.test(text) ? [`${at}: something touches a placeholder in “${text}”`] : []));
}

const scripts = ['Latin', 'Cyrillic', 'Arabic', 'Georgian', 'Armenian', 'Greek', 'Hebrew'].map(
  (name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const,
);
const wordsOf = (text: string): string[] => text.replace(placeholder, ' ').match(/(?:\p{L}|\p{M}|\u200C|\u200D|['’ʼʻ])+/gu) ?? [];
const scriptsOf = (word: string): string[] => scripts.flatMap(([name, letter]) => (letter.test(word) ? [name] : []));

/** No word has letters of two scripts: a look-alike letter is invisible to a reader and breaks search and speech. */
export function oneScriptInAWord(folder: Folder): Complaint[] {
  return linesOf(folder).flatMap(({ at, text }) =>
    wordsOf(text).flatMap((word) => (scriptsOf(word).length > 1 ? [`${at}: “${word}” mixes ${scriptsOf(word).join(' and ')}`] : [])),
  );
}

/** Words in another script than the language's own are names of standards only: else they may be look-alikes throughout. */
export function foreignWordsAreNames(folder: Folder, script: string, names: ReadonlySet<string>): Complaint[] {
  return linesOf(folder).flatMap(({ at, text }) =>
    wordsOf(text).flatMap((word) => {
      const [found] = scriptsOf(word);
      return found === undefined || found === script || names.has(word) ? [] : [`${at}: “${word}” is ${found}`];
    }),
  );
}

/** No text is English left as it was, but where the languages share the word. */
export function notLeftInEnglish(folder: Folder, en: Folder, shared: ReadonlySet<string>): Complaint[] {
  const folded = (text: string): string => text.normalize('NFKC').toLowerCase();
  return linesOf(folder).flatMap(({ at, file, key, text }) => {
    const english = inEnglish(en, file, key);
    return english !== undefined && folded(english) === folded(text) && !shared.has(`${folder.tag} ${key}`) ? [`${at}: still English`] : [];
  });
}

/** No sentence is the same in two languages. */
export function notTakenFromAnother(folders: readonly Folder[], sameLanguage: (one: string, other: string) => boolean): Complaint[] {
  const seen = new Map<string, { tag: string; at: string }>();
  return folders.flatMap((folder) =>
    linesOf(folder).flatMap(({ at, text }) => {
      const before = seen.get(text);
      seen.set(text, { tag: folder.tag, at });
      const sentence = text.replace(placeholder, '').length > 24;
      return before && sentence && before.tag !== folder.tag && !sameLanguage(before.tag, folder.tag)
        ? [`${at}: the same as ${before.at}`]
        : [];
    }),
  );
}

// The characters XML 1.0 forbids, and C1 controls; surrogates without a partner.
const forbidden = /[\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]|\p{Cs}/u;

/** Text as it may be shown and sent anywhere: NFC, no control characters, no stray spaces, no typewriter quotation marks, never empty. */
export function cleanText(folder: Folder): Complaint[] {
  return linesOf(folder).flatMap(({ at, text }) => [
    ...(text === '' ? [`${at}: empty`] : []),
    ...(text === text.normalize('NFC') ? [] : [`${at}: not NFC`]),
    ...(forbidden.test(text) ? [`${at}: a forbidden character`] : []),
    ...(/^\s|\s$|\s\s/u.test(text) ? [`${at}: a stray space`] : []),
    ...(/["']/u.test(text) ? [`${at}: a typewriter quotation mark`] : []),
  ]);
}

/** Only the listed parts of `grammar.json`, each for its reason; what is missing there, the voice itself reports. */
export function grammarForAReason({ tag, grammar }: Folder, reasons: Readonly<Record<string, readonly string[]>>): Complaint[] {
  const needless = Object.keys(grammar ?? {}).filter((part) => !reasons[tag]?.includes(part));
  return needless.map((part) => `${tag}/grammar.json: ${part}, which Intl knows`);
}
