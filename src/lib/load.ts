import DataLoader from 'dataloader';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { FormerVersion } from './kept.js';

type RowClass<Row> = new () => Row;
type Key = string;

/** What every read needs: where to ask and what time it is. One manager may be a transaction's. */
export interface Read {
  manager: EntityManager;
  now: Date;
  /** An earlier moment: what is kept of former versions is read as it was then. What a reader may see is always a matter of `now`. */
  asOf?: Date | undefined;
  /** Whether stories under embargo are read too: for who may have some of them, which is then asked of each. */
  early?: boolean | undefined;
  /** Aborted once nobody waits for what is read. */
  signal?: AbortSignal;
}

/**
 * The rows of one statement. It is looked at whether anybody waits for them when its turn at the database has come: statements of a
 * request that was given up leave the queue without being sent. Throws the signal's reason then.
 */
export async function query<Records>({ manager, signal }: Omit<Read, 'now'>, statement: string, values?: unknown[]): Promise<Records> {
  signal?.throwIfAborted();
  const runner = manager.queryRunner ?? manager.connection.createQueryRunner();
  try {
    await runner.connect();
    signal?.throwIfAborted();
    return await manager.connection.query<Records>(statement, values, runner);
  } finally {
    if (!manager.queryRunner) await runner.release();
  }
}

/** `"alias"."column" as "property"` for the columns of a row class that reads select, in the order of the class. */
export function columnsOf<Row extends ObjectLiteral>(manager: EntityManager, row: RowClass<Row>, alias: string, prefix = ''): string {
  return manager.connection
    .getMetadata(row)
    .columns.filter((column) => column.isSelect)
    .map((column) => `${alias}."${column.databaseName}" as "${prefix}${column.propertyName}"`)
    .join(', ');
}

/** The database name of a property, quoted: a property that is renamed stops the build, not the query. */
export function columnOf<Row extends ObjectLiteral>(manager: EntityManager, row: RowClass<Row>, property: keyof Row & string): string {
  const column = manager.connection.getMetadata(row).findColumnWithPropertyName(property);
  if (!column) throw new Error(`${row.name}.${property} is not a column`);
  return `"${column.databaseName}"`;
}

/** The columns of a row class behind an alias, each by its property. */
export const aliased =
  <Row extends ObjectLiteral>(manager: EntityManager, row: RowClass<Row>, alias: string) =>
  (property: keyof Row & string): string =>
    `${alias}.${columnOf(manager, row, property)}`;

/** The table of a row class, quoted. */
export const tableOf = <Row extends ObjectLiteral>(manager: EntityManager, row: RowClass<Row>): string =>
  `"${manager.connection.getMetadata(row).tableName}"`;

/** A moment as SQL. Written out, so that a part of a statement that depends on it needs no parameter of its own. */
export const instant = (at: Date): string => `'${at.toISOString()}'::timestamptz`;

/**
 * What stands for the table of a row class in `from`: the table, or as of an earlier moment its rows as they were then. The oldest version
 * known stands for what is older still; the properties `present`, and what a later migration has added to the table, are as they are now.
 */
export function rowsAsOf<Row extends ObjectLiteral>(
  { manager, asOf }: Omit<Read, 'now'>,
  row: RowClass<Row>,
  present: readonly (keyof Row & string)[] = [],
): string {
  const { columns, primaryColumns, tableName } = manager.connection.getMetadata(row);
  const table = tableOf(manager, row);
  if (!asOf || !columns.some(({ propertyName }) => propertyName === 'changedAt')) return table;
  const f = aliased(manager, FormerVersion, 'f');
  const key = primaryColumns.map(({ databaseName }) => `r."${databaseName}"`).join(` || '.' || `);
  // The key is the row's own, so that a condition on it finds the row by its index.
  const isPresent = ({ isPrimary, propertyName }: (typeof columns)[number]): boolean => isPrimary || present.includes(propertyName);
  const shown = columns.map((column) => `${isPresent(column) ? 'r' : 'v'}."${column.databaseName}"`);
  return `(select ${shown.join(', ')} from ${table} r, jsonb_populate_record(r, (
    select ${f('row')} from ${tableOf(manager, FormerVersion)} f where ${f('kind')} = '${tableName}' and ${f('key')} = ${key} and ${f('until')} > ${instant(asOf)}
    order by ${f('version')} limit 1)) v)`;
}

