import DataLoader from 'dataloader';
import type { EditionContext } from '../editions/edition.loaders.js';
import { aliased, asRow, columnsOf, grouped, groupOf, packed, query, type Read, rowsAsOf, tableOf } from '../lib/load.js';
import { Agency } from '../topics/agency.js';
import type { Named } from '../topics/named.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';
import { Article } from './article.js';
import { ArticleAgency, ArticlePerson, ArticlePlace, ArticleRelated, ArticleTopic } from './article-links.js';
import { articlesAsOf, translationsAsOf } from './as-of.queries.js';
import type { BlockData } from './body.js';
import { correctionOf, type ServedText } from './correction.js';
import { TombstoneRow } from './tombstone.js';
import { Revision, TranslationRow } from './translation.js';
import { Translation } from './translation.type.js';
import { articleVisible, retractionVisible, translationVisible } from './visible.js';

/** Names one revision. */
type RevisionKey = Pick<Revision, 'articleUuid' | 'editionCode' | 'number'>;

type Reader<Key, Value> = { load(key: Key): Promise<Value> };

/** Reads of stories by key; each is one SELECT for all keys of a tick, and gives only what a reader may see. */
export interface ArticleLoaders {
  article: Reader<string, Article | null> & { prime(uuid: string, article: Article | null): unknown };
  /** Published editions of a story that the caller may have, by its uuid, ordered by edition code, without their texts. */
  translationsOfArticle: DataLoader<string, Translation[]>;
  /** As above, before it is asked what the caller may have. */
  visibleOfArticle: DataLoader<string, Translation[]>;
  /** What the story's retractions left: of all of it, and of single editions. */
  tombstonesOfArticle: DataLoader<string, TombstoneRow[]>;
  /** Headline and what else is short; a body asked for in the same tick comes with the same statement. */
  revision: Reader<RevisionKey, ServedText>;
  body: Reader<RevisionKey, BlockData[]>;
  topicsOfArticle: DataLoader<string, Topic[]>;
  peopleOfArticle: DataLoader<string, Person[]>;
  placesOfArticle: DataLoader<string, Place[]>;
  agenciesOfArticle: DataLoader<string, Agency[]>;
  relatedOfArticle: DataLoader<string, string[]>;
}

export function articleLoaders(read: Read, { editions }: Pick<EditionContext, 'editions'>): ArticleLoaders {
  const { manager, now } = read;
  const a = aliased(manager, Article, 'a');
  const [s, l] = [aliased(manager, TombstoneRow, 's'), aliased(manager, ArticleRelated, 'l')];
  const article = new DataLoader<string, Article | null>(async (uuids) => {
    const records: { uuid: string }[] = await query(
      read,
      `select ${columnsOf(manager, Article, 'a')} from ${articlesAsOf(read)} a where ${a('uuid')} = any($1) and ${articleVisible('a', '$2', read)}`,
      [uuids, now],
    );
    const found = new Map(records.map((record) => [record.uuid, asRow(Article, record)]));
    return uuids.map((uuid) => found.get(uuid) ?? null);
  });
  const text = textLoader(read);
  const visibleOfArticle = translationLoader(read, article, editions);
  return {
    ...{ article, visibleOfArticle, translationsOfArticle: visibleOfArticle },
    tombstonesOfArticle: new DataLoader(async (uuids) => {
      const records: TombstoneRow[] = await query(
        read,
        `select ${columnsOf(manager, TombstoneRow, 's')}
         from ${tableOf(manager, TombstoneRow)} s
         where ${s('articleUuid')} = any($1) and ${s('revision')} is null and ${retractionVisible('s', '$2', read)} order by ${s('retractedAt')} desc, ${s('uuid')}`,
        [uuids, now],
      );
      return grouped(uuids, records, (each) => each.articleUuid!);
    }),
    revision: { load: (key) => text.load({ ...key, withBody: false }) },
    body: { load: async (key) => (await text.load({ ...key, withBody: true })).body },
    topicsOfArticle: namedOf(read, Topic, ArticleTopic),
    peopleOfArticle: namedOf(read, Person, ArticlePerson),
    placesOfArticle: namedOf(read, Place, ArticlePlace),
    agenciesOfArticle: namedOf(read, Agency, ArticleAgency),
    relatedOfArticle: new DataLoader(async (uuids) => {
      const records: ArticleRelated[] = await query(
        read,
        `select ${columnsOf(manager, ArticleRelated, 'l')} from ${tableOf(manager, ArticleRelated)} l where ${l('articleUuid')} = any($1) order by ${l('position')}`,
        [uuids],
      );
      return grouped(uuids, records, (each) => each.articleUuid).map((links) => links.map((each) => each.relatedUuid));
    }),
  };
}

