/** Who reads: somebody who may have some stories before their embargo ends is shown all of them, and what they may have is then asked of each. */
export interface Viewing {
  early?: boolean | undefined;
}

/** Whether a story was out at a moment: published, and not under embargo. */
export const out = (article: string, moment: string, { early }: Viewing = {}): string =>
  early
    ? `(${article}.published_at <= ${moment})`
    : `(${article}.published_at <= ${moment} and (${article}.embargo_until is null or ${article}.embargo_until <= ${moment}))`;

/**
 * The one rule of what a reader may see, as SQL over `article` and `translation`: a story counts from its publication on, not under embargo,
 * not retracted; an edition of it, when the story does and the edition is published, has not come to its end and is not retracted itself.
 * Every read of stories goes through these; `now` is the name of the parameter that holds the request's time.
 */
export const articleVisible = (article: string, now: string, viewing?: Viewing): string =>
  `(${out(article, now, viewing)} and ${article}.retracted_at is null)`;

/** As above, of an edition; `article` is the alias of its story. */
export const translationVisible = (translation: string, article: string, now: string, viewing?: Viewing): string =>
  `(${translation}.published_at <= ${now} and ${translation}.retracted_at is null
    and (${translation}.expires_at is null or ${translation}.expires_at > ${now}) and ${articleVisible(article, now, viewing)})`;

/** Whether an edition had not come to its end before it was out: then nobody ever saw it. */
const outInTime = (translation: string, article: string): string =>
  `(${translation}.expires_at is null or ${translation}.expires_at > greatest(${translation}.published_at, ${article}.published_at, ${article}.embargo_until))`;

/**
 * Whether an edition can be seen or could be, before it came to its end or it or its story was retracted: only then its address was ever anybody's.
 * Of one that was retracted its tombstone knows it, whatever became of the story since.
 */
export function translationKnown(translation: string, article: string, now: string, viewing: Viewing = {}): string {
  const last = `least(${now}, ${article}.retracted_at)`;
  const told = viewing.early
    ? `${translation}.published_at <= x.retracted_at and ${out(article, 'x.retracted_at', viewing)}`
    : 'x.was_public';
  return `(case when ${translation}.retracted_at <= ${now}
    then exists (select from tombstone x where x.article_uuid = ${translation}.article_uuid and x.edition_code = ${translation}.edition_code and x.revision is null and ${told})
    else (${translation}.published_at <= ${last} and ${out(article, last, viewing)} and ${outInTime(translation, article)}) end)`;
}

/**
 * Whether what a tombstone stands for could be seen at the moment it was taken back, as SQL; `translation` is the outer-joined edition that it names, if
 * it names one. It is asked when the tombstone is made and stays with it: an embargo that is set or lifted later makes no retraction public or secret.
 */
export const wasPublic = (tombstone: string, article: string, translation: string): string =>
  `(${out(article, `${tombstone}.retracted_at`)}
    and (${tombstone}.edition_code is null or (${translation}.published_at <= ${tombstone}.retracted_at and ${outInTime(translation, article)})))`;

/**
 * A retraction is public from its moment on, if what it took back was: a draft, or a story under embargo, leaves no trace even when its day comes.
 * Who reads early is shown it of a story under embargo too.
 */
export const retractionVisible = (tombstone: string, now: string, { early }: Viewing = {}): string =>
  `(${tombstone}.retracted_at <= ${now} and (${tombstone}.was_public${
    early
      ? ` or exists (select from article a where a.uuid = ${tombstone}.article_uuid and a.published_at <= ${tombstone}.retracted_at and (${tombstone}.edition_code is null
      or exists (select from translation t where t.article_uuid = a.uuid and t.edition_code = ${tombstone}.edition_code and t.published_at <= ${tombstone}.retracted_at)))`
      : ''
  }))`;

/**
 * Whether a revision was taken back by itself, as SQL over the alias of its row: then its words are nobody's, as of whatever time they are
 * asked for. A read as of a time takes the latest revision of it that was not.
 */
export const revisionRetracted = (revision: string): string => `exists (select from ${tombstoneOf(revision)} and x.restored_at is null)`;

/** As above, or brought back after another revision had taken its place: what it says holds no more. */
export const revisionVoid = (revision: string): string =>
  `exists (select from ${tombstoneOf(revision)} and (x.restored_at is null or exists (select from revision y
    where y.article_uuid = x.article_uuid and y.edition_code = x.edition_code and y.number > x.revision and y.significance = 'RETRACTION')))`;

const tombstoneOf = (revision: string): string =>
  `tombstone x where x.article_uuid = ${revision}.article_uuid and x.edition_code = ${revision}.edition_code and x.revision = ${revision}.number`;

/**
 * A picture may be seen while it has words and is not retracted, and something shows it that a reader may see: a story, the present text of
 * an edition, or a notice in force. `file` is the name of the parameter that holds the path of the file asked for. `offset 0` keeps PostgreSQL
 * to the index of pictures: it knows nothing of how rare one is, and would read every text in the hope of an early one that shows it.
 */
export const pictureVisible = (image: string, file: string, now: string): string =>
  `((${image}.retracted_at is null or ${image}.retracted_at > ${now})
    and exists (select from image_wording w where w.image_code = ${image}.code)
    and (exists (select from article a where a.image_code = ${image}.code and ${articleVisible('a', now)})
      or exists (select from notice n where n.image_code = ${image}.code and n.effective_from <= ${now}
        and (n.effective_until is null or n.effective_until > ${now}))
      or exists (select from (select r.article_uuid, r.edition_code, r.number from revision r where pictures_of(r.body) ?| array[${image}.code, ${file}] offset 0) r
        join translation t on t.article_uuid = r.article_uuid and t.edition_code = r.edition_code and t.revision = r.number
        join article a on a.uuid = t.article_uuid where ${translationVisible('t', 'a', now)})))`;
