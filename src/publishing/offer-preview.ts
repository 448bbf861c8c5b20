import { Refusal } from '../lib/errors.js';
import { mustStand } from './desk-text.js';
import type { StoryFacts } from './story-facts.queries.js';
import type { WriteContext } from './write.js';
import type { Named } from './write-draft.js';
import { writeStory } from './write-story.js';

/** What a link may show, as it is kept: never the link itself, which lets whoever reads it in. */
export interface PreviewAnswer {
  articleUuid: string;
  editionCode: string;
  expiresAt: string;
}

/** Writes down that a caller lets others see a text that is not out. Throws NO_DRAFT where readers see all there is, and IS_RETRACTED. */
export function offerPreview(context: WriteContext, { hours, ...named }: Named & { hours: number }): Promise<PreviewAnswer> {
  const { now } = context;
  return writeStory(context, {
    ...{ ...named, action: 'PREVIEW', input: { hours } },
    work: async (_manager, facts) => {
      mustStand(facts, named.edition);
      if (!facts.drafts.has(named.edition) && !waits(facts, named.edition, now)) throw new Refusal('NO_DRAFT', {});
      const expiresAt = new Date(now.getTime() + hours * 3_600_000).toISOString();
      return { articleUuid: named.articleUuid, editionCode: named.edition, expiresAt };
    },
  });
}

/** Whether an edition has published a text that is not out yet. */
function waits({ article, translations }: StoryFacts, edition: string, now: Date): boolean {
  const publishedAt = translations.get(edition)?.row.publishedAt ?? null;
  return publishedAt !== null && [publishedAt, article.embargoUntil].some((moment) => moment !== null && moment > now);
}
