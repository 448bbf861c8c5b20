import { type GraphQLSchema, getNamedType } from 'graphql';
import { formats } from '../../../src/feeds/formats.js';
import { unreadableAsOf } from '../../../src/server/as-of.js';
import { homeOf, type State, states, word } from './canaries.js';
import { type InformationClass, informationClasses } from './classes.js';
import type { Matrix } from './fixture.js';
import { selectionOf } from './generate-query.js';

/** Where a request enters, with the arguments that lead to a story; `depth` in levels below, for lists that would cost too much. */
interface Probe {
  args: string;
  depth?: number;
  stage?: 'DRAFT';
  asOf?: string;
}

// Who is led to the same story on another way is asked what it says at the top.
const shallow = { depth: 4 };

type OfStory = (of: { urn: string; home: string; slug: string; subject: string; state: State }) => Probe[];

const list = (args: string): Probe => ({ args: `(first: 1, ${args})`, ...shallow });

/** How each entry of the schema may come to a story: by its id in every form, by its addresses, by words, and by what it is about. */
export const entriesToStories: Readonly<Record<string, OfStory>> = {
  article: ({ urn, home }) => [
    { args: `(id: "${urn}")` },
    { args: `(id: "${urn}.${home}")`, ...shallow },
    { args: `(id: "${urn}", stage: DRAFT)`, stage: 'DRAFT' },
    { args: `(id: "${urn}")`, asOf: '2026-11-23T11:00:00Z' },
  ],
  articleBySlug: ({ home, slug }) => [{ args: `(edition: "${home}", slug: "${slug}")`, ...shallow }],
  articleByUrl: ({ home, slug }) => [
    { args: `(url: "https://${home}.meridian.example/${home === 'ru' ? '20261122' : 'a'}/${slug}.html")`, ...shallow },
    { args: `(url: "http://gateway.test/read/${home}/${slug}")`, ...shallow },
  ],
  node: ({ urn, home }) => [{ args: `(id: "${urn}")`, depth: 3 }, { args: `(id: "${urn}.${home}")` }],
  nodes: ({ urn }) => [{ args: `(ids: ["${urn}", "${urn}.ru"])`, depth: 3 }],
  articles: ({ home, subject, state }) => [
    list(`edition: "${home}", filter: { people: ["${subject}"] }`),
    list(`policy: ANY, locales: ["ru"], orderBy: UPDATED_ASC, filter: { people: ["${subject}"] }`),
    ...['headline', 'body', 'draft'].map((what) => list(`edition: "${home}", filter: { search: "${word(state, what)}" }`)),
  ],
  articleFacts: ({ urn }) => [{ args: `(article: "${urn}")` }],
  draft: ({ urn, home }) => [{ args: `(article: "${urn}", edition: "${home}")` }],
  exportXliff: ({ urn, home }) => [{ args: `(article: "${urn}", edition: "${home}")` }, { args: `(article: "${urn}", edition: "hy")` }],
  retractionPreview: ({ urn }) => [{ args: `(input: { article: "${urn}", kind: KILL })` }],
  explainAccess: ({ urn, home }) => [{ args: `(partner: "headlines", translation: "${urn}.${home}")` }],
  holders: ({ urn, home }) => [{ args: `(translation: "${urn}.${home}", first: 2)`, depth: 5 }],
  takedowns: ({ urn }) => [{ args: `(first: 50, article: "${urn}")` }],
  events: ({ urn }) => [{ args: `(first: 50, filter: { article: "${urn}" })` }],
  audit: ({ urn }) => [{ args: `(first: 50, filter: { article: "${urn}" })` }],
};

/** How each entry of the schema may come to anything without knowing of it. */
export const entriesToAnything: Readonly<Record<string, readonly Probe[]>> = {
  articles: [
    { args: '(edition: "en", first: 20)', depth: 3 },
    { args: '(edition: "ru", policy: CHAIN, first: 20)', depth: 3 },
    { args: '(filter: { missingIn: ["hy"], topics: ["politics", "culture"] }, first: 20)', depth: 3 },
  ],
  events: [{ args: '(first: 100)' }],
  audit: [{ args: '(first: 100)' }],
  takedowns: [{ args: '(first: 50)' }],
  noticeDuties: [{ args: '(first: 50)' }],
  partner: [{ args: '(code: "early")' }],
  partners: [{ args: '' }],
  viewer: [{ args: '' }],
  endpoints: [{ args: '(edition: "en")' }],
  previewEntitlements: [{ args: '(partner: "headlines", change: { terms: { early: true } }, first: 20)' }],
  registryImage: [{ args: '(code: "saiga")' }],
  registryNotice: [{ args: '(code: "about-meridian")' }],
  registryNotices: [{ args: '' }],
  agencies: [{ args: '' }],
  agency: [{ args: '(code: "tass")' }],
  edition: [{ args: '(code: "en")' }],
  editions: [{ args: '' }],
  topic: [{ args: '(code: "politics")' }],
  topics: [{ args: '' }],
  person: [{ args: '(code: "anna-marsh")' }],
  place: [{ args: '(code: "moscow")' }],
  negotiateEdition: [{ args: '(acceptLanguage: "ru")' }],
  node: [{ args: '(id: "agency:tass")' }, { args: '(id: "edition:en")' }],
};

