import DataLoader from 'dataloader';
import type { ArticleLoaders } from './article.loaders.js';
import type { AccessContext, ArticleContext } from './article-context.js';
import type { TombstoneRow } from './tombstone.js';
import type { Translation } from './translation.type.js';

/** The loaders of stories for a caller who is asked of each text: a text it may not have is not there, nor is a story without any. */
export function givenLoaders(
  { article, visibleOfArticle }: Pick<ArticleLoaders, 'article' | 'visibleOfArticle'>,
  access: Pick<AccessContext, 'accessOf'>,
): Pick<ArticleLoaders, 'article' | 'translationsOfArticle'> {
  const translationsOfArticle = new DataLoader<string, Translation[]>((uuids) =>
    Promise.all(uuids.map(async (uuid) => givenOf(await visibleOfArticle.load(uuid), access))),
  );
  return {
    translationsOfArticle,
    article: {
      load: async (uuid) => ((await translationsOfArticle.load(uuid)).length > 0 ? article.load(uuid) : null),
      // What was read already is still asked about.
      prime: (uuid, row) => article.prime(uuid, row),
    },
  };
}

/** Those of some texts that the caller may have. */
export async function givenOf(texts: readonly Translation[], { accessOf }: Pick<AccessContext, 'accessOf'>): Promise<Translation[]> {
  const found = await Promise.all(texts.map(async (each) => ((await accessOf(each.row)).allowed ? [each] : [])));
  return found.flat();
}

/** What the retractions of a story left, of which the caller is told, by way of one edition or of any: nothing of what it cannot have had. */
export async function toldTombstones(uuid: string, edition: string | null, context: ArticleContext): Promise<TombstoneRow[]> {
  const rows = await context.load.tombstonesOfArticle.load(uuid);
  if (context.isUnlimited || rows.length === 0) return rows;
  const all = edition === null ? (await context.editions()).all.map(({ code }) => code) : [edition];
  const told = await Promise.all(
    rows.map(async (row) => {
      const codes = row.editionCode === null ? all : [row.editionCode];
      const had = await Promise.all(
        codes.map((editionCode) => context.mightHaveHad({ articleUuid: uuid, editionCode }, row.retractedAt, { out: row.wasPublic })),
      );
      return had.includes(true) ? [row] : [];
    }),
  );
  return told.flat();
}
