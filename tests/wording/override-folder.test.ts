import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadWording, type Namespace } from '../../src/lib/wording.js';
import { editions, speakerIn } from '../support/sample-registry.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dragoman-locales-'));
  cpSync('locales', folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes one file of a folder that overrides single wordings. */
function override(code: string, namespace: Namespace, lines: Record<string, string>): void {
  mkdirSync(join(folder, code), { recursive: true });
  writeFileSync(join(folder, code, `${namespace}.json`), JSON.stringify(lines));
}

/** Everything that every edition says, line by line. */
async function everything(): Promise<Map<string, string>> {
  const wording = await loadWording(folder);
  const lines = editions.flatMap((row) => {
    const { say } = speakerIn(wording, row);
    return readdirSync(join('locales', row.tag))
      .filter((file) => file !== 'grammar.json')
      .flatMap((file) => {
        const namespace = file.replace('.json', '') as Namespace;
        const keys = Object.keys(JSON.parse(readFileSync(join('locales', row.tag, file), 'utf8')) as object);
        const counts = keys.flatMap((key) => (key.endsWith('_other') ? [key.replace('_other', '')] : []));
        return [
          ...keys.map((key) => [`${row.code} ${namespace} ${key}`, say.text(namespace, key, { names: 'N', count: 'C', publisher: 'P' })]),
          ...counts.flatMap((key) =>
            [1, 3, 5].map((count) => [`${row.code} ${namespace} ${key} ${count}`, say.count(namespace, key, count)]),
          ),
        ] as [string, string][];
      });
  });
  return new Map(lines);
}

/** What one folder more changed. */
async function changes(write: () => void): Promise<Record<string, string | undefined>> {
  const before = await everything();
  write();
  const after = await everything();
  expect([...after.keys()]).toEqual([...before.keys()]);
  return Object.fromEntries([...after].filter(([line, text]) => before.get(line) !== text));
}

describe('a folder named by the code of an edition that shares its language', () => {
  test('changes the one label it holds for that edition, and nothing for anybody else', async () => {
    expect(await changes(() => override('ru-regions', 'labels', { live: 'Онлайн' }))).toEqual({ 'ru-regions labels live': 'Онлайн' });
  });

  test('changes a sentence with its placeholder filled in, and single plural forms', async () => {
    const changed = await changes(() => {
      override('ru-regions', 'credits', { wire: 'Источники: {{names}}' });
      override('ru-regions', 'notices', { countries_few: '{{count}} странах мира' });
    });
    expect(changed).toEqual({
      'ru-regions credits wire': 'Источники: N',
      'ru-regions notices countries_few': 'C странах мира',
      'ru-regions notices countries 3': '3 странах мира',
    });
  });

  test('adds no language to those that errors are worded in', async () => {
    const before = (await loadWording(folder)).tags;
    override('ru-regions', 'labels', { live: 'Онлайн' });
    expect((await loadWording(folder)).tags).toEqual(before);
  });
});

test('a folder that would be passed over without a word stops the start', async () => {
  override('zh-hant', 'labels', { live: 'Live' });
  await expect(loadWording(folder)).rejects.toThrow(/no wording could be read from .*zh-hant$/u);
});
