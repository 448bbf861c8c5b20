import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Significance } from '../../src/articles/translation.js';
import { insertRows } from '../../src/lib/insert-rows.js';
import { dueAt } from '../../src/publishing/due-times.js';
import { Confirmation, type Obligation } from '../../src/publishing/obligation.js';
import { cancelObligations, openObligations, settleObligations } from '../../src/publishing/obligations.queries.js';
import { sourcesOf } from '../../src/publishing/staleness.queries.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { appendEdits, type Edit, writeGraphs } from '../support/write-graph.js';

const { MINOR, UPDATE, CORRECTION } = Significance;
type Basis = [edition: string, number: number][];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

let uuid: string;
let now: Date;
let numbers: Map<string, number>;

/** Time passes: an hour for each thing that happens. */
const later = (): Date => {
  now = new Date(now.getTime() + 3_600_000);
  gateway.at(now);
  return now;
};

const shown = (obligations: readonly Obligation[]): string[] =>
  obligations.map((each) => `${each.editionCode} owes ${each.sourceEditionCode} ${each.sourceNumber}`);

/** An edition publishes, as the mutations will do it; gives what was opened and what was settled. */
async function publishes(edition: string, significance: Significance, basis: Basis = []) {
  const publishedAt = later();
  const number = (numbers.get(edition) ?? 0) + 1;
  numbers.set(edition, number);
  const edit: Edit = { edition, number, significance, publishedAt, basis };
  return gateway.dataSource.transaction(async (manager) => {
    await appendEdits(manager, [{ uuid, home: 'en', edits: [edit], retracted: [] }], now);
    const correction = { articleUuid: uuid, sourceEdition: edition, sourceNumber: number, urgency: 3, now };
    const opened = significance === CORRECTION ? await openObligations(manager, correction) : [];
    return { opened: shown(opened), settled: shown(await settleObligations(manager, uuid, now)) };
  });
}

/** An edition's editors find that their text stands as of a source's revision; gives what that settled. */
async function confirms(editionCode: string, sourceEditionCode: string, sourceNumber: number): Promise<string[]> {
  const confirmation = { articleUuid: uuid, editionCode, sourceEditionCode, sourceNumber, confirmedBy: 'an editor', confirmedAt: later() };
  return gateway.dataSource.transaction(async (manager) => {
    const over = '(article_uuid, edition_code, source_edition_code) do update set source_number = excluded.source_number';
    await insertRows(manager, Confirmation, [confirmation], over);
    return shown(await settleObligations(manager, uuid, now));
  });
}

const retract = (edition: string): Promise<unknown> =>
  gateway.dataSource.query('update translation set retracted_at = $3 where article_uuid = $1 and edition_code = $2', [
    uuid,
    edition,
    later(),
  ]);

const query = `query($id: ID!) { article(id: $id) { ... on Article {
  translations { edition { code } staleness missed { edition { code } revision significance publishedAt note } }
  ru: served(edition: "ru") { notices { ...told } }
  tt: served(edition: "tt") { notices { ...told } }
  persian: served(edition: "fa", policy: ANY) { translation { edition { code } } notices { ...told } }
} } } fragment told on Notice { code kind placement mustCarry lang text }`;

async function asked() {
  const { data, errors } = await gateway.ask(query, { id: `urn:newsml:meridian.example:20261101:${uuid}` });
  expect(errors).toBeUndefined();
  return data.article;
}

/** How stale every edition is. */
const staleness = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await asked()).translations.map((each: { edition: { code: string }; staleness: string }) => [each.edition.code, each.staleness]),
  );

/** What readers of Russian and of Tatar are told of corrections. */
async function told(): Promise<string[][]> {
  const { ru, tt } = await asked();
  return [ru, tt].map(({ notices }: { notices: { code: string }[] }) =>
    notices.map(({ code }) => code).filter((code) => code.startsWith('correction')),
  );
}

const owed = ['correctionPending'];

