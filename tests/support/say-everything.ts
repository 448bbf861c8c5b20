// Run as a process of its own: prints everything every edition can say, and on the first line the locale the process is in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadWording, type Namespace } from '../../src/lib/wording.js';

const [root = '.'] = process.argv.slice(2);
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const wording = await loadWording(join(root, 'locales'));
const print = (...parts: string[]): void => void process.stdout.write(`${parts.join(' ')}\n`);
const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
print(locale, timeZone);
// What our own tables guard against: without data, Intl counts by the rules of the process's language.
print(...[0, 1, 2, 5, 11, 21].map((count) => new Intl.PluralRules('tt').select(count)));

const names = ['Reuters', 'ТАСС', 'فرانس پرس'];
const instants = ['2024-02-29T23:59:59Z', '2025-10-26T00:30:00Z', '2026-03-20T20:29:00Z'].map((each) => new Date(each));
for (const row of json('src/ingest/samples/registry/editions.json')) {
  const say = wording.say({ ...row, override: row.primary ? undefined : row.code });
  for (let length = 0; length <= names.length; length++) print(row.code, 'list', say.list(names.slice(0, length)));
  for (const instant of instants) print(row.code, 'date', say.dateTime(instant));
  for (const file of readdirSync(join(root, 'locales', row.tag))) {
    if (file === 'grammar.json') continue;
    const namespace = file.replace('.json', '') as Namespace;
    const lines: Record<string, string> = json(`locales/${row.tag}/${file}`);
    for (const [key, text] of Object.entries(lines)) {
      const values = [...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name = ''], index) => [name, index === 0 ? 1234567 : say.list(names)]);
      print(row.code, namespace, key, say.text(namespace, key, Object.fromEntries(values)));
      if (!key.endsWith('_other')) continue;
      for (let count = 0; count <= 30; count++)
        print(row.code, namespace, key, say.count(namespace, key.slice(0, -'_other'.length), count));
    }
  }
}
