import type { RetractedTranslation } from '../articles/retracted.queries.js';
import { retractionWording } from '../articles/tombstone.js';
import { tombstoneOf } from '../articles/tombstone.type.js';
import { articleUrn, translationUrn, type UrnParts } from '../articles/urn.js';
import type { Edition } from '../editions/edition.js';
import type { FeedContext } from './feed-context.js';
import type { Gone, GoneKind } from './item.js';
import { entryEdition } from './present-item.js';

/**
 * What stays of texts of an edition that were taken back, where the caller might have had them. As a story's page says it: a story that was
 * taken back tells of itself in all its editions.
 */
export async function presentGone(
  retracted: readonly RetractedTranslation[],
  edition: Edition,
  { load, speak, accessOf, mightHaveHad }: Pick<FeedContext, 'load' | 'speak' | 'accessOf' | 'mightHaveHad'>,
): Promise<Gone[]> {
  const { say } = speak(edition);
  const all = await Promise.all(
    retracted.map(async ({ revision, ...parts }): Promise<Gone[]> => {
      const rows = await load.tombstonesOfArticle.load(parts.uuid);
      const tombstone = tombstoneOf(parts, rows, null) ?? tombstoneOf(parts, rows, edition.code);
      if (!tombstone) return [];
      const { kind, retractedAt, row } = tombstone;
      // What everybody could see then, who may have it had, whatever embargo its story was put under since.
      if (!(await mightHaveHad({ articleUuid: parts.uuid, editionCode: edition.code }, retractedAt, { out: row.wasPublic }))) return [];
      const title = say.text('notices', retractionWording[kind]);
      const replacement = row.replacedBy === null ? undefined : await replacementOf(row.replacedBy, edition, { load, accessOf });
      const told = {
        kind,
        retractedAt,
        title,
        note: row.notes[edition.tag] ?? null,
        ...(replacement !== undefined && { replacedBy: replacement }),
      };
      return [gone({ parts, revision, edition }, told)];
    }),
  );
  return all.flat();
}

/** The text of a story in an edition, by its URN, where the caller may have it. */
async function replacementOf(
  uuid: string,
  { code }: Edition,
  { load, accessOf }: Pick<FeedContext, 'load' | 'accessOf'>,
): Promise<string | undefined> {
  const text = (await load.translationsOfArticle.load(uuid)).find((each) => each.edition.code === code);
  return text && (await accessOf(text.row)).allowed ? text.id : undefined;
}

/** What is told of a text that has come to its end, or is not for the caller any more. */
export const presentEnded = (
  of: { parts: UrnParts; revision: number; edition: Edition },
  { kind, at, event }: { kind: GoneKind; at: Date; event?: string | undefined },
  { speak }: Pick<FeedContext, 'speak'>,
): Gone => ({
  ...gone(of, { kind, retractedAt: at, title: speak(of.edition).say.text('notices', retractionWording.WITHHOLD), note: null }),
  ...(event !== undefined && { event }),
});

const gone = (
  { parts, revision, edition }: { parts: UrnParts; revision: number; edition: Edition },
  told: Pick<Gone, 'kind' | 'retractedAt' | 'title' | 'note' | 'replacedBy'>,
): Gone => ({
  ...{ id: translationUrn(parts, edition.code), articleId: articleUrn(parts), revision, edition: entryEdition(edition) },
  ...told,
});