/** What to group by for one row of a class each: its key, with which a table's other columns are known, or all that is selected. */
export function groupOf<Row extends ObjectLiteral>({ manager, asOf }: Read, row: RowClass<Row>, alias: string): string {
  const grouping = manager.connection.getMetadata(row).columns.filter((column) => (asOf ? column.isSelect : column.isPrimary));
  return grouping.map(({ databaseName }) => `${alias}."${databaseName}"`).join(', ');
}

/**
 * Many short rows as one JSON value for each group: `column` selects it, `rowsOf` gives the plain rows back. The driver takes a row apart
 * value by value: for a page of stories with all their editions that is a tenth of the whole work of the server.
 */
export function packed<Row extends ObjectLiteral>(manager: EntityManager, row: RowClass<Row>, alias: string, order?: string) {
  const columns = manager.connection.getMetadata(row).columns.filter((column) => column.isSelect);
  const names = columns.map((column) => column.propertyName);
  const times = columns.map((column) => column.type === 'timestamptz');
  const rowsOf = (values: readonly unknown[][]): Row[] =>
    values.map((each) => {
      const record: Record<string, unknown> = {};
      for (let index = 0; index < names.length; index++) {
        const value = each[index];
        record[names[index]!] = times[index] && value !== null ? new Date(value as string) : value;
      }
      return record as Row;
    });
  const column = `json_agg(json_build_array(${columns.map(({ databaseName }) => `${alias}."${databaseName}"`).join(', ')})${order ? ` order by ${order}` : ''})`;
  return { column, rowsOf };
}

/** A driver's plain record as an instance of its row class, so that getters work and unions know its type. */
export const asRow = <Row extends object>(row: RowClass<Row>, record: object): Row => Object.assign(new row(), record);

/** One row by one unique column, batched: one SELECT for all keys of a tick; null where there is none. */
export function oneBy<Row extends ObjectLiteral>(
  read: Read,
  row: RowClass<Row>,
  property: keyof Row & string,
): DataLoader<Key, Row | null> {
  return new DataLoader(async (keys) => {
    const rows = await select(read, row, property, keys);
    const found = new Map(rows.map((each) => [String(each[property]), each]));
    return keys.map((key) => found.get(key) ?? null);
  });
}

/** All rows that share a column's value, batched, in the order of `order`. */
export function manyBy<Row extends ObjectLiteral>(
  read: Read,
  row: RowClass<Row>,
  property: keyof Row & string,
  order: keyof Row & string,
): DataLoader<Key, Row[]> {
  return new DataLoader(async (keys) => grouped(keys, await select(read, row, property, keys, order), (each) => String(each[property])));
}

/** Rows laid out behind the keys they belong to, keeping their order. */
export function grouped<Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): Row[][] {
  const groups = new Map<Key, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}

async function select<Row extends ObjectLiteral>(
  read: Read,
  row: RowClass<Row>,
  property: keyof Row & string,
  keys: readonly Key[],
  order?: keyof Row & string,
): Promise<Row[]> {
  const { manager } = read;
  const by = order ? ` order by ${columnOf(manager, row, order)}` : '';
  const records: object[] = await query(
    read,
    `select ${columnsOf(manager, row, 'r')} from ${rowsAsOf(read, row)} r where r.${columnOf(manager, row, property)} = any($1)${by}`,
    [keys],
  );
  return records.map((record) => asRow(row, record));
}
