import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import type { Kept } from '../lib/kept.js';
import { EventKind } from '../publishing/event.js';
import { dropFromCaches, writeEvents } from '../publishing/event.queries.js';
import { keptRow, storeKept } from './kept-row.queries.js';

/** What a thing of the registry is, as the first part of its id says. */
export type RegistryKind = 'edition' | 'topic' | 'person' | 'place' | 'agency' | 'image' | 'notice';

/** What was saved: the answer of every mutation of the registry. */
export interface Saved {
  kind: RegistryKind;
  code: string;
  version: number;
}

/** What every mutation of the registry is given beside the thing. */
export interface SaveRequest {
  /** The version its desk has seen; 0: it is not there yet. */
  expectedVersion: number;
  idempotencyKey?: string | null | undefined;
}

/** A row with its version, before a change; undefined while there is none. */
export type Before<Row> = (Row & { version: number }) | undefined;

/**
 * A row of the registry at the version its desk has seen. Throws VERSION_MOVED_ON, and UNKNOWN_NAME for one that was seen and is not there; of
 * what an edition says about another row, VERSION_MOVED_ON with 0.
 */
export async function seenRow<Row extends object>(
  manager: EntityManager,
  row: new () => Row,
  key: Partial<Row>,
  expectedVersion: number,
): Promise<Before<Row>> {
  const before = await keptRow(manager, row, key);
  const [code, ...more] = Object.values(key);
  if (!before && expectedVersion !== 0 && more.length === 0) throw new Refusal('UNKNOWN_NAME', { value: String(code) });
  const version = before?.version ?? 0;
  if (version !== expectedVersion) throw new Refusal('VERSION_MOVED_ON', { version });
  return before;
}

/**
 * For `again` of a mutation whose answer is a row: throws VERSION_MOVED_ON where somebody has changed it since, for whoever took that version
 * for their own would save over it unseen.
 */
export const mustBeAsSaved =
  <Row extends object>(row: new () => Row, key: Partial<Row>) =>
  async (manager: EntityManager, saved: Saved): Promise<void> => {
    const { version } = (await keptRow(manager, row, key))!;
    if (version !== saved.version) throw new Refusal('VERSION_MOVED_ON', { version });
  };

/** One row to be kept in the place of the one before. */
export interface Keep<Row> {
  kind: RegistryKind;
  code: string;
  row: new () => Row;
  /** All of it but what is counted, and what other mutations write. */
  values: Omit<Row, keyof Kept | 'id' | 'retractedAt'>;
  before: Before<Row>;
  now: Date;
  /** Which edition's it is, where it is one edition's. */
  edition?: string;
  /** Whether something that belongs to it, in rows of their own, was changed with it. */
  touched?: boolean;
  /** What the event says beside which row it is. */
  told?: Record<string, unknown>;
}

/**
 * Writes a row of the registry, tells the log, and has every cache forget everything: whatever is served may name it. The same as before
 * writes nothing.
 */
export async function keep<Row extends object>(manager: EntityManager, { kind, code, ...kept }: Keep<Row>): Promise<Saved> {
  const { row, values, before, now, edition = null, touched = false, told } = kept;
  const same = before !== undefined && Object.entries(values).every(([name, value]) => isDeepStrictEqual(before[name as keyof Row], value));
  if (same && !touched) return { kind, code, version: before.version };
  await storeKept(manager, row, { ...values, changedAt: now });
  const version = (before?.version ?? 0) + 1;
  await writeEvents(manager, [{ kind: EventKind.REGISTRY_CHANGED, at: now, editionCode: edition, data: { kind, code, version, ...told } }]);
  await dropFromCaches(manager, null, now);
  return { kind, code, version };
}
