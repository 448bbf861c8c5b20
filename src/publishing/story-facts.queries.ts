import type { EntityManager } from 'typeorm';
import { Article } from '../articles/article.js';
import { Revision, RevisionBasis, TranslationRow } from '../articles/translation.js';
import { asRow, columnOf, columnsOf, tableOf } from '../lib/load.js';
import { Claim } from './claim.js';
import { Draft, type SourceRevision } from './draft.js';

/** A translation with its present revision, published or not. */
export interface StoredTranslation {
  row: TranslationRow;
  /** Undefined while nothing was ever published. */
  text: Revision | undefined;
}

/** All of a story that writing it must know, whatever a reader may see of it. */
export interface StoryFacts {
  article: Article;
  translations: ReadonlyMap<string, StoredTranslation>;
  drafts: ReadonlyMap<string, Draft>;
  claims: ReadonlyMap<string, Claim>;
}

/** The story as it stands inside the transaction that has locked it; null when there is none. */
export async function storyFacts(manager: EntityManager, uuid: string): Promise<StoryFacts | null> {
  const rowsOf = async <Row extends object>(row: new () => Row, property: keyof Row & string): Promise<Row[]> => {
    const records: object[] = await manager.query(
      `select ${columnsOf(manager, row, 'r')} from ${tableOf(manager, row)} r where r.${columnOf(manager, row, property)} = $1`,
      [uuid],
    );
    return records.map((record) => asRow(row, record));
  };
  const [article] = await rowsOf(Article, 'uuid');
  if (!article) return null;
  const translations = await rowsOf(TranslationRow, 'articleUuid');
  const texts = new Map((await presentRevisions(manager, uuid)).map((text) => [text.editionCode, text]));
  const byEdition = <Row extends { editionCode: string }>(rows: readonly Row[]): Map<string, Row> =>
    new Map(rows.map((row) => [row.editionCode, row]));
  return {
    article,
    translations: new Map(translations.map((row) => [row.editionCode, { row, text: texts.get(row.editionCode) }])),
    drafts: byEdition(await rowsOf(Draft, 'articleUuid')),
    claims: byEdition(await rowsOf(Claim, 'articleUuid')),
  };
}

/** The present revision of each translation, with its body: what a draft starts from. */
async function presentRevisions(manager: EntityManager, uuid: string): Promise<Revision[]> {
  const column = (row: typeof Revision | typeof TranslationRow, alias: string, property: string): string =>
    `${alias}.${columnOf(manager, row as typeof Revision, property as keyof Revision)}`;
  const records: object[] = await manager.query(
    `select ${columnsOf(manager, Revision, 'r')}, ${column(Revision, 'r', 'body')}
     from ${tableOf(manager, TranslationRow)} t join ${tableOf(manager, Revision)} r
       on ${column(Revision, 'r', 'articleUuid')} = ${column(TranslationRow, 't', 'articleUuid')}
      and ${column(Revision, 'r', 'editionCode')} = ${column(TranslationRow, 't', 'editionCode')}
      and ${column(Revision, 'r', 'number')} = ${column(TranslationRow, 't', 'revision')}
     where ${column(TranslationRow, 't', 'articleUuid')} = $1`,
    [uuid],
  );
  return records.map((record) => asRow(Revision, record));
}

/** The highest published revision of each edition: what a basis may name. */
export const publishedRevisions = ({ translations }: StoryFacts): Map<string, number> =>
  new Map([...translations].flatMap(([edition, { row }]) => (row.publishedAt === null ? [] : [[edition, row.revision] as const])));

/** What the present revision of an edition was made from; undefined while it has none. */
export async function presentBasis(
  manager: EntityManager,
  { translations }: StoryFacts,
  edition: string,
): Promise<SourceRevision[] | undefined> {
  const row = translations.get(edition)?.row;
  if (!row || row.publishedAt === null) return undefined;
  return manager.query<SourceRevision[]>(
    `select ${columnOf(manager, RevisionBasis, 'sourceEditionCode')} as edition, ${columnOf(manager, RevisionBasis, 'sourceNumber')} as revision
     from ${tableOf(manager, RevisionBasis)} where ${columnOf(manager, RevisionBasis, 'articleUuid')} = $1
       and ${columnOf(manager, RevisionBasis, 'editionCode')} = $2 and ${columnOf(manager, RevisionBasis, 'number')} = $3`,
    [row.articleUuid, edition, row.revision],
  );
}

/** Every key that a block of an edition's text ever had in what was published of it; of any edition of the story for null. */
export async function keysOf(manager: EntityManager, articleUuid: string, edition: string | null): Promise<string[]> {
  // By hand, because the bodies stay where they are: only the keys in them are read.
  const rows = await manager.query<{ key: string }[]>(
    `select distinct block ->> 'key' as key from ${tableOf(manager, Revision)}, jsonb_array_elements(${columnOf(manager, Revision, 'body')}) block
     where ${columnOf(manager, Revision, 'articleUuid')} = $1 and ($2::text is null or ${columnOf(manager, Revision, 'editionCode')} = $2)`,
    [articleUuid, edition],
  );
  return rows.map(({ key }) => key);
}