beforeEach(async () => {
  uuid = randomUUID();
  now = new Date('2026-11-20T09:00:00.000Z');
  numbers = new Map([['en', 1]]);
  const first = { edition: 'en', number: 1, significance: UPDATE, publishedAt: later(), basis: [] };
  await writeGraphs(gateway.dataSource, [{ uuid, home: 'en', edits: [first], confirmations: [], retracted: [] }], now);
  await publishes('ru', UPDATE, [['en', 1]]);
  await publishes('tt', UPDATE, [['ru', 1]]);
});

describe('English is translated into Russian, and Russian into Tatar', () => {
  test('nobody is behind, and the original is the original', async () => {
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'CURRENT' });
    expect(await told()).toEqual([[], []]);
  });

  test('a correction of the English marks both, opens what both owe, and both tell their readers', async () => {
    expect(await publishes('en', CORRECTION)).toEqual({ opened: ['ru owes en 2', 'tt owes en 2'], settled: [] });
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'BEHIND_CORRECTION', tt: 'BEHIND_CORRECTION' });
    expect(await told()).toEqual([owed, owed]);
    const { translations, ru, tt, persian } = await asked();
    const missed = {
      edition: { code: 'en' },
      revision: 2,
      significance: 'CORRECTION',
      publishedAt: now.toISOString(),
      note: 'It was the 14th.',
    };
    expect(translations.map((each: { missed: unknown }) => each.missed)).toEqual([[], [missed], [missed]]);
    const notice = { code: 'correctionPending', kind: 'CORRECTION', placement: 'BEFORE_BODY', mustCarry: true };
    expect(ru.notices[0]).toEqual({ ...notice, lang: 'ru', text: expect.stringMatching(/^Оригинал исправлен .*2026/u) });
    expect(tt.notices[0]).toEqual({ ...notice, lang: 'tt', text: expect.stringMatching(/^Төп нөсхә төзәтелде \(.*2026/u) });
    // Who asked for Persian and is served the English itself is told of no debt of another edition.
    expect(persian.translation.edition.code).toBe('en');
    expect(persian.notices.map(({ code }: { code: string }) => code)).not.toContain('correctionPending');
  });

  test('what is owed is due by the urgency of the story', async () => {
    await publishes('en', CORRECTION);
    const rows = await gateway.dataSource.query('select opened_at, due_at from obligation where article_uuid = $1', [uuid]);
    const due = { opened_at: now, due_at: new Date(now.getTime() + 6 * 3_600_000) };
    expect(rows).toEqual([due, due]);
  });

  test('updating the Russian settles the Russian; the Tatar is behind until its own chain reaches the correction', async () => {
    await publishes('en', CORRECTION);
    // Who takes over a correction publishes one: the Tatar now owes that too.
    expect(await publishes('ru', CORRECTION, [['en', 2]])).toEqual({ opened: ['tt owes ru 2'], settled: ['ru owes en 2'] });
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'BEHIND_CORRECTION' });
    expect(await told()).toEqual([['correction'], owed]);
    // A new text that is still made from the old Russian settles nothing.
    expect((await publishes('tt', UPDATE, [['ru', 1]])).settled).toEqual([]);
    expect((await staleness())['tt']).toBe('BEHIND_CORRECTION');
    expect((await publishes('tt', CORRECTION, [['ru', 2]])).settled).toEqual(['tt owes en 2', 'tt owes ru 2']);
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'CURRENT' });
    expect(await told()).toEqual([['correction'], ['correction']]);
  });

  test('confirming clears the edition that confirms, and those made from it', async () => {
    await publishes('en', CORRECTION);
    expect(await confirms('tt', 'en', 2)).toEqual(['tt owes en 2']);
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'BEHIND_CORRECTION', tt: 'CURRENT' });
    expect(await told()).toEqual([owed, []]);
    await publishes('ba', UPDATE, [['ru', 1]]);
    expect((await staleness())['ba']).toBe('BEHIND_CORRECTION');
    expect(await confirms('ru', 'en', 2)).toEqual(['ru owes en 2']);
    expect(await staleness()).toEqual({ ba: 'CURRENT', en: 'ORIGINAL', ru: 'CURRENT', tt: 'CURRENT' });
    expect(await told()).toEqual([[], []]);
  });

  test('after confirming, a MINOR revision changes nothing, and the next change that matters counts again', async () => {
    await publishes('en', CORRECTION);
    await confirms('ru', 'en', 2);
    await publishes('en', MINOR);
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'CURRENT' });
    await publishes('en', UPDATE);
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'BEHIND', tt: 'BEHIND' });
    expect(await told()).toEqual([[], []]);
    expect((await publishes('en', CORRECTION)).opened).toEqual(['ru owes en 5', 'tt owes en 5']);
    expect(await told()).toEqual([owed, owed]);
  });

  test('a MINOR revision or an UPDATE marks without a notice', async () => {
    expect(await publishes('en', MINOR)).toEqual({ opened: [], settled: [] });
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'BEHIND_MINOR', tt: 'BEHIND_MINOR' });
    await publishes('en', UPDATE);
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'BEHIND', tt: 'BEHIND' });
    expect(await told()).toEqual([[], []]);
  });

  test('a confirmation up to one correction leaves the next one owed, and its time is the one told', async () => {
    await publishes('en', CORRECTION);
    const first = now;
    await publishes('en', CORRECTION);
    const pending = async (): Promise<Date[]> =>
      (
        await gateway.dataSource.query(
          'select pending_correction_at as at from translation where article_uuid = $1 order by edition_code collate "C"',
          [uuid],
        )
      ).map(({ at }: { at: Date }) => at);
    const second = now;
    expect(await pending()).toEqual([null, first, first]);
    expect(await confirms('ru', 'en', 2)).toEqual(['ru owes en 2', 'tt owes en 2']);
    expect(await pending()).toEqual([null, second, second]);
    expect(await staleness()).toEqual({ en: 'ORIGINAL', ru: 'BEHIND_CORRECTION', tt: 'BEHIND_CORRECTION' });
  });

  test('an edition that is not out, or is retracted, owes nothing', async () => {
    await publishes('ba', UPDATE, [['en', 1]]);
    await publishes('uk', UPDATE, [['en', 1]]);
    await retract('ba');
    await gateway.dataSource.query(`update translation set published_at = '2027-01-01' where article_uuid = $1 and edition_code = 'uk'`, [
      uuid,
    ]);
    expect((await publishes('en', CORRECTION)).opened).toEqual(['ru owes en 2', 'tt owes en 2']);
  });

  test('a text that comes out after the correction but was made before it owes what is asked for the whole story', async () => {
    await publishes('en', CORRECTION);
    await publishes('tt', CORRECTION, [['en', 2]]);
    await publishes('ba', UPDATE, [['ru', 1]]);
    expect((await staleness())['ba']).toBe('BEHIND_CORRECTION');
    // The Tatar goes back to the old Russian.
    await publishes('tt', UPDATE, [['ru', 1]]);
    expect(await told()).toEqual([owed, ['correction']]);
    // Of what they miss, only corrections are owed.
    await publishes('en', UPDATE);
    const open = () => openObligations(gateway.dataSource.manager, { articleUuid: uuid, urgency: 3, now });
    expect(shown(await open())).toEqual(['ba owes en 2', 'tt owes en 2']);
    expect(shown(await open())).toEqual([]);
    expect(await told()).toEqual([owed, ['correction', ...owed]]);
  });

  test('what is owed ends with the text that is taken back, and is owed again when it is back', async () => {
    await publishes('en', CORRECTION);
    const { manager } = gateway.dataSource;
    await cancelObligations(manager, uuid, ['ru'], later());
    expect(await told()).toEqual([[], owed]);
    expect(shown(await openObligations(manager, { articleUuid: uuid, urgency: 3, now }))).toEqual(['ru owes en 2']);
    expect(await told()).toEqual([owed, owed]);
    await cancelObligations(manager, uuid, null, later());
    expect(await told()).toEqual([[], []]);
  });

  test('its sources are known at every step, with what they say now', async () => {
    await publishes('en', UPDATE);
    await publishes('ba', UPDATE, [['tt', 1]]);
    const sources = await sourcesOf(gateway.dataSource.manager, uuid);
    expect(sources.map(({ editionCode, sourceEditionCode, present }) => `${editionCode} ${sourceEditionCode} ${present}`)).toEqual([
      'ba en 2',
      'ba ru 1',
      'ba tt 1',
      'ru en 2',
      'tt en 2',
      'tt ru 1',
    ]);
  });

  test('what was made from a retracted text is marked at every step, and what that text said is not told', async () => {
    await publishes('ru', CORRECTION, [['en', 1]]);
    expect((await staleness())['tt']).toBe('BEHIND_CORRECTION');
    await retract('ru');
    await publishes('ba', UPDATE, [['tt', 1]]);
    expect(await staleness()).toEqual({ ba: 'SOURCE_RETRACTED', en: 'ORIGINAL', tt: 'SOURCE_RETRACTED' });
    const { translations } = await asked();
    expect(translations.map((each: { missed: unknown }) => each.missed)).toEqual([[], [], []]);
    await publishes('tt', UPDATE, [['en', 1]]);
    expect((await staleness())['tt']).toBe('CURRENT');
  });
});

