import type { EntityManager } from 'typeorm';
import type { BlockData } from '../articles/body.js';
import { type FormerSlug, Revision, RevisionBasis, type TranslationRow } from '../articles/translation.js';
import { insertRows } from '../lib/insert-rows.js';
import { grouped } from '../lib/load.js';
import { EventKind } from './event.js';
import { type NewEvent, setTimers, writeEvents } from './event.queries.js';
import { passDue } from './timer-work.queries.js';
import { publicationTimer, slotKey } from './timers.js';

/** A translation as it is to be stored; the database makes its search columns from the two texts. */
export interface TranslationText extends Omit<TranslationRow, 'search' | 'fold' | 'expiresAt' | 'pendingCorrectionAt'> {
  /** Headline and dek. */
  head: string;
  /** The words of the body. */
  text: string;
}

/** What publishing writes: the present state of translations, the revisions that led to it, and what each was made from. */
export interface Publication {
  translations: readonly TranslationText[];
  revisions: readonly Revision[];
  bases: readonly RevisionBasis[];
  formerSlugs: readonly FormerSlug[];
}

/**
 * Appends revisions and brings their translations to them, with an event for each that is out, in the order they came out; one that is yet
 * to come out gets a timer.
 * The stories are locked (`lockArticles`) since the beginning of the transaction. Desks, samples and imports all publish through this.
 */
export async function publish(
  manager: EntityManager,
  { translations, revisions, bases, formerSlugs }: Publication,
  now: Date,
): Promise<void> {
  // A text whose moment has just come is out before it is revised.
  await passDue(manager, [...new Set(translations.map(({ articleUuid }) => articleUuid))], now);
  const before = await outBefore(manager, translations, now);
  await upsertTranslations(manager, translations);
  await insertRows(manager, Revision, revisions);
  await holdPictures(manager, revisions);
  await insertRows(manager, RevisionBasis, bases);
  await insertFormerSlugs(manager, formerSlugs);
  await writeEvents(manager, eventsOf({ translations, revisions }, before, now));
  await setTimers(
    manager,
    translations.map((translation) => publicationTimer(translation, now)).filter(({ at }) => at !== null),
  );
}

/**
 * Lets whoever retracts a picture wait until texts that show it are committed, and texts that are yet to show it until it is retracted. By
 * hand: a foreign key does so for lead pictures; what a body shows has none.
 */
async function holdPictures(manager: EntityManager, revisions: readonly Revision[]): Promise<void> {
  const shown = revisions.flatMap(({ body }) => body.flatMap((block) => (block.type === 'image' ? [block.image] : posterOf(block))));
  if (shown.length === 0) return;
  await manager.query(
    `select from image where code = any($1) or code in (select image_code from image_rendition where url = any($1)) order by code for key share`,
    [[...new Set(shown)]],
  );
}

const posterOf = (block: BlockData): string[] => (block.type === 'video' && block.poster !== undefined ? [block.poster] : []);

