import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { inPackage } from '../../src/lib/root.js';
import { loadWording, type Wording } from '../../src/lib/wording.js';
import { documentProblem } from '../../src/server/document-problem.js';
import { contextOf } from '../../src/server/feed-context.js';
import { recheckDocuments } from '../../src/server/recheck-documents.js';
import { makeRunDocument } from '../../src/server/run-document.js';
import { makeSchema } from '../../src/server/schema.js';
import { type EndpointKeeper, keeperOf } from '../support/endpoints.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { gatewayParts } from '../support/gateway-parts.js';
import { keyFor, testFindCaller } from '../support/keys.js';
import { operatorOf } from '../support/partners.js';

const schema = makeSchema();
let gateway: TestGateway;
let wording: Wording;
let harbour: EndpointKeeper;
let article: string;
beforeAll(async () => {
  gateway = await openGateway();
  wording = await loadWording(inPackage('locales'));
  const operator = await operatorOf(gateway);
  await operator.savePartner({ code: 'harbour', name: 'Harbour', expectedVersion: 0 });
  await operator.saveEntitlement({ partner: 'harbour', expectedVersion: 0, terms: { editions: ['en'], level: 'HEADLINE' } });
  harbour = keeperOf(gateway, (await keyFor(gateway.dataSource, { partnerCode: 'harbour' })).headers);
  const { data } = await gateway.ask('{ articleBySlug(edition: "en", slug: "putin-2021-speech-dialogue") { ... on Article { id } } }');
  article = data.articleBySlug.id;
});
afterAll(() => gateway.close());
beforeEach(() => gateway.at(testNow));

const story =
  'query($article: ID!, $edition: EditionCode) { article(id: $article) { ... on Article { served(edition: $edition) { translation { headline body { text } omitted { part } } } } } }';