test('an edition that worked from two languages misses the worst of both ways', async () => {
  await publishes('ba', UPDATE, [
    ['tt', 1],
    ['ru', 1],
  ]);
  await publishes('ru', MINOR, [['en', 1]]);
  expect((await staleness())['ba']).toBe('BEHIND_MINOR');
  await publishes('tt', UPDATE, [['ru', 2]]);
  expect((await staleness())['ba']).toBe('BEHIND');
  // By way of the Tatar it still stands on the old Russian.
  await publishes('ba', UPDATE, [
    ['tt', 1],
    ['ru', 2],
  ]);
  expect((await staleness())['ba']).toBe('BEHIND');
  await publishes('ba', UPDATE, [
    ['tt', 2],
    ['ru', 2],
  ]);
  expect((await staleness())['ba']).toBe('CURRENT');
});

test('an original that took something over from its translation does not miss its own past', async () => {
  expect(await publishes('en', CORRECTION, [['ru', 1]])).toEqual({ opened: ['ru owes en 2', 'tt owes en 2'], settled: [] });
  expect(await staleness()).toEqual({ en: 'CURRENT', ru: 'BEHIND_CORRECTION', tt: 'BEHIND_CORRECTION' });
  const sources = await sourcesOf(gateway.dataSource.manager, uuid);
  expect(sources.filter(({ editionCode }) => editionCode === 'en')).toEqual([{ editionCode: 'en', sourceEditionCode: 'ru', present: 1 }]);
  await publishes('ru', CORRECTION, [['en', 2]]);
  expect(await staleness()).toEqual({ en: 'BEHIND_CORRECTION', ru: 'CURRENT', tt: 'BEHIND_CORRECTION' });
});

test('a circle in the data is answered', async () => {
  await gateway.dataSource.query(
    `insert into revision_basis (article_uuid, edition_code, number, source_edition_code, source_number) values ($1, 'en', 1, 'tt', 1)`,
    [uuid],
  );
  expect(await staleness()).toEqual({ en: 'CURRENT', ru: 'CURRENT', tt: 'CURRENT' });
  await publishes('ru', UPDATE, [['en', 1]]);
  expect(await staleness()).toEqual({ en: 'BEHIND', ru: 'CURRENT', tt: 'BEHIND' });
});

test.each([
  [1, 2],
  [2, 2],
  [3, 6],
  [4, 6],
  [5, 24],
  [6, 24],
  [7, 72],
  [9, 72],
])('at urgency %i a correction is due within %i hours', (urgency, hours) => {
  const at = new Date('2026-11-20T09:00:00.000Z');
  expect(dueAt(urgency, at).getTime() - at.getTime()).toBe(hours * 3_600_000);
});
