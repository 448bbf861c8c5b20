import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sqlByHand } from './support/sql-by-hand.js';

const src = join(import.meta.dirname, '..', 'src');

/** Which folders a folder may import from; a file may always import from its own. `.` is the files at the top of src, which wire. */
const arrows: Record<string, string[]> = {
  lib: [],
  editions: ['lib'],
  rights: ['lib'],
  topics: ['lib', 'editions', 'rights'],
  credits: ['lib', 'editions', 'topics'],
  images: ['lib', 'editions', 'rights', 'topics', 'credits'],
  notices: ['lib', 'editions', 'images'],
  articles: ['lib', 'editions', 'rights', 'topics', 'credits', 'images', 'notices'],
  desks: ['lib', 'editions', 'rights'],
  publishing: ['lib', 'editions', 'rights', 'topics', 'credits', 'images', 'notices', 'articles', 'desks'],
  registry: ['lib', 'editions', 'rights', 'topics', 'credits', 'images', 'notices', 'desks', 'publishing'],
  caches: ['lib', 'publishing'],
  ledger: ['lib', 'editions', 'rights', 'notices', 'articles', 'desks', 'publishing'],
  feeds: ['lib', 'editions', 'rights', 'topics', 'credits', 'images', 'notices', 'articles', 'desks', 'publishing', 'ledger'],
  push: ['lib', 'editions', 'rights', 'topics', 'notices', 'articles', 'desks', 'publishing', 'ledger', 'feeds'],
  webhooks: ['lib', 'editions', 'rights', 'topics', 'articles', 'desks', 'publishing', 'ledger', 'feeds', 'push'],
  websub: ['lib', 'editions', 'rights', 'topics', 'articles', 'desks', 'publishing', 'ledger', 'feeds', 'push'],
  live: ['lib', 'editions', 'rights', 'topics', 'articles', 'desks', 'publishing', 'ledger', 'feeds', 'push'],
  partners: ['lib', 'editions', 'rights', 'topics', 'articles', 'desks', 'publishing'],
  ingest: ['lib', 'editions', 'rights', 'topics', 'credits', 'images', 'notices', 'articles', 'publishing', 'registry'],
  server: [
    'lib',
    'editions',
    'rights',
    'topics',
    'credits',
    'images',
    'notices',
    'articles',
    'desks',
    'publishing',
    'caches',
    'registry',
    'ledger',
    'feeds',
    'partners',
    'push',
    'webhooks',
    'websub',
    'live',
  ],
  '.': [
    'lib',
    'editions',
    'rights',
    'topics',
    'credits',
    'images',
    'notices',
    'articles',
    'desks',
    'publishing',
    'caches',
    'partners',
    'ledger',
    'push',
    'webhooks',
    'websub',
    'live',
    'server',
    'tools',
  ],
  tools: [
    'lib',
    'editions',
    'rights',
    'notices',
    'articles',
    'desks',
    'publishing',
    'caches',
    'registry',
    'ingest',
    'partners',
    'ledger',
    'push',
    'webhooks',
    'websub',
    'live',
    'server',
    '.',
  ],
};

/** Files that decide or word: they take facts, `now` and `say`, and know no library, clock or environment. */
const pureNames = [
  ...[
    'compose-[^/]+',
    'resolve-locale',
    'applies-to',
    'accept-language',
    'render-body',
    'address',
    'urn',
    'visible',
    'claimed-roles',
    'key-text',
  ],
  ...[
    'due-times',
    'plan-revision',
    'plan-retraction',
    'policy',
    'access',
    'keys-of-event',
    'surrogate-keys',
    'compare-access',
    'compare-holdings',
  ],
  ...[
    'notices-since',
    'match',
    'explain',
    'taint',
    'formats/[^/]+',
    'ledger/given-texts',
    'takedown-due',
    'takedown-cause',
    'takedown-events',
    'plan-takedowns',
  ],
  'feeds/(content|extension|given-texts-of|iptc|item|sitemap|usage-terms)',
  'webhooks/(schedule|judge-answer|narrowed|topics-of-event|write-body|given-texts|desk-topic|write-desk-message)',
  'websub/(retry-schedule|callback-url)',
];
const pure = new RegExp(`(^|/)(${pureNames.join('|')})\\.ts$`, 'u');

/** Where SQL may be written by hand beside `*.queries.ts`, and why; a folder ends in a slash. */
const byHand: Record<string, string> = {
  'articles/visible.ts': 'the one rule of what a reader may see, which every statement over stories has in it',
  'migrate.ts': 'the table is TypeORM’s and has no row class',
  'tools/bench/': 'what the gateway is measured against is the best that SQL by hand can do',
};
const mayBeByHand = (path: string): boolean =>
  path.endsWith('.queries.ts') || Object.keys(byHand).some((each) => (each.endsWith('/') ? path.startsWith(each) : path === each));

/** Slices that read for requests: what they ask is not sent any more once nobody waits for it. */
const reading = ['editions', 'rights', 'topics', 'credits', 'images', 'notices', 'articles', 'feeds', 'server'];

