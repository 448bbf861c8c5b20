import type { UrnParts } from '../articles/urn.js';
import { asRow, columnsOf, query, type Read } from '../lib/load.js';
import type { HoldingRow } from './holding.js';
import { TakedownCauseRow } from './takedown.js';
import { type ListedTakedown, takedownsOfStory } from './takedown-list.queries.js';

/** All that the ledger knows of one story: who was given what of it, what was taken away, and who was asked to take it down. */
export interface TakedownReport {
  story: UrnParts & { home: string; publishedAt: Date | null };
  /** Oldest first. */
  causes: TakedownCauseRow[];
  /** By partner, edition, revision and channel. */
  holdings: (Pick<HoldingRow, 'editionCode' | 'revision' | 'channel' | 'firstAt' | 'lastAt' | 'notices'> & { partner: string })[];
  /** Oldest first. */
  orders: ListedTakedown[];
  /** What partners are called, by code. */
  names: ReadonlyMap<string, string>;
}

/** The report of a story that is there. By hand: its parts are found by the story, not by their keys. */
export async function takedownReport(read: Read, story: TakedownReport['story']): Promise<TakedownReport> {
  const { uuid } = story;
  const [causes, holdings, orders, partners] = await Promise.all([
    query<object[]>(
      read,
      `select ${columnsOf(read.manager, TakedownCauseRow, 'c')} from takedown_cause c
       where c.article_uuid = $1::uuid or c.event_uuid in (select event_uuid from takedown_order where article_uuid = $1::uuid) order by c.at, c.event_uuid`,
      [uuid],
    ),
    query<TakedownReport['holdings']>(
      read,
      `select h.partner_code as partner, h.edition_code as "editionCode", h.revision, h.channel, h.first_at as "firstAt", h.last_at as "lastAt", h.notices
       from holding h where h.article_uuid = $1::uuid
       order by h.partner_code collate "C", h.edition_code collate "C", h.revision, h.channel collate "C"`,
      [uuid],
    ),
    takedownsOfStory(read, uuid),
    query<{ code: string; name: string }[]>(
      read,
      'select code, name from partner where code in (select partner_code from holding where article_uuid = $1::uuid union select partner_code from takedown_order where article_uuid = $1::uuid)',
      [uuid],
    ),
  ]);
  return {
    ...{ story, holdings, orders, names: new Map(partners.map(({ code, name }) => [code, name])) },
    causes: causes.map((record) => asRow(TakedownCauseRow, record)),
  };
}

/** The story of a uuid, whoever may see it; null for none. By hand: readers' loaders do not give what is gone. */
export async function reportedStory(read: Read, uuid: string): Promise<TakedownReport['story'] | null> {
  const [story] = await query<TakedownReport['story'][]>(
    read,
    `select uuid, domain, issued_on as "issuedOn", home_edition_code as home, published_at as "publishedAt" from article where uuid = $1::uuid`,
    [uuid],
  );
  return story ?? null;
}
