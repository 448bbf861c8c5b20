import type { EntityManager } from 'typeorm';
import { instant, query, type Read } from './load.js';
import type { Bundle } from './wording.js';
import { hashOf } from './wording-version.js';

// Any number but those of the migrations, the seed and the relay: what every process that starts waits for.
const lock = 7_236_015_024;

/** A folder of `locales` at a moment; `hash` is null where there was none. */
export interface FolderThen {
  tag: string;
  hash: string | null;
}

/**
 * Stores what each folder of `locales` holds from a start on, where that is not what it held before; a folder that is gone holds nothing.
 * By hand: which are new is decided where they are stored, one process after another.
 */
export async function keepBundles(manager: EntityManager, bundles: ReadonlyMap<string, Bundle>, now: Date): Promise<void> {
  const given = [...bundles].map(([tag, bundle]) => ({ tag, hash: hashOf(bundle), bundle }));
  await manager.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1)', [lock]);
    await transaction.query(
      `insert into wording_version (tag, since, hash, bundle)
       select g.tag, greatest($2, before.since + interval '1 ms'), g.hash, g.bundle
       from (
         select * from json_to_recordset($1::json) as g (tag text, hash text, bundle jsonb)
         union all select distinct tag, $3, '{}'::jsonb from wording_version where tag <> all($4::text[])
       ) g left join lateral (select since, hash from wording_version w where w.tag = g.tag order by since desc limit 1) before on true
       where before.hash is distinct from g.hash`,
      [JSON.stringify(given), now, hashOf({}), [...bundles.keys()]],
    );
  });
}

/**
 * Every folder that was ever stored, as it was at a moment; before the first start that stored any, as of that one. By hand: for a language
 * that came later its first wording stands in, whereas what came later to override single wordings was not there.
 */
export const foldersThen = (read: Omit<Read, 'now'>, at: Date): Promise<FolderThen[]> =>
  query(
    read,
    `select distinct on (w.tag) w.tag, case when w.bundle <> '{}' and (w.since <= m.at or w.bundle ? 'errors') then w.hash end as hash
     from wording_version w, (select greatest(${instant(at)}, min(since)) as at from wording_version) m
     order by w.tag, w.since > m.at, greatest(w.since - m.at, m.at - w.since)`,
  );

/** What folders held, by their hashes. By hand: a version is named by tag and hash, which may have come again. */
export async function bundlesThen(read: Omit<Read, 'now'>, folders: readonly FolderThen[]): Promise<Map<string, Bundle>> {
  const rows = await query<{ tag: string; bundle: Bundle }[]>(
    read,
    `select distinct on (w.tag) w.tag, w.bundle from wording_version w
     join unnest($1::text[], $2::text[]) as f (tag, hash) on w.tag = f.tag and w.hash = f.hash order by w.tag`,
    [folders.map(({ tag }) => tag), folders.map(({ hash }) => hash)],
  );
  return new Map(rows.map(({ tag, bundle }) => [tag, bundle]));
}
