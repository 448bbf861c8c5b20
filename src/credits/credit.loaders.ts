import DataLoader from 'dataloader';
import type { Edition } from '../editions/edition.js';
import { aliased, asRow, columnsOf, grouped, groupOf, instant, packed, query, type Read, rowsAsOf, tableOf } from '../lib/load.js';
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

/** Names the credits of one edition of a story. */
type CreditsKey = { articleUuid: string; editionCode: string };

export interface CreditLoaders {
  /** The credits of a story that hold for one edition, its own and the story's, in the desk's order. */
  creditsOfTranslation: DataLoader<CreditsKey, CreditOfParty[], string>;
  /** Credits of a picture, by its code. */
  creditsOfImage: DataLoader<string, CreditOfParty[]>;
}

export function creditLoaders(read: Read): CreditLoaders {
  const column = aliased(read.manager, CreditRow, 'c');
  return {
    creditsOfTranslation: new DataLoader(
      async (keys) => {
        const uuids = keys.map((key) => key.articleUuid);
        const own = `${column('editionCode')} is null or (${column('articleUuid')}, ${column('editionCode')}) in (select * from unnest($1::uuid[], $2::text[]))`;
        const credits = await creditsWhere(read, `${column('articleUuid')} = any($1) and (${own})`, [
          uuids,
          keys.map((key) => key.editionCode),
        ]);
        return grouped(uuids, credits, (credit) => String(credit.articleUuid)).map((ofStory, index) =>
          ofStory.filter(({ editionCode }) => editionCode === null || editionCode === keys[index]!.editionCode),
        );
      },
      { cacheKeyFn: ({ articleUuid, editionCode }) => `${articleUuid} ${editionCode}` },
    ),
    creditsOfImage: new DataLoader(async (codes) =>
      grouped(codes, await creditsWhere(read, `${column('imageCode')} = any($1)`, [codes]), (credit) => String(credit.imageCode)),
    ),
  };
}

/** Credits come with their parties in one statement, each party once with all its credits: its names in thirty languages outweigh them. */
async function creditsWhere(read: Read, condition: string, values: unknown[]): Promise<CreditOfParty[]> {
  const { manager, asOf } = read;
  const { column, rowsOf } = packed(manager, CreditRow, 'c');
  const c = aliased(manager, CreditRow, 'c');
  const [person, agency] = [aliased(manager, Person, 'p')('code'), aliased(manager, Agency, 'a')('code')];
  const holds = asOf
    ? `coalesce(${c('since')} <= ${instant(asOf)}, true) and coalesce(${c('until')} > ${instant(asOf)}, true)`
    : `${c('until')} is null`;
  const records: ({ credits: unknown[][] } & Record<string, unknown>)[] = await query(
    read,
    `select ${columnsOf(manager, Person, 'p', 'person.')}, ${columnsOf(manager, Agency, 'a', 'agency.')}, ${column} as credits
     from ${tableOf(manager, CreditRow)} c
     left join ${rowsAsOf(read, Person)} p on ${person} = ${c('personCode')}
     left join ${rowsAsOf(read, Agency)} a on ${agency} = ${c('agencyCode')}
     where ${condition} and ${holds} group by ${groupOf(read, Person, 'p')}, ${groupOf(read, Agency, 'a')}`,
    values,
  );
  return records
    .flatMap((record) => {
      const party = record['person.code'] === null ? partyOf(Agency, record, 'agency') : partyOf(Person, record, 'person');
      return rowsOf(record.credits).map((credit): CreditOfParty => ({ ...credit, party }));
    })
    .sort(byPosition);
}

/** The desk's order; where an edition counts like the story does, the story's come first. */
export const byPosition = (a: CreditRow, b: CreditRow): number =>
  a.position - b.position || Number(a.editionCode !== null) - Number(b.editionCode !== null);

const partyOf = <Party extends Person | Agency>(
  party: new () => Party,
  record: Record<string, unknown>,
  prefix: 'person' | 'agency',
): Party => asRow(party, { code: record[`${prefix}.code`], language: record[`${prefix}.language`], names: record[`${prefix}.names`] });

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
