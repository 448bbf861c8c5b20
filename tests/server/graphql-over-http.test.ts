import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { openGateway, type TestGateway } from '../support/gateway.js';

let gateway: TestGateway;
let url: string;

beforeAll(async () => {
  gateway = await openGateway();
  url = `${await gateway.app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
});
afterAll(() => gateway.close());

/** What the specification allows and we do not do: a GET that any page could make a browser send is refused (CSRF). */
const notDone = [
  'MAY accept application/x-www-form-urlencoded formatted GET requests',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
];

const modern = 'application/graphql-response+json';
const preflight = { 'apollo-require-preflight': 'true' };

async function post(body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

test('every audit of the GraphQL over HTTP specification passes, but for the bare GETs we refuse on purpose', async () => {
  // The audits tell GETs and POSTs apart by nothing we could set: they send no preflight header.
  const audits = serverAudits({ url, fetchFn: fetch });
  const failed: string[] = [];
  for (const audit of audits) if ((await audit.fn()).status !== 'ok') failed.push(audit.name);

  expect(audits.length).toBeGreaterThanOrEqual(61);
  expect(failed.sort()).toEqual([...notDone].sort());
  expect(failed.filter((name) => !name.startsWith('MAY '))).toEqual([]);
});

test('the audits of GET requests pass once a client sends the header that makes browsers ask first', async () => {
  const withHeader = (input: string, init: RequestInit = {}): Promise<Response> =>
    fetch(input, { ...init, headers: { ...(init.headers as object), ...preflight } });
  const audits = serverAudits({ url, fetchFn: withHeader }).filter(({ name }) => notDone.includes(name));
  for (const audit of audits) expect((await audit.fn()).status).toBe('ok');
  expect(audits).toHaveLength(notDone.length);
});

describe('a GET that a page on another site could make', () => {
  test.each([
    ['without any header', {}],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['as plain text', { 'content-type': 'text/plain' }],
  ])('%s is refused', async (_, headers) => {
    const response = await fetch(`${url}?query=${encodeURIComponent('{ __typename }')}`, { headers: headers as Record<string, string> });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  test('answers with the header that makes a browser ask first', async () => {
    const response = await fetch(`${url}?query=${encodeURIComponent('{ __typename }')}`, { headers: preflight });
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
  });
});

describe('the media type a client accepts decides the status of a refused operation', () => {
  const bodies = {
    'a syntax error': { query: '{' },
    'an unknown field': { query: '{ nothing }' },
    'a missing variable': { query: 'query($code: EditionCode!) { edition(code: $code) { code } }' },
    'an unknown operation': { query: 'query A { __typename }', operationName: 'B' },
    'a document that is too deep': { query: `{ ${'a { '.repeat(20)} b ${'}'.repeat(20)} }` },
    'an operation that is too costly': {
      query: '{ articles(first: 100) { edges { node { translations { related { related { id } } } } } } }',
    },
  };

  test.each(Object.entries(bodies))('%s', async (_, body) => {
    const [legacy, present] = [await post(body, { accept: 'application/json' }), await post(body, { accept: modern })];
    expect([legacy.status, legacy.type]).toEqual([200, 'application/json; charset=utf-8']);
    expect([present.status, present.type]).toEqual([400, `${modern}; charset=utf-8`]);
    expect(JSON.parse(present.text)).not.toHaveProperty('data');
  });

  test.each([
    ['no document', { variables: {} }],
    ['a document that is a number', { query: 1 }],
    ['variables that are a string', { query: '{ __typename }', variables: '{}' }],
    ['a batch', [{ query: '{ __typename }' }]],
  ])('%s is no GraphQL request and a 400 for everybody', async (_, body) => {
    for (const accept of ['application/json', modern]) expect((await post(body, { accept })).status).toBe(400);
  });

  test('a client that accepts neither type is told so', async () => {
    const { status, text } = await post({ query: '{ __typename }' }, { accept: 'text/csv' });
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([406, 'BAD_REQUEST']);
  });

  test('data comes in the type asked for', async () => {
    expect(await post({ query: '{ __typename }' }, { accept: modern })).toMatchObject({ status: 200, type: `${modern}; charset=utf-8` });
    expect(await post({ query: '{ __typename }' }, { accept: '*/*' })).toMatchObject({
      status: 200,
      type: 'application/json; charset=utf-8',
    });
  });
});

test('a browser that opens the endpoint is led to the explorer, with a query it is not', async () => {
  const page = await fetch(url, { headers: { accept: 'text/html,*/*' }, redirect: 'manual' });
  expect([page.status, page.headers.get('location')]).toEqual([302, '/explorer/']);
  const query = await fetch(`${url}?query=%7B__typename%7D`, { headers: { accept: 'text/html,*/*', ...preflight }, redirect: 'manual' });
  expect(query.status).toBe(200);
});
