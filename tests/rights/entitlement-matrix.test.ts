import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { formats } from '../../src/feeds/formats.js';
import { makeSchema } from '../../src/server/schema.js';
import { canariesOf, homeOf, pictures, states, word } from '../support/rights-matrix/canaries.js';
import { classesOfFields, classOf } from '../support/rights-matrix/classes.js';
import { type CallerName, callers, entitlements, type Matrix, openMatrix } from '../support/rights-matrix/fixture.js';
import { type May, policyOf, policyOfDocuments, rows } from '../support/rights-matrix/policy.js';
import { entriesToAnything, entriesToStories, feedAddresses, generated, itemAddresses } from '../support/rights-matrix/probes.js';

const feedClasses = 'identity headline text image credit notice';
const schema = makeSchema();
let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix();
}, 120_000);
afterAll(() => matrix.gateway.close());

/** What was asked, and everything that was answered: `told` of it in errors, without what was asked. */
interface Answer {
  asked: string;
  text: string;
  data?: unknown;
}

const fieldsOfSchema = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) => Object.keys(type.getFields()).map((field) => [type.name, field] as const));

describe('every field of the schema', () => {
  test('is of one class of information', () => {
    expect(fieldsOfSchema.filter(([type, field]) => classOf(type, field) === undefined).map((each) => each.join('.'))).toEqual([]);
  });

  test('is there: no class is given to what is not', () => {
    const there = new Set(fieldsOfSchema.map((each) => each.join('.')));
    const classed = Object.entries(classesOfFields).flatMap(([type, classes]) =>
      Object.values(classes).flatMap((fields) => fields.split(' ').map((field) => `${type}.${field}`)),
    );
    expect(classed.filter((each) => !there.has(each))).toEqual([]);
    expect(classed).toHaveLength(new Set(classed).size);
  });

  test('that a query begins with has a way to a story, or to what is no story’s', () => {
    const entries = new Set([...Object.keys(entriesToStories), ...Object.keys(entriesToAnything)]);
    expect(Object.keys(schema.getQueryType()!.getFields()).filter((each) => !entries.has(each))).toEqual([]);
  });
});

/** What was found of each class of each story: the table of what one caller has learned. */
function learned(answers: readonly Answer[], expected: Record<string, May>): { found: Record<string, May>; where: Record<string, string> } {
  const found: Record<string, May> = {};
  const where: Record<string, string> = {};
  for (const { state, of } of rows) {
    const row = `${state} ${of}`;
    const canaries = of === 'count' ? [`"counted":"${state}"`] : canariesOf(state, matrix.uuids[state])[of]!;
    const hits = answers.filter(({ text }) => canaries.some((each) => text.includes(each)));
    const onlyTombs = hits.every(({ data }) => data === undefined || isInTombstones(data, canaries));
    const told = hits.length === 0 ? '-' : expected[row] === 'TOMB' && onlyTombs ? 'TOMB' : 'ALL';
    found[row] = expected[row] === '.' && told === '-' ? '.' : told;
    if (found[row] !== expected[row]) where[row] = hits[0]?.asked.slice(0, 160) ?? 'nowhere';
  }
  return { found, where };
}

/** Whether some words stand in tombstones alone. */
function isInTombstones(value: unknown, canaries: readonly string[]): boolean {
  if (typeof value === 'string') return !canaries.some((each) => value.includes(each));
  if (value === null || typeof value !== 'object') return true;
  if ((value as { __typename?: string }).__typename === 'Tombstone') return true;
  return Object.values(value).every((each) => isInTombstones(each, canaries));
}

