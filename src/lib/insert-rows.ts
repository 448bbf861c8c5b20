import type { EntityManager, ObjectLiteral } from 'typeorm';
import { tableOf } from './load.js';

/** The columns of a row class, without what it computes. */
export type Values<Row> = Omit<Row, 'id'>;

/**
 * Inserts rows, however many, in one statement; `conflict` says what becomes of those that are there, and by default they stay as they are.
 * By hand, because one JSON parameter carries every row: multi-row VALUES end at 65,535 parameters and are planned anew for each length.
 */
export async function insertRows<Row extends ObjectLiteral>(
  manager: EntityManager,
  row: new () => Row,
  rows: readonly Values<Row>[],
  conflict = 'do nothing',
): Promise<void> {
  if (rows.length === 0) return;
  const { columns } = manager.connection.getMetadata(row);
  const names = columns.map((column) => `"${column.databaseName}"`).join(', ');
  const records = rows.map((values) =>
    Object.fromEntries(columns.map((column) => [column.databaseName, (values as ObjectLiteral)[column.propertyName]])),
  );
  const table = tableOf(manager, row);
  await manager.query(
    `insert into ${table} as t (${names}) select ${names} from json_populate_recordset(null::${table}, $1::json) on conflict ${conflict}`,
    [JSON.stringify(records)],
  );
}