// Together they would be too long a document.
const groups: readonly (readonly InformationClass[])[] = [
  ['text', 'image'],
  ['audit', 'staleness', 'draft'],
  informationClasses.filter((each) => !['text', 'image', 'audit', 'staleness', 'draft'].includes(each)),
];
const atTheTop: InformationClass[] = ['identity', 'headline', 'text', 'image', 'credit', 'notice', 'count', 'staleness'];

const ways = ['Article.served', 'Article.original', 'Article.translations'];
/** The ways from a story to its texts, one in each document: all would cost too much together. */
const oneWayEach = oneOf(ways);
/** So would all that many partners have. */
const onePartEach = oneOf(['Partner.endpoints', 'Partner.holdings', 'Partner.takedowns', 'Partner.noticeDuties']);

/** For each of some fields the others, to be left out. */
function oneOf(fields: readonly string[]): string[][] {
  return fields.map((field) => fields.filter((each) => each !== field));
}

/** Every document that asks an entry for what is reached from it, all classes of fields between them. */
function documentsOf(schema: GraphQLSchema, entry: string, probe: Probe): string[] {
  const { args, depth = 8, stage, asOf } = probe;
  const type = getNamedType(schema.getQueryType()!.getFields()[entry]!.type);
  const served = `(edition: "en"${stage ? `, stage: ${stage}` : ''})`;
  const operation = asOf === undefined ? 'query' : `query @asOf(at: "${asOf}")`;
  const classes = depth < 8 ? [atTheTop] : groups;
  const left = depth < 8 ? [[]] : ({ article: oneWayEach, node: [ways], partners: onePartEach }[entry] ?? [[]]);
  const selections = left.flatMap((each) =>
    classes.flatMap((some) => {
      const without = new Set([...each, ...(asOf === undefined ? [] : unreadableAsOf)]);
      return selectionOf(schema, type, { classes: new Set(some), depth, served, without }) ?? [];
    }),
  );
  return [...new Set(selections.length > 0 ? selections : [''])].map((selection) => `${operation} { ${entry}${args} ${selection} }`);
}

/** Every generated document. */
export function generated(schema: GraphQLSchema, { urnOf }: Pick<Matrix, 'urnOf'>): string[] {
  const ofStories = states.flatMap((state) => {
    const of = { urn: urnOf(state), home: homeOf(state), slug: word(state, 'slug'), subject: `${state}-subject`, state };
    const entries = Object.entries(entriesToStories).filter(([entry]) => homeOf(state) === 'en' || ['articles', 'node'].includes(entry));
    return entries.flatMap(([entry, probes]) => probes(of).flatMap((probe) => documentsOf(schema, entry, probe)));
  });
  const general = Object.entries(entriesToAnything).flatMap(([entry, probes]) =>
    probes.flatMap((probe) => documentsOf(schema, entry, probe)),
  );
  return [...ofStories, ...general];
}

/** Every address of feeds, in every format and form. */
export const feedAddresses = (): string[] =>
  formats
    .filter(({ feed }) => feed)
    .flatMap(({ extension }) =>
      ['', '?after=start', '?archive=2026-11-22']
        .flatMap((form) => ['en', 'ru'].map((of) => `/feeds/${of}.${extension}${form}`))
        .concat(`/feeds/en/politics.${extension}`, `/feeds/ru/culture.${extension}`),
    );

/** Every address of one text in every format, and of what lists texts for search engines. */
export const itemAddresses = ({ urnOf }: Pick<Matrix, 'urnOf'>): string[] => [
  ...formats
    .filter(({ item }) => item)
    .flatMap(({ extension }) => states.map((state) => `/items/${urnOf(state, homeOf(state))}.${extension}`)),
  ...['/sitemap.xml', '/sitemap-news/en.xml', '/sitemap-news/ru.xml'],
];
