import { Direction, Edition } from '../../editions/edition.js';
import { Editions } from '../../editions/edition.loaders.js';
import { asRow } from '../../lib/load.js';
import { Topic } from '../../topics/topic.js';
import type { SandboxWords } from './text.js';
import { en } from './texts/en.js';
import { fa } from './texts/fa.js';
import { ru } from './texts/ru.js';
import { tt } from './texts/tt.js';

const everyEdition = {
  ...{ primary: true, calendar: 'gregory', numberingSystem: 'latn', direction: Direction.LTR, articleUrl: null },
  ...{ formerArticleUrls: [], fallbacks: [], equivalents: [], searchConfig: 'simple', staleNotices: false, active: true },
};

const edition = (tag: string, own: Partial<Edition>): Edition =>
  asRow(Edition, {
    ...everyEdition,
    ...{ code: tag, tag, htmlLang: tag, hreflang: tag, siteUrl: `https://${tag}.sandbox.example`, desk: tag, region: tag },
    ...own,
  });

/** The editions of the sandbox, whatever those of the gateway are: the same everywhere. */
export const sandboxEditions = new Editions([
  edition('en', { ...{ formatLocale: 'en-US', script: 'Latn', timeZone: 'UTC' }, nativeName: 'English', publisherName: 'Sandbox News' }),
  edition('fa', {
    ...{ formatLocale: 'fa-IR', script: 'Arab', direction: Direction.RTL, calendar: 'persian', numberingSystem: 'arabext' },
    ...{ timeZone: 'Asia/Tehran', nativeName: 'فارسی', publisherName: 'خبرهای آزمایشی' },
  }),
  edition('ru', {
    ...{ formatLocale: 'ru-RU', script: 'Cyrl', timeZone: 'Europe/Moscow', nativeName: 'русский', publisherName: 'Пробные новости' },
  }),
  edition('tt', {
    ...{ formatLocale: 'tt-RU', script: 'Cyrl', timeZone: 'Europe/Moscow', nativeName: 'татарча', publisherName: 'Сынау хәбәрләре' },
  }),
]);

/** The edition in which every story is the original. */
export const homeEdition = 'en';

/** What each edition says, by its code. */
export const wordsOf: Readonly<Record<string, SandboxWords>> = { en, fa, ru, tt };

const topic = (code: string, names: Record<string, string>): Topic => asRow(Topic, { code, language: 'en', names });

/** The topics of the sandbox; nothing is ever filed under `empty`. */
export const sandboxTopics: ReadonlyMap<string, Topic> = new Map(
  [
    topic('town', { en: 'Town', ru: 'Город', tt: 'Шәһәр', fa: 'شهر' }),
    topic('culture', { en: 'Culture', ru: 'Культура', tt: 'Мәдәният', fa: 'فرهنگ' }),
    topic('empty', { en: 'Nothing yet', ru: 'Пока ничего', tt: 'Әлегә буш', fa: 'فعلاً خالی' }),
  ].map((each) => [each.code, each]),
);
