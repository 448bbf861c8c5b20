/** Whether a story was out at a moment: published, and not under embargo. */
const out = (article: string, moment: string): string =>
  `(${article}.published_at <= ${moment} and (${article}.embargo_until is null or ${article}.embargo_until <= ${moment}))`;

/**
 * The one rule of what a reader may see, as SQL over `article` and `translation`: a story counts from its publication on, not under embargo,
 * not retracted; an edition of it, when the story does and the edition is published and not retracted itself.
 * Every read of stories goes through these; `now` is the name of the parameter that holds the request's time.
 */
export const articleVisible = (article: string, now: string): string => `(${out(article, now)} and ${article}.retracted_at is null)`;

/** As above, of an edition; `article` is the alias of its story. */
export const translationVisible = (translation: string, article: string, now: string): string =>
  `(${translation}.published_at <= ${now} and ${translation}.retracted_at is null and ${articleVisible(article, now)})`;

/** Whether an edition can be seen or could be, before it or its story was retracted: only then its address was ever anybody's. */
export function translationKnown(translation: string, article: string, now: string): string {
  const last = `least(${now}, ${article}.retracted_at, ${translation}.retracted_at)`;
  return `(${translation}.published_at <= ${last} and ${out(article, last)})`;
}

/**
 * A retraction is public from its moment on, if what it took back was: a draft, or a story under embargo, leaves no trace even when its day comes.
 * `translation` is the outer-joined edition that the tombstone names, if it names one.
 */
export const retractionVisible = (tombstone: string, article: string, translation: string, now: string): string =>
  `(${tombstone}.retracted_at <= ${now} and ${out(article, `${tombstone}.retracted_at`)}
    and (${tombstone}.edition_code is null or ${translation}.published_at <= ${tombstone}.retracted_at))`;
