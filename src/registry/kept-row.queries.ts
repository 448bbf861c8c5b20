import type { EntityManager } from 'typeorm';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { asRow, columnOf, columnsOf, tableOf } from '../lib/load.js';

/** A row of the registry by its key, with its version, whatever readers may see of it; undefined when there is none. */
export async function keptRow<Row extends object>(
  manager: EntityManager,
  row: new () => Row,
  key: Partial<Row>,
): Promise<(Row & { version: number }) | undefined> {
  const is = Object.keys(key).map((property, index) => `r.${columnOf(manager, row, property as keyof Row & string)} = $${index + 1}`);
  const records: (object & { version: number })[] = await manager.query(
    `select ${columnsOf(manager, row, 'r')}, r.version from ${tableOf(manager, row)} r where ${is.join(' and ')}`,
    Object.values(key),
  );
  return records.map((record) => asRow(row, record) as Row & { version: number })[0];
}

/** Writes a row whole, over the one with its key if there is one; the database counts its versions and keeps what was there. */
export async function storeKept<Row extends object>(manager: EntityManager, row: new () => Row, values: Values<Row>): Promise<void> {
  const { columns } = manager.connection.getMetadata(row);
  const keys = columns.filter(({ isPrimary }) => isPrimary).map(({ databaseName }) => `"${databaseName}"`);
  // The version of what is inserted is 1, and is not that of what is there.
  const changes = columns
    .filter(({ isPrimary, propertyName }) => !isPrimary && propertyName !== 'version')
    .map(({ databaseName }) => `"${databaseName}" = excluded."${databaseName}"`);
  await insertRows(manager, row, [values], `(${keys.join(', ')}) do update set ${changes.join(', ')}`);
}

/** Whether an edition has texts, published or not. */
export async function hasTexts(manager: EntityManager, editionCode: string): Promise<boolean> {
  const [found] = await manager.query<[{ found: boolean }]>('select exists (select from translation where edition_code = $1) as found', [
    editionCode,
  ]);
  return found.found;
}
