import DataLoader from 'dataloader';
import { Edition } from '../editions/edition.js';
import { aliased, query, type Read, tableOf } from '../lib/load.js';
import { Agency } from '../topics/agency.js';
import type { Named } from '../topics/named.js';
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
}

export const registryLoaders = (read: Read): RegistryLoaders => ({
  versionOfEdition: versionsOf(read, Edition),
  versionOfTopic: versionsOf(read, Topic),
  versionOfPerson: versionsOf(read, Person),
  versionOfPlace: versionsOf(read, Place),
  versionOfAgency: versionsOf(read, Agency),
});

function versionsOf(read: Read, row: new () => Pick<Named, 'code' | 'version'>): DataLoader<string, number> {
  const { manager } = read;
  const r = aliased(manager, row, 'r');
  return new DataLoader(async (codes) => {
    const rows = await query<{ code: string; version: number }[]>(
      read,
      `select ${r('code')} as code, ${r('version')} as version from ${tableOf(manager, row)} r where ${r('code')} = any($1)`,
      [codes],
    );
    const found = new Map(rows.map(({ code, version }) => [code, version]));
    return codes.map((code) => found.get(code) ?? new Error(`no version of ${code}`));
  });
}