interface Source {
  path: string;
  folder: string;
  text: string;
  imports: string[];
  libraries: string[];
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'web' || name === 'samples' ? [] : filesIn(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

function read(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|import\('([^']+)'\)/gu),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const name = relative(src, path);
  return {
    path: name,
    folder: name.includes('/') ? (name.split('/', 1)[0] ?? '.') : '.',
    text,
    imports: specifiers.filter((each) => each.startsWith('.')).map((each) => normalize(join(dirname(name), each.replace(/\.js$/u, '.ts')))),
    libraries: specifiers.filter((each) => !each.startsWith('.')),
  };
}

const folderOf = (path: string): string =>
  path.startsWith('..') ? 'migrations' : path.includes('/') ? (path.split('/', 1)[0] ?? '.') : '.';

/** What breaks the rules, in words; empty for a house in order. */
function faults(sources: readonly Source[]): string[] {
  const found: string[] = [];
  for (const { path, folder, text, imports, libraries } of sources) {
    const allowed = arrows[folder];
    if (!allowed) found.push(`${folder}/ has no row in the arrow table`);
    for (const target of imports) {
      const to = folderOf(target);
      if (to === folder || allowed?.includes(to) || (folder === '.' && to === 'migrations')) continue;
      found.push(`${path} imports ${target}: ${folder} may not import ${to}`);
    }
    if (pure.test(path)) {
      for (const library of libraries) found.push(`${path} is pure, yet imports ${library}`);
      if (/\bDate\.now\(|new Date\(\)|Math\.random|process\./u.test(text))
        found.push(`${path} is pure, yet reads a clock, chance or the environment`);
    }
    if (path !== 'config.ts' && /process\.env\b/u.test(text)) found.push(`${path} reads the environment: only config.ts may`);
    if (!mayBeByHand(path)) for (const name of sqlByHand(text)) found.push(`${path} writes SQL by hand: ${name}`);
    if (/\bmanager\.query\b/u.test(text) && reading.includes(folder))
      found.push(`${path} sends a statement past lib/load: it would run for a request that was given up`);
    if (/(^|\n)export default\b/u.test(text)) found.push(`${path} has a default export`);
    if (/@(ManyToOne|OneToMany|OneToOne|ManyToMany)\b/u.test(text)) found.push(`${path} has a relation: rows hold ids only`);
    if (/(:|\bas|<) ?any\b|@ts-(ignore|expect-error|nocheck)/u.test(text)) found.push(`${path} switches the type checker off`);
    if (/(^|\/)(utils|helpers|common|misc|index)\.ts$|manager\.ts$|service\.ts$/u.test(path)) found.push(`${path} is named after nothing`);
  }
  return [...found, ...cycles(sources)];
}

function cycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done' || !graph.has(path)) return;
    if (state.get(path) === 'open') {
      found.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
      return;
    }
    state.set(path, 'open');
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

const sources = filesIn(src).map(read);

test('the sources keep the rules of the house', () => {
  expect(faults(sources)).toEqual([]);
});

test('every folder with sources has its row, and no row is left over', () => {
  expect([...new Set(sources.map((source) => source.folder))].sort()).toEqual(Object.keys(arrows).sort());
});

test('every place where SQL may be written by hand has some', () => {
  const withSql = sources.filter(({ text }) => sqlByHand(text).length > 0).map(({ path }) => path);
  expect(Object.keys(byHand).filter((each) => !withSql.some((path) => path.startsWith(each)))).toEqual([]);
});

test('the map in src/README.md shows every folder', () => {
  const map = readFileSync(join(src, 'README.md'), 'utf8');
  expect(Object.keys(arrows).filter((folder) => folder !== '.' && !map.includes(`${folder}/`))).toEqual([]);
});

describe('each rule has been seen to fail', () => {
  const planted = (path: string, text: string, imports: string[] = [], libraries: string[] = []): Source => ({
    path,
    folder: folderOf(path),
    text,
    imports,
    libraries,
  });
  test.each([
    ['a wrong direction', [planted('lib/a.ts', '', ['server/b.ts'])], 'lib may not import server'],
    ['a cycle', [planted('lib/a.ts', '', ['lib/b.ts']), planted('lib/b.ts', '', ['lib/a.ts'])], 'import cycle'],
    ['a library in a pure file', [planted('notices/compose-x.ts', '', [], ['i18next'])], 'yet imports i18next'],
    ['a clock in a pure file', [planted('notices/compose-x.ts', 'const now = new Date();')], 'reads a clock'],
    ['the environment', [planted('lib/a.ts', 'process.env.HOME')], 'reads the environment'],
    ['a statement of its own', [planted('articles/a.ts', 'await manager.query(sql)')], 'past lib/load'],
    ['a default export', [planted('lib/a.ts', 'export default 1;')], 'default export'],
    ['a relation', [planted('lib/a.ts', '@ManyToOne(() => X)')], 'has a relation'],
    ['an untyped value', [planted('lib/a.ts', 'let a: any;')], 'type checker off'],
    ['a name that says nothing', [planted('lib/utils.ts', '')], 'named after nothing'],
    ['a table in a statement', [planted('lib/a.ts', "read('select count(*) from translation')")], 'by hand: translation'],
    ['a table no row class has', [planted('lib/a.ts', "read('delete from stranger where x = 1')")], 'by hand: stranger'],
    [
      'a table in a template',
      [planted('articles/a.ts', `read(\`select \${all} from \${table} t join article a on \${same}\`)`)],
      'by hand: article',
    ],
    ['a part of a statement', [planted('articles/a.ts', "parts.push('from translation t where ' + conditions)")], 'by hand: translation'],
    ['a column behind an alias', [planted('articles/a.loaders.ts', "by('l.code')")], 'by hand: code'],
    ['a column alone', [planted('articles/a.loaders.ts', `read(\`select \${all} from \${table} where slug = $1\`)`)], 'by hand: slug'],
    ['a column in a part of a statement', [planted('articles/a.loaders.ts', "by('edition_code desc')")], 'by hand: edition_code'],
    ['a folder without a row', [planted('odd/a.ts', '')], 'no row'],
  ])('%s', (_, bad, message) => {
    expect(faults(bad).join('\n')).toContain(message);
  });
});
