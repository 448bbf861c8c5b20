import type pg from 'pg';

type Session = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>;

// the thresholds of autovacuum; the last is for the wrap-around of transaction numbers
const neglected = `
  select format('%I.%I', s.schemaname, s.relname) as name
  from pg_stat_all_tables s join pg_class c on c.oid = s.relid
  where c.relkind in ('r', 'm') and (
    s.n_mod_since_analyze > 50 + s.n_live_tup * 0.1
    or s.n_dead_tup > 50 + s.n_live_tup * 0.2
    or age(c.relfrozenxid) > 150000000)`;

/**
 * Does what the background processes of PostgreSQL would do, and PGlite has none: a checkpoint, without which the log of
 * changes grows for ever, and the vacuum and the statistics of the tables that changed most. One table a turn.
 */
export async function keepUp(session: Session): Promise<void> {
  const { rows } = await session(async (client) => {
    await client.query('select pg_stat_force_next_flush()');
    await client.query('CHECKPOINT');
    return client.query<{ name: string }>(neglected);
  });
  for (const { name } of rows) await session((client) => client.query(`VACUUM (ANALYZE) ${name}`));
}
