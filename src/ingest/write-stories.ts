import type { EntityManager } from 'typeorm';
import type { Article } from '../articles/article.js';
import { ArticleAgency, ArticlePerson, ArticlePlace, ArticleRelated, ArticleTopic } from '../articles/article-links.js';
import { CreditRow } from '../credits/credit.js';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { grouped } from '../lib/load.js';
import { cleanDeep } from '../lib/text.js';
import { lockArticles } from '../publishing/event.queries.js';
import { publish } from '../publishing/publish.queries.js';
import { passDue } from '../publishing/timer-work.queries.js';
import { Agency } from '../topics/agency.js';
import { reckonCorrections, takeBack, tellEmbargoes } from './consequences.js';
import { articleUuid } from './ids.js';
import { articleRow, planStory, type StoryPlan } from './plan-story.js';
import type { Story } from './story.js';
import { changedByDesks, newCredits, storedArticles, storedTranslations, upsertArticles } from './story.queries.js';

/** What a writer has to know beside the stories. */
export interface WriteOptions {
  /** The publisher's, for URNs of new stories. */
  domain: string;
  now: Date;
  /** Agencies that the stories credit, should they not be there. */
  agencies?: readonly Values<Agency>[];
}

/** How many translations were written, of how many stories; `unchanged` ones were there with the same text, or are taken back. */
export interface Written {
  stories: number;
  translations: number;
  unchanged: number;
}

/**
 * Writes stories with distinct ids in one transaction: all or none. New ones are inserted, changed texts get one more revision, and what is
 * there with the same text stays as it is; so does what was taken back, until it is restored. Throws StoryRefused, or the database's error
 * where a code names no row or a slug is taken.
 */
export function writeStories(manager: EntityManager, stories: readonly Story[], options: WriteOptions): Promise<Written> {
  const clean = cleanDeep(stories);
  const { now } = options;
  return manager.transaction(async (transaction) => {
    // Readers are held to seconds; a batch may wait for another import that holds its stories. It writes nothing, so the lock is still first.
    await transaction.query(`set local statement_timeout = '5min'`);
    await lockArticles(
      transaction,
      clean.map((story) => articleUuid(story.id)),
    );
    await insertRows(transaction, Agency, options.agencies ?? []);
    // Read behind the locks: another import of these stories has ended by now.
    const before = await articlesBefore(transaction, clean);
    await passDue(transaction, [...before.keys()], now);
    const plans = await planStories(transaction, clean, before, now);
    const standing = clean.filter(({ id }) => !before.get(articleUuid(id))?.retractedAt);
    const articles = standing.map((story) => articleRow(story, options));
    await upsertArticles(transaction, articles);
    await tellEmbargoes(transaction, articles, before, now);
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
      now,
    );
    await insertRows(
      transaction,
      CreditRow,
      await newCredits(
        transaction,
        plans.flatMap(({ uuid, credits }) => credits.filter(({ editionCode }) => editionCode !== null || !desks.has(uuid))),
      ),
    );
    await takeBack(
      transaction,
      plans.flatMap(({ tombstones }) => tombstones),
      before,
      now,
    );
    await reckonCorrections(transaction, plans, before, now);
    await insertLinks(
      transaction,
      standing.filter(({ id }) => !desks.has(articleUuid(id))),
    );
    await insertRelated(transaction, standing);
    return count(plans);
  });
}

/** What `writeStories` would write, without writing; the counts only. Throws StoryRefused. */
export async function rehearseStories(manager: EntityManager, stories: readonly Story[], { now }: WriteOptions): Promise<Written> {
  const clean = cleanDeep(stories);
  return count(await planStories(manager, clean, await articlesBefore(manager, clean), now));
}

/** The stories that are there, by uuid, as they are before anything is written. */
async function articlesBefore(manager: EntityManager, stories: readonly Story[]): Promise<Map<string, Article>> {
  const uuids = stories.map(({ id }) => articleUuid(id));
  return new Map((await storedArticles(manager, uuids)).map((article) => [article.uuid, article]));
}

async function planStories(
  manager: EntityManager,
  stories: readonly Story[],
  articles: ReadonlyMap<string, Article>,
  now: Date,
): Promise<StoryPlan[]> {
  const uuids = stories.map(({ id }) => articleUuid(id));
  const translations = grouped(uuids, await storedTranslations(manager, uuids), (each) => each.articleUuid);
  return stories.map((story, index) => planStory(story, { article: articles.get(uuids[index]!), translations: translations[index]! }, now));
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
