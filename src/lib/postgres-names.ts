import { DefaultNamingStrategy, type Table } from 'typeorm';

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/gu, '$1_$2').toLowerCase();
const bare = (table: Table | string): string => (typeof table === 'string' ? table : table.name).split('.').pop() ?? '';

/** Snake-case columns, and the constraint names PostgreSQL itself would give, so that hand-written migrations need not name them. */
export class PostgresNames extends DefaultNamingStrategy {
  override tableName(target: string, given?: string): string {
    return given ?? snake(target);
  }
  override columnName(property: string, given: string): string {
    return given || snake(property);
  }
  override primaryKeyName(table: Table | string): string {
    return `${bare(table)}_pkey`;
  }
  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.join('_')}_fkey`;
  }
  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.join('_')}_key`;
  }
  override indexName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.join('_')}_idx`;
  }
}
