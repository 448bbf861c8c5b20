import DataLoader from 'dataloader';
import type { EditionContext } from '../editions/edition.loaders.js';
import { asRow, columnsOf, grouped, packed, type Read, tableOf } from '../lib/load.js';
import { Agency } from '../topics/agency.js';
import type { Named } from '../topics/named.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';
import { Article } from './article.js';
import { ArticleAgency, ArticlePerson, ArticlePlace, ArticleRelated, ArticleTopic } from './article-links.js';
import type { BlockData } from './body.js';
import { TombstoneRow } from './tombstone.js';
import { Revision, TranslationRow } from './translation.js';
import { Translation } from './translation.type.js';
import { articleVisible, retractionVisible, translationVisible } from './visible.js';

/** Names one revision. */
type RevisionKey = Pick<Revision, 'articleUuid' | 'editionCode' | 'number'>;

/** Reads of stories by key; each is one SELECT for all keys of a tick, and gives only what a reader may see. */
export interface ArticleLoaders {
  article: DataLoader<string, Article | null>;
  /** Published editions of a story, by its uuid, ordered by edition code, without their texts. */
  translationsOfArticle: DataLoader<string, Translation[]>;
  /** What the story's retractions left: of all of it, and of single editions. */
  tombstonesOfArticle: DataLoader<string, TombstoneRow[]>;
  /** Headline and what else is short. */
  revision: DataLoader<RevisionKey, Revision, string>;
  body: DataLoader<RevisionKey, BlockData[], string>;
  topicsOfArticle: DataLoader<string, Topic[]>;
  peopleOfArticle: DataLoader<string, Person[]>;
  placesOfArticle: DataLoader<string, Place[]>;
  agenciesOfArticle: DataLoader<string, Agency[]>;
  relatedOfArticle: DataLoader<string, string[]>;
}

export function articleLoaders(read: Read, { editions }: Pick<EditionContext, 'editions'>): ArticleLoaders {
  const { manager, now } = read;
  const article = new DataLoader<string, Article | null>(async (uuids) => {
    const records: { uuid: string }[] = await manager.query(
      `select ${columnsOf(manager, Article, 'a')} from ${tableOf(manager, Article)} a where a.uuid = any($1) and ${articleVisible('a', '$2')}`,
      [uuids, now],
    );
    const found = new Map(records.map((record) => [record.uuid, asRow(Article, record)]));
    return uuids.map((uuid) => found.get(uuid) ?? null);
  });
  return {
    article,
    translationsOfArticle: new DataLoader(async (uuids) => {
      const { column, rowsOf } = packed(manager, TranslationRow, 't', 't.edition_code collate "C"');
      const [registry, stories, records] = await Promise.all([
        editions(),
        article.loadMany(uuids),
        manager.query<{ uuid: string; rows: unknown[][] }[]>(
          `select t.article_uuid as uuid, ${column} as rows
           from ${tableOf(manager, TranslationRow)} t join ${tableOf(manager, Article)} a on a.uuid = t.article_uuid
           where t.article_uuid = any($1) and ${translationVisible('t', 'a', '$2')} group by t.article_uuid`,
          [uuids, now],
        ),
      ]);
      const found = new Map(records.map(({ uuid, rows }) => [uuid, rows]));
      return stories.map((story, index) => {
        if (!(story instanceof Article)) return [];
        return rowsOf(found.get(uuids[index]!) ?? []).flatMap((row) => {
          const edition = registry.of(row.editionCode);
          // An edition that has closed is not served any more, but for its originals: other editions' texts stand on them.
          return edition.active || row.isOriginal ? [new Translation(story, row, edition)] : [];
        });
      });
    }),
    tombstonesOfArticle: new DataLoader(async (uuids) => {
      const records: TombstoneRow[] = await manager.query(
        `select ${columnsOf(manager, TombstoneRow, 's')}
         from ${tableOf(manager, TombstoneRow)} s join ${tableOf(manager, Article)} a on a.uuid = s.article_uuid
         left join ${tableOf(manager, TranslationRow)} t on t.article_uuid = s.article_uuid and t.edition_code = s.edition_code
         where s.article_uuid = any($1) and ${retractionVisible('s', 'a', 't', '$2')} order by s.retracted_at desc, s.uuid`,
        [uuids, now],
      );
      return grouped(uuids, records, (each) => each.articleUuid);
    }),
    revision: byRevision(
      async (keys) => manager.query(`select ${columnsOf(manager, Revision, 'r')} ${fromRevisions}`, keys),
      (record) => asRow(Revision, record),
    ),
    body: byRevision(
      async (keys) =>
        manager.query(`select r.article_uuid "articleUuid", r.edition_code "editionCode", r.number, r.body ${fromRevisions}`, keys),
      ({ body }) => body,
    ),
    topicsOfArticle: namedOf(read, Topic, ArticleTopic),
    peopleOfArticle: namedOf(read, Person, ArticlePerson),
    placesOfArticle: namedOf(read, Place, ArticlePlace),
    agenciesOfArticle: namedOf(read, Agency, ArticleAgency),
    relatedOfArticle: new DataLoader(async (uuids) => {
      const records: ArticleRelated[] = await manager.query(
        `select ${columnsOf(manager, ArticleRelated, 'l')} from ${tableOf(manager, ArticleRelated)} l where l.article_uuid = any($1) order by l.position`,
        [uuids],
      );
      return grouped(uuids, records, (each) => each.articleUuid).map((links) => links.map((each) => each.relatedUuid));
    }),
  };
}

const fromRevisions = `from revision r join unnest($1::uuid[], $2::text[], $3::int[]) as k (article_uuid, edition_code, number)
  using (article_uuid, edition_code, number)`;

const cacheKey = ({ articleUuid, editionCode, number }: RevisionKey): string => `${articleUuid} ${editionCode} ${number}`;

/** Revisions are named by rows that were read under the rule of `visible`, so they need no look at it of their own. */
function byRevision<Value>(
  select: (keys: [string[], string[], number[]]) => Promise<Revision[]>,
  valueOf: (record: Revision) => Value,
): DataLoader<RevisionKey, Value, string> {
  return new DataLoader<RevisionKey, Value, string>(
    async (keys) => {
      const records = await select([keys.map((key) => key.articleUuid), keys.map((key) => key.editionCode), keys.map((key) => key.number)]);
      const found = new Map(records.map((record) => [cacheKey(record), valueOf(record)]));
      return keys.map((key) => found.get(cacheKey(key)) ?? new Error(`no revision ${cacheKey(key)}`));
    },
    { cacheKeyFn: cacheKey },
  );
}

/** What a story names in one register, in the desk's order. */
function namedOf<Row extends Named>(
  { manager }: Read,
  row: new () => Row,
  link: new () => { articleUuid: string; code: string; position: number },
): DataLoader<string, Row[]> {
  return new DataLoader(async (uuids) => {
    const records: (Row & { articleUuid: string })[] = await manager.query(
      `select ${columnsOf(manager, row, 'r')}, l.article_uuid "articleUuid"
       from ${tableOf(manager, link)} l join ${tableOf(manager, row)} r on r.code = l.code where l.article_uuid = any($1) order by l.position`,
      [uuids],
    );
    return grouped(uuids, records, (each) => each.articleUuid).map((group) => group.map((each) => asRow(row, each)));
  });
}
