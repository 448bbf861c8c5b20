import type pg from 'pg';
import { inPackage } from '../../lib/root.js';
import { loadWording, type Say, type Voice } from '../../lib/wording.js';

interface EditionRow extends Omit<Voice, 'override'> {
  code: string;
  primary: boolean;
  direction: string;
  nativeName: string;
  publisherName: string;
  articleUrl: string | null;
  hreflang: string | null;
  fallbacks: string[];
}

interface NoticeAnswer {
  kind: string;
  text: string;
  lang: string;
  direction: string;
}

/** An edition as hand-written code would hold it: its sentences are cut to templates once, at the start. */
export interface Outlet extends Pick<EditionRow, 'code' | 'tag' | 'direction' | 'nativeName' | 'articleUrl' | 'hreflang' | 'fallbacks'> {
  legal: NoticeAnswer;
  fallback(language: string): NoticeAnswer;
  creditLine(names: string[]): string | null;
  byline(authors: string[], translators: string[]): string | null;
}

const gap = '\u0001';

/** All editions of the database, by code, each with its one LEGAL notice worded. */
export async function readOutlets(pool: pg.Pool): Promise<Map<string, Outlet>> {
  const wording = await loadWording(inPackage('locales'));
  const { rows: editions } = await pool.query<EditionRow>(
    `select code, tag, is_primary "primary", direction, native_name "nativeName", publisher_name "publisherName", article_url "articleUrl", hreflang, fallbacks,
            format_locale "formatLocale", calendar, numbering_system "numberingSystem", time_zone "timeZone" from edition`,
  );
  const { rows: notices } = await pool.query<{ wording: string; language: string; kind: string }>(
    'select wording, legal_language "language", kind from notice',
  );
  const [legal] = notices;
  if (!legal || notices.length > 1) throw new Error('the bench expects one notice');
  const sayOf = (edition: EditionRow): Say => wording.say({ ...edition, override: edition.primary ? undefined : edition.code });

  return new Map(
    editions.map((edition): [string, Outlet] => {
      const say = sayOf(edition);
      const worded = say.has('notices', legal.wording) ? edition : editions.find(({ primary, tag }) => primary && tag === legal.language)!;
      const fallback = say.text('notices', 'fallback', { language: gap }).split(gap);
      const line = (wordingKey: string): ((names: string[]) => string | null) => {
        const parts = say.text('credits', wordingKey, { names: gap }).split(gap);
        return (names) => (names.length === 0 ? null : parts.join(say.list(names)));
      };
      const [authors, translators] = [line('authors'), line('translators')];
      const { tag: lang, direction } = edition;
      return [
        edition.code,
        {
          ...edition,
          legal: {
            kind: legal.kind,
            text: sayOf(worded).text('notices', legal.wording, { publisher: worded.publisherName }),
            lang: worded.tag,
            direction: worded.direction,
          },
          fallback: (language) => ({ kind: 'FALLBACK', text: fallback.join(language), lang, direction }),
          creditLine: line('wire'),
          byline: (by, translated) => [authors(by), translators(translated)].filter((each) => each !== null).join(' · ') || null,
        },
      ];
    }),
  );
}
