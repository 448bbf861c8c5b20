import { Role } from '../../../src/desks/role.js';
import { seed } from '../../../src/ingest/seed.js';
import { story } from '../../../src/ingest/story.js';
import { type Desk, deskOf } from '../desk.js';
import { openGateway, type TestGateway, testNow } from '../gateway.js';
import { keyFor } from '../keys.js';
import { paragraph, write } from '../make-story.js';
import { operatorOf } from '../partners.js';
import { newImage, savesOf } from '../registry.js';
import { relayFor } from '../relay.js';
import { until } from '../until.js';
import { homeOf, pictures, type State, states, uuidOf, word } from './canaries.js';

/** Who asks: the columns of the matrix. */
export const callers = ['public', 'headlines', 'pictureless', 'early', 'limited', 'elsewhere', 'desk', 'chief', 'operator'] as const;
export type CallerName = (typeof callers)[number];

/** What the four kinds of partner are entitled to. */
export const entitlements: Partial<Record<CallerName, { delaySeconds?: number; terms: object }>> = {
  headlines: { terms: { level: 'HEADLINE', images: true } },
  pictureless: { terms: { level: 'FULL', images: false } },
  early: { terms: { level: 'FULL', images: true, early: true, editions: ['en'] } },
  limited: {
    delaySeconds: 3600,
    terms: { level: 'FULL', images: true, editions: ['ru'], topics: ['culture'], excludedAgencies: ['reuters'] },
  },
};

export interface Matrix {
  gateway: TestGateway;
  headers: Readonly<Record<CallerName, Record<string, string>>>;
  uuids: Readonly<Record<State, string>>;
  urnOf(state: State, edition?: string): string;
}

const day = '20261122';
const ago = (minutes: number): string => new Date(testNow.getTime() - minutes * 60_000).toISOString();

/** A gateway with one story in each state, whose every class has words of its own, and a key for each caller. */
export async function openMatrix(): Promise<Matrix> {
  const gateway = await openGateway({ samples: false });
  await seed(gateway.dataSource, 'editions', { domain: 'meridian.example', now: testNow });
  const chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF });
  const operator = await operatorOf(gateway);
  await namePeople(chief);
  const file = { ratio: 'RATIO_16X9', width: 1600, height: 900, url: `/media/${pictures.draft}-16x9.svg`, contentType: 'image/svg+xml' };
  must(await savesOf(chief.ask)('saveImage', { ...newImage, code: pictures.draft, renditions: [file] }));
  const wording = { image: pictures.draft, edition: 'en', expectedVersion: 0, alt: 'A drawing' };
  must(await savesOf(chief.ask)('saveImageWording', wording));
  const held = { code: 'tass', expectedVersion: 1, language: 'en', names: [{ lang: 'en', text: 'TASS' }] };
  const { ask } = operator;
  await savesOf(ask)('saveAgency', { ...held, redistribution: 'NONE', redistributionTerritories: ['BV'] });
  await write(gateway, states.filter((state) => state !== 'draft').map(storyOf));
  const uuids = { ...(Object.fromEntries(states.map((state) => [state, uuidOf(state)])) as Record<State, string>) };
  const urnOf = (state: State, edition?: string): string =>
    `urn:newsml:meridian.example:${state === 'draft' ? '20261123' : day}:${uuids[state]}${edition ? `.${edition}` : ''}`;
  const { draft } = must(
    await chief.createArticle({
      ...{ edition: 'en', text: textOf('draft', 'body'), authors: ['draft-author'], people: ['draft-subject'], topics: ['politics'] },
      image: pictures.draft,
    }),
  );
  uuids.draft = draft.articleId.split(':').at(-1);
  await keepDrafts(chief, urnOf);
  const note = { lang: 'en', text: `It was wrong: ${word('retracted', 'notice')}.` };
  must(await chief.retract({ article: urnOf('retracted'), kind: 'KILL', notes: [note] }));
  const headers = {
    public: {},
    elsewhere: (await keyFor(gateway.dataSource, { name: 'Gert', roles: { hy: Role.EDITOR } })).headers,
    desk: (await keyFor(gateway.dataSource, { name: 'Dora', roles: { en: Role.EDITOR } })).headers,
    chief: (await keyFor(gateway.dataSource, { name: 'Carl', roles: { en: Role.CHIEF } })).headers,
    operator: (await keyFor(gateway.dataSource, { name: 'Olga', operator: true })).headers,
    ...(await partnersOf(gateway)),
  } as Record<CallerName, Record<string, string>>;
  await numberAll(gateway);
  return { gateway, headers, uuids, urnOf };
}