/** One event for each revision of a text that is out, the first of them its publication; in the order they came out. */
function eventsOf(
  { translations, revisions }: Pick<Publication, 'translations' | 'revisions'>,
  before: ReadonlySet<string>,
  now: Date,
): NewEvent[] {
  const appended = grouped(translations.map(slotKey), revisions, slotKey);
  return translations
    .flatMap(({ articleUuid, editionCode, revision, publishedAt }, place): NewEvent[] => {
      if (publishedAt === null || publishedAt > now) return [];
      const slot = { articleUuid, editionCode };
      const out = appended[place]!.filter((each) => each.publishedAt !== null && each.publishedAt <= now);
      const first = before.has(slotKey(slot)) ? 0 : 1;
      if (out.length === 0) return first === 0 ? [] : [{ kind: EventKind.PUBLISHED, ...slot, revision, at: publishedAt }];
      return out.map(({ number, significance, publishedAt: at }, index) =>
        index < first
          ? { kind: EventKind.PUBLISHED, ...slot, revision: number, at: at! }
          : { kind: EventKind.REVISED, ...slot, revision: number, at: at!, data: { significance } },
      );
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Which of some translations were out before they are written. */
async function outBefore(manager: EntityManager, translations: readonly TranslationText[], now: Date): Promise<Set<string>> {
  const rows: { articleUuid: string; editionCode: string }[] = await manager.query(
    `select article_uuid as "articleUuid", edition_code as "editionCode" from translation
     where (article_uuid, edition_code) in (select * from unnest($1::uuid[], $2::text[])) and published_at <= $3`,
    [translations.map((each) => each.articleUuid), translations.map((each) => each.editionCode), now],
  );
  return new Set(rows.map(slotKey));
}

/** Inserts translations, or brings those that are there to what is given. */
async function upsertTranslations(manager: EntityManager, translations: readonly TranslationText[]): Promise<void> {
  if (translations.length === 0) return;
  // By hand, because the search columns are computed by PostgreSQL with the edition's own configuration. The join is an outer one so that
  // an unknown edition meets its foreign key instead of vanishing.
  await manager.query(
    `insert into translation (article_uuid, edition_code, is_original, revision, slug, published_at, updated_at, retracted_at, search, fold)
     select r."articleUuid", r."editionCode", r."isOriginal", r.revision, r.slug, r."publishedAt", r."updatedAt", r."retractedAt",
            to_tsvector(coalesce(e.search_config, 'simple')::regconfig, searched(r.head || ' ' || r.text)), fold(r.head)
     from json_to_recordset($1::json) as r("articleUuid" uuid, "editionCode" text, "isOriginal" boolean, revision int, slug text,
          "publishedAt" timestamptz, "updatedAt" timestamptz, "retractedAt" timestamptz, head text, text text)
     left join edition e on e.code = r."editionCode"
     on conflict (article_uuid, edition_code) do update set revision = excluded.revision, slug = excluded.slug,
       published_at = excluded.published_at, updated_at = excluded.updated_at, retracted_at = excluded.retracted_at, search = excluded.search, fold = excluded.fold`,
    [JSON.stringify(translations)],
  );
}

/** Keeps former slugs. By hand, because a slug that is another story's must fail, and the same one again must not. */
async function insertFormerSlugs(manager: EntityManager, slugs: readonly FormerSlug[]): Promise<void> {
  if (slugs.length === 0) return;
  await manager.query(
    `insert into former_slug (edition_code, slug, article_uuid)
     select distinct r."editionCode", r.slug, r."articleUuid"
     from json_to_recordset($1::json) as r("editionCode" text, slug text, "articleUuid" uuid)
     where not exists (select from former_slug f where f.edition_code = r."editionCode" and f.slug = r.slug and f.article_uuid = r."articleUuid")`,
    [JSON.stringify(slugs)],
  );
}

/** Lets a story count as out from a time on: its original has just been published. By hand: it changes one column of a row that is there. */
export const setPublished = (manager: EntityManager, articleUuid: string, at: Date): Promise<void> =>
  manager.query('update article set published_at = $2 where uuid = $1', [articleUuid, at]);

/** Sets until when a story is under embargo, or ends its embargo. By hand, as above. */
export const setEmbargoed = (manager: EntityManager, articleUuid: string, until: Date | null): Promise<void> =>
  manager.query('update article set embargo_until = $2 where uuid = $1', [articleUuid, until]);

/** Sets until when an edition's text may be shown; null for no end. By hand, as above. */
export const setExpiresAt = (
  manager: EntityManager,
  { articleUuid, editionCode }: { articleUuid: string; editionCode: string },
  until: Date | null,
): Promise<void> =>
  manager.query('update translation set expires_at = $3 where article_uuid = $1 and edition_code = $2', [articleUuid, editionCode, until]);
