import { afterAll } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Consumer } from '../../src/publishing/consumer.js';
import { type Relay, startRelay } from '../../src/publishing/relay.js';
import type { TimerWorks } from '../../src/publishing/timer-work.queries.js';

// A test that fails leaves no relay behind, which would keep the process from its end.
const running = new Set<Relay>();
afterAll(async () => {
  await Promise.all([...running].map((relay) => relay.stop(1_000)));
});

/** One event of the log as tests compare it. */
export interface Logged {
  seq: number;
  kind: string;
  article: string | null;
  edition: string | null;
  revision: number | null;
  at: Date;
  data: Record<string, unknown>;
}

/** The whole log in its order. */
export const logOf = (dataSource: DataSource): Promise<Logged[]> =>
  dataSource.query(
    `select seq::float8 as seq, kind, article_uuid as article, edition_code as edition, revision, at, data from event order by seq`,
  );

/** A relay of a test's own, with what it said to the operator. */
export function relayFor(
  { manager }: DataSource,
  options: { clock?: () => Date; consumers?: readonly Consumer[]; works?: TimerWorks } = {},
): Relay & { said: string[] } {
  const said: string[] = [];
  const say = (_facts: object, message: string): void => void said.push(message);
  const { clock = () => new Date(), consumers = [], works } = options;
  const relay = startRelay({ manager, clock, consumers, works, log: { info: say, error: say } });
  running.add(relay);
  return Object.assign(relay, { said });
}
