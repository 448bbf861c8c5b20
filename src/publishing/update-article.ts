import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ArticleKind } from '../articles/article.js';
import type { PartyInRole } from '../credits/party-in-role.js';
import { code, codes } from '../lib/code.js';
import { Refusal } from '../lib/errors.js';
import { namedFacts, namedLists, replaceNamed, storeFacts } from './article-facts.queries.js';
import { checkedInput } from './checked-input.js';
import { mustKnowParties, replaceCredits } from './credit.queries.js';
import { EventKind } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import type { WriteContext } from './write.js';
import { writeStory } from './write-story.js';

/** What holds for a story in every edition, but for its credits. */
export const factsShape = z.strictObject({
  kind: z.enum(ArticleKind),
  urgency: z.number().int().min(1).max(9),
  topics: codes(50),
  people: codes(50),
  places: codes(50),
  agencies: codes(50),
  image: code.nullable(),
});

/** All that holds for a story in every edition, and who is credited for it there. */
export type ArticleFactsInput = z.input<typeof factsShape> & { credits: PartyInRole[] };

/**
 * Changes what holds for a story in all its editions over the version the desk has seen, all of it at once. The log tells it once the story
 * is out. Throws VERSION_MOVED_ON, UNKNOWN_NAME, FIELD_REFUSED, IS_RETRACTED and what `writeStory` throws.
 */
export function updateArticle(
  context: WriteContext,
  {
    articleUuid,
    expectedVersion,
    idempotencyKey,
    credits,
    ...given
  }: ArticleFactsInput & { articleUuid: string; expectedVersion: number; idempotencyKey?: string | null },
): Promise<{ articleUuid: string; version: number }> {
  const { now } = context;
  return writeStory(context, {
    ...{ action: 'UPDATE_ARTICLE', articleUuid, input: { given, credits, expectedVersion }, idempotencyKey },
    work: async (manager, { article }) => {
      const { image: imageCode, ...facts } = checkedInput(factsShape, given);
      const { version, ...named } = await namedFacts(manager, articleUuid);
      if (article.retractedAt !== null) throw new Refusal('IS_RETRACTED', {});
      if (version !== expectedVersion) throw new Refusal('VERSION_MOVED_ON', { version });
      await mustKnowParties(manager, credits);
      const otherCredits = await replaceCredits(manager, { articleUuid, editionCode: null }, credits, now);
      const others = namedLists.filter((list) => !isDeepStrictEqual(named[list], facts[list]));
      for (const list of others) await replaceNamed(manager, articleUuid, list, facts[list]);
      const same = article.kind === facts.kind && article.urgency === facts.urgency && article.imageCode === imageCode;
      if (same && others.length === 0 && !otherCredits) return { articleUuid, version };
      await storeFacts(manager, { uuid: articleUuid, kind: facts.kind, urgency: facts.urgency, imageCode, version: version + 1 });
      if (article.publishedAt !== null && article.publishedAt <= now)
        // Who had it by what it was must be told that it is something else.
        await writeEvents(manager, [
          { kind: EventKind.STORY_CHANGED, at: now, articleUuid, data: { kind: article.kind, topics: named.topics } },
        ]);
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, version: version + 1 };
    },
  });
}