/** Founds the four partners, with a contact of their own each, and gives the headers of their keys. */
export async function partnersOf(gateway: TestGateway): Promise<Partial<Record<CallerName, Record<string, string>>>> {
  const operator = await operatorOf(gateway);
  const headers: Partial<Record<CallerName, Record<string, string>>> = {};
  for (const [code, { delaySeconds = 0, terms }] of Object.entries(entitlements)) {
    const contacts = [{ name: 'Ines', email: `zqcontact${code}@partner.example`, role: 'Feeds' }];
    must(await operator.savePartner({ code, name: `Partner ${code}`, expectedVersion: 0, delaySeconds, contacts }));
    must(await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { ...terms, validFrom: ago(60 * 24 * 30) } }));
    headers[code as CallerName] = (await keyFor(gateway.dataSource, { name: 'Ines', partnerCode: code })).headers;
  }
  return headers;
}

/** Has the relay number every event there is. */
export async function numberAll({ dataSource }: TestGateway): Promise<void> {
  const relay = relayFor(dataSource, { clock: () => testNow });
  await until('the numbering of all events', async () => {
    const [{ left }] = await dataSource.query('select count(*)::int as left from outbox');
    return left === 0;
  });
  await relay.stop(1_000);
}

async function namePeople(desk: Desk): Promise<void> {
  const save = savesOf(desk.ask);
  for (const state of states)
    for (const what of ['author', 'subject'])
      must(
        await save('savePerson', {
          ...{ code: `${state}-${what}`, expectedVersion: 0, language: 'en' },
          names: [{ lang: 'en', text: `Ann ${word(state, what)}` }],
        }),
      );
}

const textOf = (state: State, body: string) => ({
  ...{ headline: `News of ${word(state, 'headline')}`, dek: `In short ${word(state, 'dek')}`, slug: word(state, 'slug') },
  blocks: [paragraph(`The text: ${word(state, body)}.`)],
});

function storyOf(state: State) {
  const home = homeOf(state);
  const isRussian = home === 'ru';
  const { slug, ...last } = textOf(state, 'body');
  const first = { headline: `First ${word(state, 'former')}`, blocks: [paragraph('The first words.')] };
  const correction = (what: string, publishedAt: string) => ({
    ...{ ...last, significance: 'CORRECTION', note: `We were wrong: ${word(state, what)}.`, publishedAt },
  });
  const revisions = isRussian ? [last] : [first, correction('missed', ago(300)), correction('notice', ago(200))];
  const publishedAt = state === 'fresh' ? ago(10) : '2026-11-22T08:00:00.000Z';
  const wire = { restricted: 'tass', excluded: 'reuters' }[state as string];
  const russian = { headline: 'По-русски', blocks: [paragraph('По-русски.')], basis: [{ edition: 'en', revision: 1 }] };
  return story.parse({
    ...{ id: `matrix-${state}`, homeEdition: home, publishedAt, topics: [isRussian ? 'culture' : 'politics'] },
    ...(state === 'embargoed' && { embargoUntil: '2026-12-24T08:00:00.000Z' }),
    ...(pictures[state] && { image: pictures[state] }),
    people: [`${state}-subject`],
    credits: [{ role: 'AUTHOR', person: `${state}-author` }, ...(wire ? [{ role: 'WIRE', agency: wire }] : [])],
    // One text leads to every story: to none that its reader may not have.
    related: state === 'public' ? states.filter((each) => each !== 'public' && each !== 'draft').map((each) => `matrix-${each}`) : [],
    translations: [
      { edition: home, slug, revisions },
      ...(isRussian ? [] : [{ edition: 'ru', slug: `${state}-ru`, revisions: [russian] }]),
    ],
  });
}

/** A draft of what comes next, in each story that is there. */
async function keepDrafts(chief: Desk, urnOf: Matrix['urnOf']): Promise<void> {
  for (const state of ['public', 'embargoed', 'restricted', 'retracted', 'draft'] as const) {
    const text =
      state === 'draft' ? textOf('draft', 'body') : { headline: `Next ${word(state, 'draft')}`, blocks: [paragraph('To come.')] };
    must(
      await chief.saveDraft({
        ...{ article: urnOf(state), edition: 'en', expectedVersion: state === 'draft' ? 1 : 0, text },
        ...(state === 'draft' && { meaning: { changeNote: `A note: ${word('draft', 'draft')}` } }),
      }),
    );
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
function must(result: any): any {
  if (result?.error || result?.message) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result;
}