function translationLoader(
  read: Read,
  article: DataLoader<string, Article | null>,
  editions: EditionContext['editions'],
): DataLoader<string, Translation[]> {
  const { manager, now } = read;
  const [a, t] = [aliased(manager, Article, 'a'), aliased(manager, TranslationRow, 't')];
  return new DataLoader(async (uuids) => {
    const { column, rowsOf } = packed(manager, TranslationRow, 't', `${t('editionCode')} collate "C"`);
    const [registry, stories, records] = await Promise.all([
      editions(),
      article.loadMany(uuids),
      query<{ uuid: string; rows: unknown[][] }[]>(
        read,
        `select ${t('articleUuid')} as uuid, ${column} as rows
         from ${translationsAsOf(read)} t join ${articlesAsOf(read)} a on ${a('uuid')} = ${t('articleUuid')}
         where ${t('articleUuid')} = any($1) and ${translationVisible('t', 'a', '$2', read)} group by ${t('articleUuid')}`,
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
  });
}

type TextKey = RevisionKey & { withBody: boolean };

const nameOf = ({ articleUuid, editionCode, number }: RevisionKey): string => `${articleUuid} ${editionCode} ${number}`;

/**
 * Revisions, with their bodies where those are asked for, in one statement. They are named by rows that were read under the rule of `visible`,
 * so they need no look at it of their own.
 */
const textLoader = (read: Read): DataLoader<TextKey, ServedText, string> =>
  new DataLoader<TextKey, ServedText, string>(
    async (keys) => {
      const { manager } = read;
      const wanted = new Map<string, TextKey>();
      for (const key of keys) if (key.withBody || !wanted.has(nameOf(key))) wanted.set(nameOf(key), key);
      const names = [...wanted.values()];
      const r = aliased(manager, Revision, 'r');
      const records: ServedText[] = await query(
        read,
        `select ${columnsOf(manager, Revision, 'r')}, case when k.whole then ${r('body')} end as body, ${correctionOf(manager, 'r')} as correction
         from ${tableOf(manager, Revision)} r join unnest($1::uuid[], $2::text[], $3::int[], $4::bool[]) as k (story, edition, nth, whole)
           on ${r('articleUuid')} = k.story and ${r('editionCode')} = k.edition and ${r('number')} = k.nth`,
        [
          names.map((key) => key.articleUuid),
          names.map((key) => key.editionCode),
          names.map((key) => key.number),
          names.map((key) => key.withBody),
        ],
      );
      const found = new Map(records.map((record) => [nameOf(record), record]));
      return keys.map((key) => found.get(nameOf(key)) ?? new Error(`no revision ${nameOf(key)}`));
    },
    { cacheKeyFn: (key) => `${nameOf(key)} ${key.withBody}` },
  );

/** What a story names in one register, in the desk's order; each row comes once, with the stories that name it. */
function namedOf<Row extends Named>(
  read: Read,
  row: new () => Row,
  link: new () => { articleUuid: string; code: string; position: number },
): DataLoader<string, Row[]> {
  const { manager } = read;
  const { column, rowsOf } = packed(manager, link, 'l');
  const l = aliased(manager, link, 'l');
  const code = aliased<Named>(manager, row, 'r')('code');
  return new DataLoader(async (uuids) => {
    const records: (Row & { links: unknown[][] })[] = await query(
      read,
      `select ${columnsOf(manager, row, 'r')}, ${column} as links
       from ${tableOf(manager, link)} l join ${rowsAsOf(read, row)} r on ${code} = ${l('code')} where ${l('articleUuid')} = any($1) group by ${groupOf(read, row, 'r')}`,
      [uuids],
    );
    const links = records.flatMap(({ links: packedLinks, ...record }) => {
      const named = asRow(row, record);
      return rowsOf(packedLinks).map(({ articleUuid, position }) => ({ articleUuid, position, named }));
    });
    links.sort((a, b) => a.position - b.position);
    return grouped(uuids, links, (each) => each.articleUuid).map((group) => group.map((each) => each.named));
  });
}
