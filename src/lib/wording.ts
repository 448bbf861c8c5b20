import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type i18n } from 'i18next';
import Backend from 'i18next-fs-backend';

export type Values = Record<string, string | number>;
export type Namespace = 'labels' | 'credits' | 'notices' | 'errors';

/** What Intl lacks for a language: `locales/<tag>/grammar.json`. */
interface Grammar {
  plural?: 'other' | 'one-other';
  list?: { two: string; middle: string; end: string };
  months?: string[];
  dateTime?: string;
}

/** How an edition writes: the folders its wording is in (own first), and the conventions of its dates and digits. */
export interface Voice {
  /** The language of the wording; the last folder. */
  tag: string;
  /** A folder that overrides single keys, when there is one. */
  override?: string | undefined;
  formatLocale: string;
  calendar: string;
  numberingSystem: string;
  timeZone: string;
}

/** One language speaking: every sentence, list, number and date a reader sees comes from here. */
export interface Say {
  /** Whether the wording exists in this language itself. */
  has(namespace: Namespace, key: string): boolean;
  /** The names of the values that a wording takes; none where there is no such wording. */
  takes(namespace: Namespace, key: string): string[];
  /** The wording with its values filled in. Throws on a key no folder has: the locale tests keep that from happening. */
  text(namespace: Namespace, key: string, values?: Values): string;
  /** The plural form of `key` for `count`, with the number in the edition's digits. */
  count(namespace: Namespace, key: string, count: number): string;
  /** "A, B and C" by the language's own list grammar. */
  list(items: readonly string[]): string;
  /** Date and time of day in the edition's calendar, digits and time zone. */
  dateTime(instant: Date): string;
}

/** All wordings of a `locales` folder, read once; `voice` binds one language. */
export interface Wording {
  tags: readonly string[];
  say(voice: Voice): Say;
}

const namespaces: Namespace[] = ['labels', 'credits', 'notices', 'errors'];

/** Reads every folder of `locales`; throws when one cannot be read. */
export async function loadWording(folder: string): Promise<Wording> {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const instance = i18next.createInstance();
  await instance.use(Backend).init({
    lng: 'en',
    preload: folders,
    // Exact tags only: choosing a language is never i18next's work.
    load: 'currentOnly',
    fallbackLng: false,
    cleanCode: false,
    ns: namespaces,
    nsSeparator: ':',
    keySeparator: false,
    returnNull: false,
    interpolation: { escapeValue: false },
    backend: { loadPath: join(folder, '{{lng}}', '{{ns}}.json') },
  });
  // i18next writes some names in another case and then finds no such folder, without a word.
  const unread = folders.find((lng) => !namespaces.some((namespace) => instance.hasResourceBundle(lng, namespace)));
  if (unread !== undefined) throw new Error(`no wording could be read from ${join(folder, unread)}`);
  const grammars = new Map(folders.map((tag) => [tag, readGrammar(join(folder, tag, 'grammar.json'))]));
  const tags = folders.filter((tag) => existsSync(join(folder, tag, 'errors.json')));
  const bound = new Map<string, Say>();
  const say = (voice: Voice): Say => {
    // Intl's formatters cost more than what they format: one set for each voice, kept for good.
    const key = [voice.tag, voice.override, voice.formatLocale, voice.calendar, voice.numberingSystem, voice.timeZone].join('|');
    const known = bound.get(key) ?? speak(instance, voice, grammars.get(voice.tag) ?? {});
    bound.set(key, known);
    return known;
  };
  return { tags, say };
}

const readGrammar = (file: string): Grammar => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Grammar) : {});

