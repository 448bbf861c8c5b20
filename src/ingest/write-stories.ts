import type { EntityManager } from 'typeorm';
import { ArticleAgency, ArticlePerson, ArticlePlace, ArticleRelated, ArticleTopic } from '../articles/article-links.js';
import type { TombstoneRow } from '../articles/tombstone.js';
import { CreditRow } from '../credits/credit.js';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { grouped } from '../lib/load.js';
import { cleanDeep } from '../lib/text.js';
import { EventKind } from '../publishing/event.js';
import { dropFromCaches, lockArticles, writeEvents } from '../publishing/event.queries.js';
import { publish } from '../publishing/publish.queries.js';
import { insertTombstones } from '../publishing/retract.queries.js';
import { setEmbargoTimers } from '../publishing/timer.queries.js';
import { Agency } from '../topics/agency.js';
import { articleUuid } from './ids.js';
import { articleRow, planStory, type StoryPlan } from './plan-story.js';
import type { Story } from './story.js';
import { changedByDesks, newCredits, storedArticles, storedTombstones, storedTranslations, upsertArticles } from './story.queries.js';

/** What a writer has to know beside the stories. */
export interface WriteOptions {
  /** The publisher's, for URNs of new stories. */
  domain: string;
  now: Date;
  /** Agencies that the stories credit, should they not be there. */
  agencies?: readonly Values<Agency>[];
}

/** How many translations were written, of how many stories; `unchanged` ones were there with the same text. */
export interface Written {
  stories: number;
  translations: number;
  unchanged: number;
}

/**
 * Writes stories with distinct ids in one transaction: all or none. New ones are inserted, changed texts get one more revision, and what is
 * there with the same text stays as it is. Throws StoryRefused, or the database's error where a code names no row or a slug is taken.
 */
export function writeStories(manager: EntityManager, stories: readonly Story[], options: WriteOptions): Promise<Written> {
  const clean = cleanDeep(stories);
  return manager.transaction(async (transaction) => {
    // Readers are held to seconds; a batch may wait for another import that holds its stories. It writes nothing, so the lock is still first.
    await transaction.query(`set local statement_timeout = '5min'`);
    await lockArticles(
      transaction,
      clean.map((story) => articleUuid(story.id)),
    );
    await insertRows(transaction, Agency, options.agencies ?? []);
    const articles = clean.map((story) => articleRow(story, options));
    await upsertArticles(transaction, articles);
    await setEmbargoTimers(transaction, articles, options.now);
    // Read behind the locks that the articles hold: another import of them has ended by now.
    const plans = await planStories(transaction, clean, options.now);
    const translations = plans.flatMap((plan) => plan.translations);
    const desks = await changedByDesks(
      transaction,
      plans.map(({ uuid }) => uuid),
    );
    await publish(
      transaction,
      {
        translations: translations.flatMap(({ row }) => row ?? []),
        revisions: translations.flatMap(({ revisions }) => revisions),
        bases: plans.flatMap(({ bases }) => bases),
        formerSlugs: translations.flatMap(({ formerSlugs }) => formerSlugs),
      },
      options.now,
    );
    await insertRows(
      transaction,
      CreditRow,
      await newCredits(
        transaction,
        plans.flatMap(({ uuid, credits }) => credits.filter(({ editionCode }) => editionCode !== null || !desks.has(uuid))),
      ),
    );
    await tellTombstones(
      transaction,
      plans.flatMap(({ tombstones }) => tombstones),
      options.now,
    );
    await insertLinks(
      transaction,
      clean.filter(({ id }) => !desks.has(articleUuid(id))),
    );
    await insertRelated(transaction, clean);
    return count(plans);
  });
}

/** What `writeStories` would write, without writing; the counts only. Throws StoryRefused. */
export const rehearseStories = async (manager: EntityManager, stories: readonly Story[], { now }: WriteOptions): Promise<Written> =>
  count(await planStories(manager, cleanDeep(stories), now));

async function planStories(manager: EntityManager, stories: readonly Story[], now: Date): Promise<StoryPlan[]> {
  const uuids = stories.map(({ id }) => articleUuid(id));
  const articles = new Map((await storedArticles(manager, uuids)).map((article) => [article.uuid, article]));
  const translations = grouped(uuids, await storedTranslations(manager, uuids), (each) => each.articleUuid);
  return stories.map((story, index) => planStory(story, { article: articles.get(uuids[index]!), translations: translations[index]! }, now));
}

/** Stores what stays of stories that were taken back, with an event for each that is new. */
async function tellTombstones(manager: EntityManager, tombstones: readonly TombstoneRow[], now: Date): Promise<void> {
  if (tombstones.length === 0) return;
  const stored = await storedTombstones(manager, tombstones);
  const fresh = tombstones.filter(({ uuid }) => !stored.has(uuid));
  await insertTombstones(manager, fresh);
  await writeEvents(
    manager,
    fresh.map(({ articleUuid: uuid, editionCode, kind, retractedAt }) => ({
      ...{ kind: EventKind.RETRACTED, at: retractedAt, articleUuid: uuid, editionCode, data: { kind } },
    })),
  );
  for (const uuid of new Set(fresh.map((each) => each.articleUuid))) await dropFromCaches(manager, uuid, now);
}

async function insertLinks(manager: EntityManager, stories: readonly Story[]): Promise<void> {
  const links = (codesOf: (story: Story) => readonly string[]) =>
    stories.flatMap((story) => codesOf(story).map((code, position) => ({ articleUuid: articleUuid(story.id), code, position })));
  await insertRows(
    manager,
    ArticleTopic,
    links(({ topics }) => topics),
  );
  await insertRows(
    manager,
    ArticlePerson,
    links(({ people }) => people),
  );
  await insertRows(
    manager,
    ArticlePlace,
    links(({ places }) => places),
  );
  await insertRows(
    manager,
    ArticleAgency,
    links(({ agencies }) => agencies),
  );
}

async function insertRelated(manager: EntityManager, stories: readonly Story[]): Promise<void> {
  const related = stories.flatMap((story) =>
    story.related.map((id, position) => ({ articleUuid: articleUuid(story.id), relatedUuid: articleUuid(id), position })),
  );
  await insertRows(manager, ArticleRelated, related);
}

function count(plans: readonly StoryPlan[]): Written {
  const written = plans.map(({ translations }) => translations.filter(({ row }) => row !== undefined).length);
  const translations = written.reduce((sum, each) => sum + each, 0);
  const given = plans.reduce((sum, plan) => sum + plan.translations.length, 0);
  return { stories: written.filter((each) => each > 0).length, translations, unchanged: given - translations };
}
