import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import { mustStand } from './desk-text.js';
import { EventKind } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import { settledEvent } from './obligation-events.js';
import { settleObligations, storeConfirmations } from './obligations.queries.js';
import { mustBeAllowed } from './policy.js';
import { sourcesOf } from './staleness.queries.js';
import { type StoryFacts, storyFacts } from './story-facts.queries.js';
import { type WriteContext, write } from './write.js';

/** What was confirmed: editions of stories, each with the sources it was held against. */
export interface ConfirmationAnswer {
  confirmed: { articleUuid: string; editionCode: string; sources: { edition: string; revision: number }[] }[];
}

/**
 * Editors say that their texts still stand although sources have changed: all sources, direct and indirect, count as read up to their
 * present revision. Holds until the next change of a source that is not MINOR. Throws FORBIDDEN, STORY_UNKNOWN, NOT_PUBLISHED, IS_RETRACTED.
 */
export function confirmStillAccurate(
  context: WriteContext,
  { translations, idempotencyKey }: { translations: readonly { articleUuid: string; edition: string }[]; idempotencyKey?: string | null },
): Promise<ConfirmationAnswer> {
  const articles = [...new Set(translations.map(({ articleUuid }) => articleUuid))];
  return write(context, {
    ...{ action: 'CONFIRM', articles, input: { translations }, idempotencyKey },
    work: async (manager) => {
      const confirmed: ConfirmationAnswer['confirmed'] = [];
      for (const articleUuid of articles) {
        const facts = await storyFacts(manager, articleUuid);
        if (!facts) throw new Refusal('STORY_UNKNOWN', {});
        const editions = translations.filter((each) => each.articleUuid === articleUuid).map(({ edition }) => edition);
        confirmed.push(...(await confirmIn(manager, facts, editions, context)));
      }
      return { confirmed };
    },
    places: ({ confirmed }) => confirmed.map(({ articleUuid, editionCode }) => ({ articleUuid, edition: editionCode })),
  });
}

async function confirmIn(
  manager: EntityManager,
  facts: StoryFacts,
  editions: readonly string[],
  { caller, now }: WriteContext,
): Promise<ConfirmationAnswer['confirmed']> {
  const { uuid: articleUuid, homeEditionCode: home } = facts.article;
  for (const edition of editions) {
    mustBeAllowed(caller, 'CONFIRM', { edition, home });
    mustStand(facts, edition);
    if ((facts.translations.get(edition)?.row.publishedAt ?? null) === null) throw new Refusal('NOT_PUBLISHED', {});
  }
  const sources = (await sourcesOf(manager, articleUuid)).filter(({ editionCode }) => editions.includes(editionCode));
  await storeConfirmations(
    manager,
    sources.map(({ editionCode, sourceEditionCode, present }) => ({
      ...{ articleUuid, editionCode, sourceEditionCode, sourceNumber: present, confirmedBy: caller.name, confirmedAt: now },
    })),
  );
  const settled = await settleObligations(manager, articleUuid, now);
  const confirmed = editions.map((editionCode) => ({
    ...{ articleUuid, editionCode },
    sources: sources
      .filter((each) => each.editionCode === editionCode)
      .map(({ sourceEditionCode, present }) => ({ edition: sourceEditionCode, revision: present })),
  }));
  await writeEvents(manager, [
    ...confirmed.map(({ editionCode, sources: held }) => ({
      kind: EventKind.CONFIRMED,
      at: now,
      articleUuid,
      editionCode,
      data: { sources: held },
    })),
    ...settled.map((each) => settledEvent(each, now)),
  ]);
  if (settled.length > 0) await dropFromCaches(manager, articleUuid, now);
  return confirmed;
}
