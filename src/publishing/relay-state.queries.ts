import type { EntityManager } from 'typeorm';

/** What waits for the relay; `settled` is how far each consumer has come, by name. */
export interface Waiting {
  outbox: boolean;
  due: boolean;
  head: number;
  settled: Record<string, number>;
}

/** What waits for the relay at a moment, in one cheap statement: it is asked several times a second. */
export async function waitingFor(manager: EntityManager, now: Date): Promise<Waiting> {
  const [waiting] = await manager.query<[Waiting]>(
    `select exists (select from outbox) as outbox, exists (select from timer where at <= $1) as due,
            coalesce((select max(seq) from event), 0)::float8 as head,
            coalesce((select json_object_agg(name, settled) from consumer), '{}') as settled`,
    [now],
  );
  return waiting;
}

/** Figures of the relay, for metrics and alarms; all by the database's clock. */
export interface RelayState {
  /** Age of the oldest event without a number, in seconds; 0 when there is none. */
  lagSeconds: number;
  /** How long the oldest transaction that has written has been open, in seconds: no event is numbered past it. */
  horizonAgeSeconds: number;
  /** Events without a number. */
  outbox: number;
  /** The number of the newest event. */
  head: number;
  /** Timers whose moment has come. */
  timersDue: number;
  /** How many events each consumer is behind, by name. */
  behind: Record<string, number>;
}

/** The figures now. The horizon's age sees the sessions that the database shows to this user: its own, and all to `pg_read_all_stats`. */
export async function relayState(manager: EntityManager, now: Date): Promise<RelayState> {
  const [state] = await manager.query<[Omit<RelayState, 'behind'> & { settled: Record<string, number> }]>(
    `select greatest(coalesce(extract(epoch from clock_timestamp() - (select min(written_at) from outbox)), 0), 0)::float8 as "lagSeconds",
            greatest(coalesce(extract(epoch from clock_timestamp() - least(
              (select min(xact_start) from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()),
              (select min(prepared) from pg_prepared_xacts))), 0), 0)::float8 as "horizonAgeSeconds",
            (select count(*)::float8 from outbox) as outbox, coalesce((select max(seq) from event), 0)::float8 as head,
            (select count(*)::float8 from timer where at <= $1) as "timersDue",
            coalesce((select json_object_agg(name, settled) from consumer), '{}') as settled`,
    [now],
  );
  const { settled, ...figures } = state;
  return { ...figures, behind: Object.fromEntries(Object.entries(settled).map(([name, at]) => [name, figures.head - at])) };
}