async function inGraphql(caller: CallerName): Promise<{ answers: Answer[]; refused: string[] }> {
  const answers: Answer[] = [];
  const refused: string[] = [];
  for (const asked of generated(schema, matrix)) {
    const { data, errors = [] } = await matrix.gateway.ask(asked, {}, matrix.headers[caller]);
    answers.push({ asked, data: data ?? null, text: JSON.stringify(data ?? null) });
    for (const { message, extensions } of errors) {
      // A story is named in a document as its caller already knows it.
      const told = asked
        .split(/[{}()"]/u)
        .reduce((text, part) => (part.length > 8 ? text.replaceAll(part, '') : text), JSON.stringify({ message, extensions }));
      answers.push({ asked, text: told });
      if (!['FORBIDDEN', 'IS_RETRACTED', 'NOT_PUBLISHED', 'REVISION_UNKNOWN', 'NOT_FOUND'].includes(extensions.code))
        refused.push(`${message} ${asked.slice(0, 200)}`);
    }
  }
  for (const state of states) {
    const list = `{ articles(filter: { people: ["${state}-subject"] }, policy: ANY, locales: ["en"]) { totalCount edges { cursor } } }`;
    const { data } = await matrix.gateway.ask(list, {}, matrix.headers[caller]);
    if (data.articles.totalCount > 0 || data.articles.edges.length > 0) answers.push({ asked: list, text: `"counted":"${state}"` });
  }
  return { answers, refused };
}

async function inDocuments(caller: CallerName): Promise<Answer[]> {
  const addresses = [...feedAddresses(), ...itemAddresses(matrix)];
  const answers: Answer[] = [];
  for (const asked of addresses) {
    const { body, headers } = await matrix.gateway.get(asked, matrix.headers[caller]);
    answers.push({ asked, text: `${JSON.stringify(headers)} ${body}` });
  }
  return answers;
}

// What each kind of document tells of the story that everybody may read.
const documents: Record<string, string> = {
  ...Object.fromEntries(['atom', 'rss', 'json', 'ninjs', 'ninjs1', 'newsml'].map((extension) => [`/feeds/en.${extension}`, feedClasses])),
  ...Object.fromEntries(['json', 'ninjs', 'ninjs1', 'newsml', 'html'].map((extension) => [`/items/{urn}.${extension}`, feedClasses])),
  ...{ '/sitemap.xml': 'headline', '/sitemap-news/en.xml': 'headline', '/read/en/zqpublicslug': 'headline text image credit notice' },
};

describe('every document', () => {
  test('that a format makes is in the table', () => {
    const made = formats.flatMap(({ extension, feed, item }) => [
      ...(feed ? [`/feeds/en.${extension}`] : []),
      ...(item ? [`/items/{urn}.${extension}`] : []),
    ]);
    expect(made.filter((each) => !(each in documents))).toEqual([]);
  });

  test.each(Object.entries(documents))('%s tells of %s', async (address, classes) => {
    const { body } = await matrix.gateway.get(address.replace('{urn}', matrix.urnOf('public', 'en')));
    const canaries = Object.entries(canariesOf('public', matrix.uuids.public));
    expect(canaries.flatMap(([of, words]) => (words.some((each) => body.includes(each)) ? [of] : [])).join(' ')).toBe(classes);
  });

  test('of pages and files is there for the stories that everybody may read', async () => {
    const addresses = states.map((state) => `/read/${homeOf(state)}/${word(state, 'slug')}`);
    const files = Object.values(pictures).map((code) => `/media/${code}-16x9.svg`);
    const found = await Promise.all([...addresses, ...files].map(async (url) => [url, (await matrix.gateway.get(url)).statusCode]));
    expect(Object.fromEntries(found)).toEqual({
      ...{
        '/read/en/zqpublicslug': 200,
        '/read/en/zqembargoedslug': 404,
        '/read/en/zqrestrictedslug': 200,
        '/read/en/zqretractedslug': 410,
      },
      ...{ '/read/en/zqdraftslug': 404, '/read/ru/zqcultureslug': 200, '/read/ru/zqexcludedslug': 200, '/read/ru/zqfreshslug': 200 },
      ...{ '/media/saiga-16x9.svg': 200, '/media/alphabets-16x9.svg': 404, '/media/foreign-ministry-16x9.svg': 200 },
      ...{ '/media/aral-sea-16x9.svg': 404, '/media/zqdraftpicture-16x9.svg': 404 },
    });
  });
});

// What is no story’s: the partners’ contacts, and the terms on which an agency’s copy is held.
const ofNoStory: Record<CallerName, { ofItself: boolean; ofOthers: boolean; terms: boolean }> = {
  public: { ofItself: false, ofOthers: false, terms: false },
  headlines: { ofItself: true, ofOthers: false, terms: false },
  pictureless: { ofItself: true, ofOthers: false, terms: false },
  early: { ofItself: true, ofOthers: false, terms: false },
  limited: { ofItself: true, ofOthers: false, terms: false },
  elsewhere: { ofItself: false, ofOthers: false, terms: true },
  desk: { ofItself: false, ofOthers: false, terms: true },
  chief: { ofItself: false, ofOthers: false, terms: true },
  operator: { ofItself: false, ofOthers: true, terms: true },
};

function learnedOfNoStory(answers: readonly Answer[], caller: CallerName): object {
  const all = answers.map(({ text }) => text).join('\n');
  const contacts = Object.keys(entitlements).filter((each) => all.includes(`zqcontact${each}`));
  return { ofItself: contacts.includes(caller), ofOthers: contacts.some((each) => each !== caller), terms: all.includes('"BV"') };
}

describe.each(callers)('%s learns what the table gives, and nothing else', (caller) => {
  test('by GraphQL', async () => {
    const { answers, refused } = await inGraphql(caller);
    const { found, where } = learned(answers, policyOf(caller));
    expect([refused, where]).toEqual([[], {}]);
    expect(found).toEqual(policyOf(caller));
    expect(learnedOfNoStory(answers, caller)).toEqual(ofNoStory[caller]);
  }, 120_000);

  test('by feeds, items and sitemaps', async () => {
    const { found, where } = learned(await inDocuments(caller), policyOfDocuments(caller));
    expect(where).toEqual({});
    expect(found).toEqual(policyOfDocuments(caller));
  }, 60_000);
});
