import type { EntityManager } from 'typeorm';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { asRow, columnOf, tableOf } from '../lib/load.js';

/** A row of the registry by its key, with its version, whatever readers may see of it; undefined when there is none. */
export async function keptRow<Row extends object>(
  manager: EntityManager,
  row: new () => Row,
  key: Partial<Row>,
): Promise<(Row & { version: number }) | undefined> {
  const is = Object.keys(key).map((property, index) => `r.${columnOf(manager, row, property as keyof Row & string)} = $${index + 1}`);
  // All of it: what readers are not given is changed as well.
  const columns = manager.connection.getMetadata(row).columns.map((column) => `r."${column.databaseName}" as "${column.propertyName}"`);
  const records: (object & { version: number })[] = await manager.query(
    `select ${columns.join(', ')} from ${tableOf(manager, row)} r where ${is.join(' and ')}`,
    Object.values(key),
  );
  return records.map((record) => asRow(row, record) as Row & { version: number })[0];
}

/** Writes a row over the one with its key, if there is one, as far as it is given; the database counts its versions and keeps what was there. */
export async function storeKept<Row extends object>(manager: EntityManager, row: new () => Row, values: object): Promise<void> {
  const { columns } = manager.connection.getMetadata(row);
  const keys = columns.filter(({ isPrimary }) => isPrimary).map(({ databaseName }) => `"${databaseName}"`);
  const changes = columns
    .filter(({ isPrimary, propertyName }) => !isPrimary && propertyName in values)
    .map(({ databaseName }) => `"${databaseName}" = excluded."${databaseName}"`);
  await insertRows(manager, row, [values as Values<Row>], `(${keys.join(', ')}) do update set ${changes.join(', ')}`);
}

/** Whether an edition has texts, published or not. */
export async function hasTexts(manager: EntityManager, editionCode: string): Promise<boolean> {
  const [found] = await manager.query<[{ found: boolean }]>('select exists (select from translation where edition_code = $1) as found', [
    editionCode,
  ]);
  return found.found;
}
