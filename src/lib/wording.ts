import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type i18n, type Resource } from 'i18next';

export type Values = Record<string, string | number>;
export type Namespace = 'labels' | 'credits' | 'notices' | 'desk' | 'errors';

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
  /** The name of a country by its code (ISO 3166-1); a part of one, and a country the language has no name for, is its code. */
  territory(code: string): string;
  /** Date and time of day in the edition's calendar, digits and time zone. */
  dateTime(instant: Date): string;
}

/** What a folder of `locales` holds: its files, by their names without `.json`. */
export type Bundle = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The wordings of all folders, made once; `say` binds one language. */
export interface Wording {
  /** The languages: folders that word errors, as those do not that override single wordings. */
  tags: readonly string[];
  /** What it is made from, by folder. */
  bundles: ReadonlyMap<string, Bundle>;
  say(voice: Voice): Say;
}

const namespaces: Namespace[] = ['labels', 'credits', 'notices', 'desk', 'errors'];

/** The wordings of a `locales` folder; throws when one of its folders cannot be read. */
export const loadWording = async (folder: string): Promise<Wording> => makeWording(readBundles(folder));

function readBundles(folder: string): Map<string, Bundle> {
  const tags = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(tags.map(({ name }) => [name, readBundle(join(folder, name))]));
}

function readBundle(folder: string): Bundle {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = (name: string): Bundle[string] => {
    try {
      return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Bundle[string];
    } catch (error) {
      throw new Error(`no wording could be read from ${join(folder, name)}: ${(error as Error).message}`, { cause: error });
    }
  };
  return Object.fromEntries(files.sort().map((name) => [name.slice(0, -'.json'.length), read(name)]));
}

/** Wordings of what folders hold; throws for a folder whose name or content says nothing. */
export async function makeWording(bundles: ReadonlyMap<string, Bundle>): Promise<Wording> {
  const folders = [...bundles.keys()];
  const instance = i18next.createInstance();
  await instance.init({
    lng: 'en',
    resources: Object.fromEntries([...bundles].map(([tag, bundle]) => [tag, bundle as Resource[string]])),
    // Exact tags only: choosing a language is never i18next's work.
    load: 'currentOnly',
    fallbackLng: false,
    cleanCode: false,
    ns: namespaces,
    nsSeparator: ':',
    keySeparator: false,
    returnNull: false,
    interpolation: { escapeValue: false },
  });
  // i18next writes some names in another case and then finds nothing under them, without a word.
  const words = (lng: string, ns: Namespace): boolean => {
    const [key] = Object.keys(bundles.get(lng)?.[ns] ?? {});
    return key !== undefined && instance.exists(key, { lng, ns });
  };
  const unread = folders.find((lng) => !namespaces.some((namespace) => words(lng, namespace)));
  if (unread !== undefined) throw new Error(`no wording could be read from locales/${unread}`);
  const tags = folders.filter((tag) => bundles.get(tag)?.errors !== undefined);
  const bound = new Map<string, Say>();
  const say = (voice: Voice): Say => {
    // Intl's formatters cost more than what they format: one set for each voice, kept for good.
    const key = [voice.tag, voice.override, voice.formatLocale, voice.calendar, voice.numberingSystem, voice.timeZone].join('|');
    const known = bound.get(key) ?? speak(instance, voice, bundles.get(voice.tag)?.grammar ?? {});
    bound.set(key, known);
    return known;
  };
  return { tags, bundles, say };
}

function speak(instance: i18n, voice: Voice, grammar: Grammar): Say {
  const folders = [voice.override, voice.tag].filter((each): each is string => each !== undefined);
  const folderOf = (namespace: Namespace, key: string): string | undefined =>
    folders.find((lng) => instance.getResource(lng, namespace, key) !== undefined);
  const digits = numberFormat(voice, grammar);
  const list = listFormat(voice, grammar);
  const dateTime = dateFormat(voice, grammar, digits);
  const category = pluralRule(voice, grammar);
  const territory = territoryNames(voice);
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
    territory,
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

/** Where Intl has no names for a language it silently takes those of another: then the code says more. */
function territoryNames({ tag }: Voice): Say['territory'] {
  if (Intl.DisplayNames.supportedLocalesOf(tag).length === 0) return (code) => code;
  const names = new Intl.DisplayNames(tag, { type: 'region', fallback: 'code' });
  return (code) => (code.length === 2 ? names.of(code)! : code);
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
