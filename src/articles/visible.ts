/**
 * The one rule of what a reader may see, as SQL over `article` and `translation`: a story counts from its publication on, not under embargo,
 * not retracted; an edition of it, when the story does and the edition is published and not retracted itself.
 * Every read of stories goes through these two; `now` is the name of the parameter that holds the request's time.
 */
export const articleVisible = (article: string, now: string): string =>
  `(${article}.published_at <= ${now} and ${article}.retracted_at is null and (${article}.embargo_until is null or ${article}.embargo_until <= ${now}))`;

/** As above, of an edition; `article` is the alias of its story. */
export const translationVisible = (translation: string, article: string, now: string): string =>
  `(${translation}.published_at <= ${now} and ${translation}.retracted_at is null and ${articleVisible(article, now)})`;

/** A retraction is public once the story had been: what was under embargo or unpublished leaves no trace. */
export const retractionVisible = (article: string, now: string): string =>
  `(${article}.published_at <= ${now} and (${article}.embargo_until is null or ${article}.embargo_until <= ${now}))`;
