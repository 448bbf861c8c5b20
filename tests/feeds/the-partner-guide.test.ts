import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formats } from '../../src/feeds/formats.js';
import { inPackage } from '../../src/lib/root.js';
import { parseCurl, shellWords } from '../support/curl.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { operatorOf } from '../support/partners.js';

const guide = readFileSync(inPackage('src', 'feeds', 'PARTNERS.md'), 'utf8');
const errors = readFileSync(inPackage('src', 'lib', 'errors.ts'), 'utf8');

let gateway: TestGateway;
let origin: string;
let key: string;
beforeAll(async () => {
  gateway = await openGateway();
  await (await operatorOf(gateway)).savePartner({ code: 'harbour', name: 'The Harbour Post', expectedVersion: 0 });
  ({ key } = await keyFor(gateway.dataSource, { partnerCode: 'harbour', test: true }));
  await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(gateway.app.server.address() as AddressInfo).port}`;
});
afterAll(() => gateway.close());

interface Sample {
  lines: string[];
  /** What the guide shows of the answer to the last of them. */
  answer: string | undefined;
}

const fence = /^```sh\n([\s\S]*?)^```\n(?:\n```http\n([\s\S]*?)^```)?/gmu;
const samples: Sample[] = [...guide.matchAll(fence)].map(([, commands = '', answer]) => ({
  lines: commands.replaceAll('\\\n', ' ').trim().split('\n'),
  answer,
}));

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
type Json = any;

/** What `…` may stand for: anything in a text, all of a text, and an array that is not empty. */
function expected(shown: Json): Json {
  if (shown === '…') return expect.anything();
  if (typeof shown === 'string') return shown.includes('…') ? expect.stringMatching(pattern(shown)) : shown;
  if (Array.isArray(shown) && shown.every((each) => each === '…') && shown.length > 0) return expect.arrayContaining([expect.anything()]);
  if (Array.isArray(shown)) return shown.map(expected);
  if (shown === null || typeof shown !== 'object') return shown;
  return expect.objectContaining(Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, expected(value)])));
}

const pattern = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'))
      .join('.+?')}$`,
    'u',
  );

/** Holds an answer against what the guide shows of it. */
function compare(response: Response, body: string, shown: string): void {
  const [head = '', text = ''] = shown.split('\n\n');
  const [status = '', ...headers] = head.trim().split('\n');
  expect(`HTTP/1.1 ${response.status} ${response.statusText}`).toBe(status);
  for (const header of headers) {
    const [name = '', ...value] = header.split(': ');
    expect([name, response.headers.get(name)]).toEqual([name, expected(value.join(': '))]);
  }
  if (text.trim() !== '') expect(JSON.parse(body)).toEqual(expected(JSON.parse(text)));
}

test('every sample of the guide, in its order, is answered as it says', async () => {
  const killed = (await gateway.get('/feeds/en.json', { authorization: `Bearer ${key}` }))
    .json()
    .items.find((each: Json) => each._dragoman.retracted?.kind === 'KILL').id;
  const variables: Record<string, string> = { GATEWAY: origin, KEY: key, KILLED: killed };
  let asked = 0;
  for (const { lines, answer } of samples) {
    let last: [Response, string] | undefined;
    for (const line of lines) {
      const [, name] = /^([A-Z]+)=/u.exec(line) ?? [];
      if (name !== undefined) {
        expect(variables).toHaveProperty(name);
        continue;
      }
      const { url, ...init } = parseCurl(shellWords(line, variables));
      const response = await fetch(url.replace('http://gateway.test', origin), { ...init, body: init.body ?? null });
      const body = await response.text();
      last = [response, body];
      const next = /<([^>]+)>; rel="next"/u.exec(response.headers.get('link') ?? '')?.[1];
      if (next !== undefined) variables['NEXT'] = next;
      const etag = response.headers.get('etag');
      if (etag !== null) variables['ETAG'] = etag;
      asked += 1;
    }
    if (last && answer !== undefined) compare(...last, answer);
    if (last) expect([answer === undefined, last[1] !== '' || last[0].status === 304]).toEqual([false, true]);
  }
  expect(asked).toBeGreaterThan(8);
});

describe('the guide', () => {
  test('names every format, and none that there is not', () => {
    const table = /\| format \| what it is \|\n\|---\|---\|\n((?:\|.*\n)+)/u.exec(guide)?.[1] ?? '';
    const named = [...table.matchAll(/`([a-z0-9]+)`/gu)].map(([, name]) => name);
    expect(named.sort()).toEqual(formats.map(({ extension }) => extension).sort());
  });

  test('names codes of errors that there are', () => {
    const codes = [...guide.matchAll(/^\| (?:\d{3}[, ]*)+\| (.*?) \|/gmu)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/gu)].map(([, code]) => code!),
    );
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes) if (code !== 'INTERNAL_SERVER_ERROR') expect(errors).toContain(`  ${code}: `);
  });

  test('is a page that runs nothing, with samples that name this gateway', async () => {
    const { statusCode, headers, body } = await gateway.get('/partners');
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/u);
    expect(body).toContain('GATEWAY=http://gateway.test');
    expect(body).not.toContain('news.example');
    expect(body).not.toMatch(/<script|\son\w+=|style="/u);
    expect([...body.matchAll(/<h2>/gu)]).toHaveLength([...guide.matchAll(/^## /gmu)].length);
    expect(body).toContain('<code class="language-http">HTTP/1.1 410 Gone');
  });
});

describe('what reads the samples', () => {
  test('takes words as a shell does', () => {
    expect(shellWords(`curl -H "A: $KEY b" '$KEY' "$URL&x"y`, { KEY: 'k', URL: 'http://u' })).toEqual([
      'curl',
      '-H',
      'A: k b',
      '$KEY',
      'http://u&xy',
    ]);
    expect(() => shellWords('curl $NOTHING', {})).toThrow('$NOTHING');
  });

  test('takes flags as curl does, and no other', () => {
    expect(parseCurl(['curl', '-u', 'a:b', '-d', '{}', 'http://u'])).toEqual({
      ...{ url: 'http://u', method: 'POST', body: '{}' },
      headers: { authorization: 'Basic YTpi' },
    });
    expect(() => parseCurl(['curl', '--insecure', 'http://u'])).toThrow('--insecure');
  });
});
