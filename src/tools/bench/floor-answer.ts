import { addressOf } from '../../articles/address.js';
import type { BlockData } from '../../articles/body.js';
import { renderHtml } from '../../articles/render-body.js';
import { articleUrn, translationUrn } from '../../articles/urn.js';
import type { Outlet } from './floor-outlets.js';
import type { ArticleRow, ListRow, NameRow, TextRow } from './floor-rows.js';

interface Parts {
  outlets: ReadonlyMap<string, Outlet>;
  publicUrl: string;
}

const nameOf = ({ code, text, lang }: NameRow) => ({ code, name: { text, lang } });
const nothingShown = { pictures: new Map(), stories: new Map(), directionOf: () => 'LTR' as const, absolute: (path: string) => path };
const html = (body: unknown): string => renderHtml(body as BlockData[], nothingShown);

/** The data of a list, as the gateway gives it; `rows` is one more than asked for when there are more. */
export function listAnswer(rows: readonly ListRow[], asked: { edition: string; first: number; bodies: boolean }, parts: Parts) {
  const outlet = parts.outlets.get(asked.edition)!;
  const shown = rows.slice(0, asked.first);
  const last = shown.at(-1);
  const place = last && JSON.stringify(['PUBLISHED_DESC', new Date(last.published).getTime(), last.uuid]);
  const endCursor = place === undefined ? null : Buffer.from(place).toString('base64url');
  return {
    articles: {
      edges: shown.map((row) => ({
        node: {
          id: articleUrn({ ...row, issuedOn: row.issued }),
          kind: row.kind,
          topics: row.topics.map(nameOf),
          people: row.people.map(nameOf),
          translations: row.editions.map((code) => ({ edition: { code } })),
        },
        served: {
          resolution: { reason: 'EXACT', served: { code: asked.edition } },
          translation: {
            ...textAnswer(row, row, outlet, parts),
            creditLine: outlet.creditLine(row.wires),
            ...(asked.bodies ? { body: { html: html(row.body) } } : {}),
          },
          notices: [outlet.legal],
        },
      })),
      pageInfo: { hasNextPage: rows.length > asked.first, endCursor },
    },
  };
}

/** The data of one story, as the gateway gives it. */
export function articleAnswer(row: ArticleRow, asked: { edition: string; chain: string[] }, parts: Parts) {
  const outlet = parts.outlets.get(row.served)!;
  const reader = parts.outlets.get(asked.edition)!;
  const authors = row.credits.filter(({ role }) => role === 'AUTHOR');
  const translators = row.credits.filter(({ role, party }) => role === 'TRANSLATOR' && !authors.some((author) => author.party === party));
  const names = (credits: ArticleRow['credits']): string[] => credits.map(({ name }) => name);
  return {
    articleBySlug: {
      id: articleUrn({ ...row, issuedOn: row.issued }),
      kind: row.kind,
      topics: row.topics.map(nameOf),
      people: row.people.map(nameOf),
      alternates: row.translations.flatMap(({ edition, slug }) => {
        const other = parts.outlets.get(edition)!;
        return other.hreflang === null
          ? []
          : [{ hreflang: other.hreflang, url: addressOf(other, { slug, yyyymmdd: row.issued }, parts.publicUrl) }];
      }),
      served: {
        resolution: {
          requested: [reader.tag],
          reason: row.served === asked.edition ? 'EXACT' : 'FALLBACK',
          served: { code: row.served },
          tried: asked.chain.slice(0, asked.chain.indexOf(row.served) + 1).map((code) => parts.outlets.get(code)!.tag),
        },
        translation: {
          ...textAnswer(row, row.text, outlet, parts),
          wordCount: row.text.words,
          body: { html: html(row.text.body) },
          byline: outlet.byline(names(authors), names(translators)),
          creditLine: outlet.creditLine(names(row.credits.filter(({ role }) => role === 'WIRE'))),
          credits: row.credits.map(({ role, name, lang }) => ({ role, name, lang })),
        },
        notices: outlet === reader ? [reader.legal] : [reader.fallback(outlet.nativeName), reader.legal],
      },
    },
  };
}

function textAnswer(story: { uuid: string; domain: string; issued: string }, text: TextRow, outlet: Outlet, { publicUrl }: Parts) {
  return {
    id: translationUrn({ ...story, issuedOn: story.issued }, outlet.code),
    revision: text.revision,
    headline: text.headline,
    dek: text.dek,
    url: addressOf(outlet, { slug: text.slug, yyyymmdd: story.issued }, publicUrl),
    lang: outlet.tag,
    direction: outlet.direction,
    publishedAt: new Date(text.published).toISOString(),
  };
}
