import type { Article } from './article.js';
import { articleOfSlug, retractedStory } from './article.queries.js';
import type { ArticleContext } from './article-context.js';
import type { DraftedStory } from './draft-loaders.js';
import { toldTombstones } from './given.js';
import { Stage } from './stage.js';
import { type Tombstone, tombstoneOf } from './tombstone.type.js';
import type { Translation } from './translation.type.js';
import { parseUrn, type UrnParts } from './urn.js';

/**
 * A story by its URN or by a translation's, or by uuid with the edition it was asked through. A retracted story is answered by its tombstone,
 * and one asked for through an edition that was retracted by that edition's. Null when a reader may see neither, or never could see that edition.
 * For DRAFT also a story that is not out yet, where the caller's desks work on it. Throws FORBIDDEN for DRAFT without a role.
 */
export async function findArticle(
  named: string | { uuid: string; edition: string | undefined },
  context: ArticleContext,
  stage = Stage.PUBLISHED,
): Promise<Article | Tombstone | null> {
  const urn = typeof named === 'string' ? parseUrn(named) : undefined;
  if (typeof named === 'string' && !urn) return null;
  const { uuid, edition } = urn ?? (named as { uuid: string; edition: string | undefined });
  const drafted = stage === Stage.DRAFT ? await context.load.draftedStory.load(uuid) : null;
  const isServed = ({ translations }: DraftedStory): boolean =>
    edition === undefined || translations.some((each) => each.edition.code === edition);
  if (drafted && isNamed(drafted.article, urn) && isServed(drafted)) return drafted.article;
  const article = await context.load.article.load(uuid);
  if (article && !isNamed(article, urn)) return null;
  const published =
    article &&
    (edition === undefined || (await context.load.translationsOfArticle.load(uuid)).some((each) => each.edition.code === edition));
  if (published) return article;
  const tombstones = await toldTombstones(uuid, edition ?? null, context);
  if (article) return tombstoneOf(article, tombstones, edition ?? null);
  const parts = tombstones.length > 0 ? await retractedStory(context.read, uuid, edition ?? null) : null;
  // A story that is under embargo since has none of its own; of an edition that was taken back before, its own stays.
  return parts && isNamed(parts, urn) ? (tombstoneOf(parts, tombstones, null) ?? tombstoneOf(parts, tombstones, edition ?? null)) : null;
}

/** The story, or its tombstone, that an edition knows or once knew by a slug; null when a reader may see neither. */
export async function findBySlug(edition: string, slug: string, context: ArticleContext): Promise<Article | Tombstone | null> {
  const named = await articleOfSlug(context.read, edition, slug);
  if (!named) return null;
  const { uuid } = named.article;
  context.load.article.prime(uuid, named.visible ? named.article : null);
  return findArticle({ uuid, edition }, context);
}

/** A URN names a story by all its parts; a uuid alone by itself. */
const isNamed = (story: UrnParts, urn: UrnParts | undefined): boolean =>
  !urn || (urn.domain === story.domain && urn.issuedOn === story.issuedOn);

/** The object a translation's URN names: itself, or its tombstone, or its story's. */
export async function findTranslation(id: string, context: ArticleContext): Promise<Translation | Tombstone | null> {
  const edition = parseUrn(id)?.edition;
  const found = await findArticle(id, context);
  if (!found || !('uuid' in found)) return found;
  return (await context.load.translationsOfArticle.load(found.uuid)).find((each) => each.edition.code === edition) ?? null;
}
