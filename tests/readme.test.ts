import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inPackage } from '../src/lib/root.js';
import { banner } from '../src/tools/banner.js';
import { openGateway, type TestGateway } from './support/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

const readme = readFileSync(inPackage('README.md'), 'utf8');
const fenced = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'u').exec(readme)?.[1] ?? '';

test('the query in the README is answered as printed there', async () => {
  const { data, errors } = await gateway.ask(fenced('graphql'));
  expect(errors).toBeUndefined();
  expect({ data }).toEqual(JSON.parse(fenced('json')));
});

test('the queries a first start prints all answer', async () => {
  const queries = banner('')
    .split(/\n {2}# .*\n/u)
    .slice(1);
  expect(queries).toHaveLength(3);
  for (const query of queries) {
    const { data, errors } = await gateway.ask(query);
    expect(errors).toBeUndefined();
    expect(Object.values(data as object)[0]).not.toBeNull();
  }
});
