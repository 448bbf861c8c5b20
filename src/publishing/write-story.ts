import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import { type Action, mustBeAllowed } from './policy.js';
import { type StoryFacts, storyFacts } from './story-facts.queries.js';
import { type WriteContext, write } from './write.js';
import type { Place } from './write.queries.js';

/** A mutation of one edition of a story that is there. */
export interface StoryWrite<Answer> {
  action: Action;
  articleUuid: string;
  /** Undefined for what concerns the story as a whole. */
  edition?: string | undefined;
  input: unknown;
  idempotencyKey?: string | null | undefined;
  work(manager: EntityManager, facts: StoryFacts): Promise<Answer>;
  places?(answer: Answer): readonly Place[];
}

/** `write` for one edition of one story, read after it is locked. Throws FORBIDDEN, STORY_UNKNOWN and what `write` throws. */
export function writeStory<Answer extends object>(context: WriteContext, { work, ...mutation }: StoryWrite<Answer>): Promise<Answer> {
  const { action, articleUuid, edition } = mutation;
  const allowed = async (manager: EntityManager): Promise<StoryFacts> => {
    const facts = await storyFacts(manager, articleUuid);
    if (!facts) throw new Refusal('STORY_UNKNOWN', {});
    const home = facts.article.homeEditionCode;
    mustBeAllowed(context.caller, action, { edition: edition ?? home, home });
    return facts;
  };
  return write(context, {
    ...mutation,
    articles: [articleUuid],
    again: allowed,
    work: async (manager) => work(manager, await allowed(manager)),
  });
}