function speak(instance: i18n, voice: Voice, grammar: Grammar): Say {
  const folders = [voice.override, voice.tag].filter((each): each is string => each !== undefined);
  const folderOf = (namespace: Namespace, key: string): string | undefined =>
    folders.find((lng) => instance.getResource(lng, namespace, key) !== undefined);
  const digits = numberFormat(voice, grammar);
  const list = listFormat(voice, grammar);
  const dateTime = dateFormat(voice, grammar, digits);
  const category = pluralRule(voice, grammar);
  const text: Say['text'] = (namespace, key, values = {}) => {
    const lng = folderOf(namespace, key);
    if (!lng) throw new Error(`no wording for ${namespace}:${key} in ${folders.join(', ')}`);
    const shown = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? digits(value) : value]),
    );
    return instance.t(key, { ...shown, lng, ns: namespace });
  };
  return {
    has: (namespace, key) => folderOf(namespace, key) !== undefined,
    takes: (namespace, key) =>
      [...String(instance.getResource(folderOf(namespace, key) ?? voice.tag, namespace, key) ?? '').matchAll(/\{\{(\w+)\}\}/gu)].map(
        ([, name]) => name!,
      ),
    text,
    count: (namespace, key, count) => text(namespace, `${key}_${category(count)}`, { count }),
    list,
    dateTime,
  };
}

/** Where Intl has no data it silently follows the process's locale: then only our own table may decide. */
function ensure(supported: readonly string[], voice: Voice, what: string): void {
  if (supported.length === 0) throw new Error(`Intl has no ${what} for ${voice.tag}: locales/${voice.tag}/grammar.json must give them`);
}

function numberFormat(voice: Voice, grammar: Grammar): (value: number) => string {
  // No grouping: the only part of an integer's format that differs where Intl lacks a language.
  const format = new Intl.NumberFormat(grammar.months ? 'en' : voice.formatLocale, {
    numberingSystem: voice.numberingSystem,
    useGrouping: false,
  });
  return (value) => format.format(value);
}

function pluralRule(voice: Voice, grammar: Grammar): (count: number) => string {
  if (grammar.plural === 'other') return () => 'other';
  if (grammar.plural === 'one-other') return (count) => (count === 1 ? 'one' : 'other');
  ensure(Intl.PluralRules.supportedLocalesOf(voice.tag), voice, 'plural rules');
  const rules = new Intl.PluralRules(voice.tag);
  return (count) => rules.select(count);
}

function listFormat(voice: Voice, { list }: Grammar): Say['list'] {
  if (!list) {
    ensure(Intl.ListFormat.supportedLocalesOf(voice.tag), voice, 'list words');
    const format = new Intl.ListFormat(voice.tag, { type: 'conjunction' });
    return (items) => format.format(items);
  }
  const join = (pattern: string, first: string, second: string): string =>
    pattern.replace(/\{([01])\}/gu, (_, index) => (index === '0' ? first : second));
  return (items) => {
    if (items.length < 2) return items.join('');
    const last = items.at(-1) ?? '';
    const before = items.slice(0, -1).reduce((all, item) => join(list.middle, all, item));
    return join(items.length === 2 ? list.two : list.end, before, last);
  };
}

function dateFormat(voice: Voice, { months, dateTime }: Grammar, digits: (value: number) => string): Say['dateTime'] {
  const { calendar, numberingSystem, timeZone } = voice;
  if (!months || !dateTime) {
    ensure(Intl.DateTimeFormat.supportedLocalesOf(voice.formatLocale), voice, 'month names');
    const format = new Intl.DateTimeFormat(voice.formatLocale, {
      dateStyle: 'long',
      timeStyle: 'short',
      calendar,
      numberingSystem,
      timeZone,
    });
    // Without the era: CLDR has it in Pashto dates, in Latin letters.
    return (instant) =>
      format
        .formatToParts(instant)
        .map(({ type, value }) => (type === 'era' ? '' : value))
        .join('')
        .trim();
  }
  const parts = new Intl.DateTimeFormat('en-GB', {
    calendar,
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (instant) => {
    const part = Object.fromEntries(parts.formatToParts(instant).map(({ type, value }) => [type, value])) as Record<
      'year' | 'month' | 'day' | 'hour' | 'minute',
      string
    >;
    const shown: Record<string, string> = {
      day: digits(Number(part.day)),
      month: months[Number(part.month) - 1] ?? '',
      year: digits(Number(part.year)),
      time: `${part.hour}:${part.minute}`,
    };
    return dateTime.replace(/\{(\w+)\}/gu, (_, name: string) => shown[name] ?? '');
  };
}
