import DataLoader from 'dataloader';
import { Edition } from '../editions/edition.js';
import { aliased, query, type Read, tableOf } from '../lib/load.js';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';

/** The versions of rows, by code: only who means to change something asks for them. */
export interface RegistryLoaders {
  versionOfEdition: DataLoader<string, number>;
  versionOfTopic: DataLoader<string, number>;
  versionOfPerson: DataLoader<string, number>;
  versionOfPlace: DataLoader<string, number>;
  versionOfAgency: DataLoader<string, number>;
  /** What agencies allow of their copy and pictures, by code. */
  termsOfAgency: DataLoader<string, AgencyTerms>;
}

type AgencyTerms = Pick<Agency, 'redistribution' | 'redistributionTerritories'>;

const versionOf = ({ version }: { version?: number }): number => version!;

export const registryLoaders = (read: Read): RegistryLoaders => ({
  versionOfEdition: columnsByCode(read, Edition, ['version'], versionOf),
  versionOfTopic: columnsByCode(read, Topic, ['version'], versionOf),
  versionOfPerson: columnsByCode(read, Person, ['version'], versionOf),
  versionOfPlace: columnsByCode(read, Place, ['version'], versionOf),
  versionOfAgency: columnsByCode(read, Agency, ['version'], versionOf),
  termsOfAgency: columnsByCode(read, Agency, ['redistribution', 'redistributionTerritories'], (terms) => terms),
});

/** Columns that readers are not given, of rows by their codes. */
function columnsByCode<Row extends { code: string }, Column extends keyof Row & string, Value>(
  read: Read,
  row: new () => Row,
  columns: readonly Column[],
  valueOf: (columns: Pick<Row, Column>) => Value,
): DataLoader<string, Value> {
  const { manager } = read;
  const r = aliased(manager, row, 'r');
  return new DataLoader(async (codes) => {
    const rows = await query<(Pick<Row, Column> & { code: string })[]>(
      read,
      `select ${['code' as const, ...columns].map((column) => `${r(column)} as "${column}"`).join(', ')} from ${tableOf(manager, row)} r where ${r('code')} = any($1)`,
      [codes],
    );
    const found = new Map(rows.map((each) => [each.code, valueOf(each)]));
    return codes.map((code) => found.get(code) ?? new Error(`nothing has the code ${code}`));
  });
}
