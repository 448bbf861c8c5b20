import { query, type Read, tableOf } from '../lib/load.js';
import { Article } from './article.js';
import { ArticleTopic } from './article-links.js';
import { TombstoneRow } from './tombstone.js';
import { TranslationRow } from './translation.js';
import type { UrnParts } from './urn.js';
import { translationKnown } from './visible.js';

/** A translation readers once had and have no more, with the number of its last revision. */
export interface RetractedTranslation extends UrnParts {
  revision: number;
}

/**
 * The texts of an edition that readers could see and of which a tombstone was made after `since`: of one topic, or of some stories, where those are named.
 * Whether that tombstone is theirs, and may be seen, the loader of tombstones says. By hand: it begins with the tombstones, which are few, and
 * no loader gives what is retracted.
 */
export async function retractedTranslations(
  read: Read,
  of: { edition: string; since: Date; topic?: string | undefined; uuids?: readonly string[] | undefined },
): Promise<RetractedTranslation[]> {
  const { manager, now } = read;
  const values: unknown[] = [of.edition, now, of.since];
  const named = [
    ...(of.topic === undefined
      ? []
      : [`exists (select from ${tableOf(manager, ArticleTopic)} l where l.article_uuid = a.uuid and l.code = $${values.push(of.topic)})`]),
    ...(of.uuids === undefined ? [] : [`a.uuid = any($${values.push(of.uuids)})`]),
  ];
  return query(
    read,
    `select distinct a.uuid, a.domain, a.issued_on "issuedOn", t.revision
     from ${tableOf(manager, TombstoneRow)} s
     join ${tableOf(manager, Article)} a on a.uuid = s.article_uuid
     join ${tableOf(manager, TranslationRow)} t on t.article_uuid = a.uuid and t.edition_code = $1
     where ${[
       's.retracted_at > $3',
       '(s.edition_code is null or s.edition_code = $1)',
       translationKnown('t', 'a', '$2', read),
       ...named,
     ].join(' and ')} order by a.uuid`,
    values,
  );
}
