import pg from 'pg';

const longestPauseMs = 5_000;

/**
 * Calls `listener` after every NOTIFY on `channel` of a PostgreSQL server, over a connection of its own, and once whenever that connection
 * has been made anew, for what may have been missed; gives the way to stop. It never fails: who listens looks by itself from time to time.
 */
export function listenOnServer(url: string, channel: string, listener: () => void): () => Promise<void> {
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopped = false;

  const connect = (): void => {
    const next = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'dragoman listener',
    });
    client = next;
    let lost = false;
    const lose = (): void => {
      if (lost || stopped) return;
      lost = true;
      void next.end().catch(() => {});
      again = setTimeout(connect, Math.min(250 * 2 ** failures++, longestPauseMs)).unref();
    };
    next.on('error', lose).on('end', lose);
    next.on('notification', listener);
    next
      .connect()
      .then(() => next.query(`listen ${pg.escapeIdentifier(channel)}`))
      .then(() => {
        failures = 0;
        listener();
      })
      .catch(lose);
  };
  connect();

  return async () => {
    stopped = true;
    clearTimeout(again);
    await client?.end().catch(() => {});
  };
}
