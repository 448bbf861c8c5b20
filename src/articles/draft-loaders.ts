import type { Article } from './article.js';
import type { Translation } from './translation.type.js';

/** A story as a desk sees it before its readers do. */
export interface DraftedStory {
  /** As it would be if its original were published now, where it is not. */
  article: Article;
  /** What `Stage.DRAFT` is served of it, ordered by edition code. */
  translations: Translation[];
}

/** Reads of what desks are working on; who works on what is known to others than stories. */
export interface DraftLoaders {
  /**
   * By the story's uuid; null where the caller sees no more of it than readers do, and for one that is retracted. Throws FORBIDDEN for who has
   * no role in any edition.
   */
  draftedStory: { load(uuid: string): Promise<DraftedStory | null> };
}
