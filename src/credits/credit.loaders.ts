import DataLoader from 'dataloader';
import type { Edition } from '../editions/edition.js';
import { asRow, columnOf, columnsOf, grouped, type Read, tableOf } from '../lib/load.js';
import { Agency } from '../topics/agency.js';
import { nameIn } from '../topics/name-in.js';
import { Person } from '../topics/person.js';
import type { CreditFacts } from './compose-credits.js';
import { CreditRow, CreditScope } from './credit.js';
import type { Credit } from './credit.type.js';

/** A credit with the party it names. */
export interface CreditOfParty extends CreditRow {
  party: Person | Agency;
}

export interface CreditLoaders {
  /** Story and edition credits of an article, by its uuid, in the desk's order. */
  creditsOfArticle: DataLoader<string, CreditOfParty[]>;
  /** Credits of a picture, by its code. */
  creditsOfImage: DataLoader<string, CreditOfParty[]>;
}

/** Credits come with their parties in one statement: a line of names needs both. */
export const creditLoaders = (read: Read): CreditLoaders => ({
  creditsOfArticle: creditsBy(read, 'articleUuid'),
  creditsOfImage: creditsBy(read, 'imageCode'),
});

function creditsBy({ manager }: Read, property: 'articleUuid' | 'imageCode'): DataLoader<string, CreditOfParty[]> {
  return new DataLoader(async (keys) => {
    const records: ({ [Column in keyof CreditRow]: CreditRow[Column] } & Record<string, unknown>)[] = await manager.query(
      `select ${columnsOf(manager, CreditRow, 'c')}, ${columnsOf(manager, Person, 'p', 'person_')}, ${columnsOf(manager, Agency, 'a', 'agency_')}
       from ${tableOf(manager, CreditRow)} c
       left join ${tableOf(manager, Person)} p on p.code = c.${columnOf(manager, CreditRow, 'personCode')}
       left join ${tableOf(manager, Agency)} a on a.code = c.${columnOf(manager, CreditRow, 'agencyCode')}
       where c.${columnOf(manager, CreditRow, property)} = any($1) order by c.position`,
      [keys],
    );
    const credits = records.map(
      (record): CreditOfParty => ({
        ...record,
        party: record.personCode === null ? partyOf(Agency, record, 'agency') : partyOf(Person, record, 'person'),
      }),
    );
    return grouped(keys, credits, (credit) => String(credit[property]));
  });
}

const partyOf = <Party extends Person | Agency>(
  party: new () => Party,
  record: Record<string, unknown>,
  prefix: 'person' | 'agency',
): Party => asRow(party, { code: record[`${prefix}_code`], language: record[`${prefix}_language`], names: record[`${prefix}_names`] });

/** A credit as composers take it, named for an edition's readers. */
export const factsOf = (credit: CreditOfParty, edition: Edition): CreditFacts => ({
  role: credit.role,
  party: credit.personCode ?? `agency:${credit.agencyCode}`,
  name: nameIn(credit.party, edition).text,
  edition: credit.editionCode,
});

/** A credit as GraphQL shows it. */
export function creditOf(credit: CreditOfParty, edition: Edition): Credit {
  const { text, lang } = nameIn(credit.party, edition);
  const scope = credit.imageCode !== null ? CreditScope.IMAGE : credit.editionCode !== null ? CreditScope.TRANSLATION : CreditScope.STORY;
  return {
    ...{ role: credit.role, scope, name: text, lang },
    person: credit.party instanceof Person ? credit.party : null,
    agency: credit.party instanceof Agency ? credit.party : null,
  };
}