describe('a document of a partner’s own', () => {
  test.each([
    [story, {}],
    [
      'query($event: ID, $own: Int = 3) { viewer { name } a: articles(edition: "en", first: $own) { edges { cursor } } ignored: viewer { kind } }',
      { own: 5 },
    ],
  ])('is taken: %s', (document, variables) => {
    // A variable that nothing uses is a mistake of the document's.
    const used = document.replace('$event: ID, ', '');
    expect(documentProblem(schema, used, variables)).toBeNull();
  });

  test.each([
    ['{ viewer { name }', {}, 'Syntax Error'],
    ['mutation { pauseEndpoint(input: { endpoint: "x" }) { __typename } }', {}, 'expected one query'],
    ['subscription { viewer { name } }', {}, 'expected one query'],
    ['query A { viewer { name } } query B { viewer { name } }', {}, 'expected one query'],
    ['fragment F on Viewer { name }', {}, 'expected one query'],
    ['{ nothing }', {}, 'Cannot query field'],
    ['{ __schema { types { name } } }', {}, 'introspection'],
    ['query @asOf(at: "2026-10-01T00:00:00Z") { viewer { name } }', {}, 'directives'],
    ['query($article: URL!) { articleByUrl(url: $article) { __typename } }', {}, 'the variable article is of type ID'],
    ['query($article: [ID!]!) { nodes(ids: $article) { __typename } }', {}, 'the variable article is of type ID'],
    ['{ viewer { name } }', { mine: 1 }, 'has no variable mine'],
    ['query($own: Int!) { articles(edition: "en", first: $own) { edges { cursor } } }', {}, '$own'],
    ['query($own: Int!) { articles(edition: "en", first: $own) { edges { cursor } } }', { own: 'many' }, '$own'],
    ['query($event: ID!) { node(id: $event) { id } }', { event: 'x' }, 'is set by the gateway'],
    [`{ ${Array.from({ length: 61 }, (_, index) => `a${index}: viewer { name }`).join(' ')} }`, {}, 'TOO_MANY_ALIASES'],
    [
      `{ ${Array.from({ length: 50 }, (_, index) => `a${index}: articles(policy: ANY, locales: ["*"], first: 100) { totalCount }`).join(' ')} }`,
      {},
      'costs',
    ],
    [`{ viewer { name } } # ${'x'.repeat(4_000)}`, {}, 'has more than 4000 characters'],
  ])('is refused: %s', (document, variables, why) => {
    expect(documentProblem(schema, document, variables)).toContain(why);
  });

  test('is asked for with the reasons that are given', async () => {
    const wish = { url: 'https://hooks.harbour.example/', topics: ['TEXT_PUBLISHED'], expectedVersion: 0, payload: 'DOCUMENT' };
    expect(await harbour.saveEndpoint({ ...wish, document: '{ nothing }' })).toMatchObject({
      ...{ code: 'FIELD_REFUSED', field: 'document', message: expect.stringContaining('Cannot query field') },
    });
    const { endpoint } = await harbour.saveEndpoint({ ...wish, document: story });
    expect(endpoint).toMatchObject({ payload: 'DOCUMENT', document: story, variables: null });
  });

  test('that a later schema does not take disables its endpoint, which is told and resumed once it is right', async () => {
    const { manager } = gateway.dataSource;
    expect(await recheckDocuments(manager, () => schema, testNow)).toEqual([]);
    const later = buildSchema('scalar EditionCode type Query { article(id: Int): Int }');
    const [broken, ...others] = await recheckDocuments(manager, () => later, testNow);
    expect(others).toEqual([]);
    expect(broken!.problem).not.toBe('');
    const ask = '{ viewer { partner { endpoints { id version state disabledBecause } messages { code at endpointId } } } }';
    const { endpoints, messages } = (await harbour.ask(ask)).data.viewer.partner;
    const [{ id }] = endpoints;
    expect(endpoints).toEqual([{ id, version: 2, state: 'DISABLED', disabledBecause: 'DOCUMENT' }]);
    expect(messages).toEqual([{ code: 'DOCUMENT_BROKEN', at: testNow.toISOString(), endpointId: id }]);
    await gateway.dataSource.query(`update endpoint set document = '{ nothing }' where state = 'DISABLED'`);
    expect(await harbour.resumeEndpoint({ endpoint: id })).toMatchObject({ code: 'FIELD_REFUSED', field: 'document' });
    await gateway.dataSource.query(`update endpoint set document = $1 where state = 'DISABLED'`, [story]);
    expect((await harbour.resumeEndpoint({ endpoint: id })).endpoint).toMatchObject({ state: 'ACTIVE', disabledBecause: null });
    expect(await gateway.dataSource.query(`select caller, detail from audit where action = 'ENDPOINT_DISABLED'`)).toEqual([
      { caller: 'start', detail: { endpoint: id.slice('endpoint:'.length), partner: 'harbour', problem: broken!.problem } },
    ]);
  });
});

describe('its answer', () => {
  const ran = async (document: string, variables: Record<string, unknown>, timeoutMs = 5_000) => {
    const { dataSource } = gateway;
    const clock = (): Date => testNow;
    const context = await contextOf(
      { ...gatewayParts, dataSource, wording, clock, findCaller: testFindCaller(dataSource, { clock }) },
      'webhooks',
    )('harbour');
    return JSON.parse(await makeRunDocument({ schema: () => schema, wording, timeoutMs })(document, variables, context!));
  };

  test('is what the partner may have, as it would be asked for', async () => {
    const { data } = await ran(story, { article, edition: 'en', event: 'not declared' });
    expect(data.article.served.translation).toEqual({
      headline: expect.any(String),
      body: null,
      omitted: expect.arrayContaining([{ part: 'TEXT' }]),
    });
    const { data: asked } = await harbour.ask(story, { article, edition: 'en' });
    expect(data).toEqual(asked);
    expect(await ran('{ viewer { kind partner { code } } }', {})).toEqual({
      data: { viewer: { kind: 'PARTNER', partner: { code: 'harbour' } } },
    });
  });

  test('tells its own mistakes in it, and throws what is the gateway’s', async () => {
    expect(await ran('{ nothing }', {})).toEqual({
      errors: [{ message: expect.stringContaining('nothing'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect((await ran(story, { edition: 'en' })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await ran('{ partners { code } }', {})).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await expect(ran(story, { article, edition: 'en' }, 0)).rejects.toThrow('was not answered in 0 ms');
  });
});
