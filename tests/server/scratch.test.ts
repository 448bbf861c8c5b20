import { openGateway } from '../support/gateway.js';
import { getIntrospectionQuery } from 'graphql';
import { request as httpRequest } from 'node:http';

const r = (n: number, f: (i: number) => string) => Array.from({ length: n }, (_, i) => f(i)).join(' ');
test('scratch', async () => {
  const gateway = await openGateway();
  const url = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  const out: string[] = [];
  await gateway.ask('{ articles { edges { node { id } } } }');
  let n = 0;
  const q = gateway.dataSource.manager.query.bind(gateway.dataSource.manager);
  (gateway.dataSource.manager as any).query = (...a: any[]) => { n++; return (q as any)(...a); };
  const nest = (open: string, levels: number, leaf: string) => `{ articles { edges { node ${`{ ${open} `.repeat(levels)} { ${leaf} } ${'}'.repeat(levels)} } } }`;
  const long = 'x'.repeat(90_000);
  const docs: [string, string, any?][] = [
    ['longfield', `{ ${long} }`],
    ['longtype', `query($a: ${long}) { __typename }`],
    ['longarg', `{ articles(${long}: 1) { totalCount } }`],
    ['longenum', `{ articles(orderBy: ${long}) { totalCount } }`],
    ['longinputfield', `{ articles(filter: {${long}: 1}) { totalCount } }`],
    ['longdirective', `{ __typename @${long} }`],
    ['longvar enum', 'query($o: ArticleOrder!) { articles(orderBy: $o) { totalCount } }', { o: long }],
    ['longvar inputfield', 'query($o: ArticleFilter!) { articles(filter: $o) { totalCount } }', { o: { [long]: 1 } }],
    ['many bad inputfield', 'query($o: ArticleFilter!) { articles(filter: $o) { totalCount } }', { o: Object.fromEntries(Array.from({length: 5000}, (_, i) => ['f' + i, i])) }],
    ['many bad enums', 'query($o: [ArticleKind!]) { articles(filter: {kind: $o}) { totalCount } }', { o: Array(20000).fill('A') }],
    ['long editions', 'query($o: [EditionCode!]) { articles(filter: {missingIn: $o}) { totalCount } }', { o: Array(20000).fill('a') }],
    ['long locales', 'query($o: [LanguageTag!]) { articles(locales: $o) { totalCount } }', { o: Array(20000).fill('en') }],
    ['bad locales', 'query($o: [LanguageTag!]) { articles(locales: $o) { totalCount } }', { o: Array(20000).fill('e_') }],
    ['ids', 'query($o: [ID!]!) { nodes(ids: $o) { id } }', { o: Array(20000).fill('a') }],
    ['samefield', `{ ${r(480, () => 'edition(code:"a"){code}')} }`.slice(0, 0) + `{ ${r(300, () => 'editions{code}')} }`],
    ['samefield leaf', `{ editions { ${r(1990, () => 'code')} } }`],
    ['samefield args differ', `{ ${r(180, (i) => `edition(code:"a${i}"){code}`)} }`],
    ['overlap nested', (() => { let s = 'code'; for (let i = 0; i < 6; i++) s = `fallbacks ${s}`; return `{ ${'editions{ '.repeat(1)}${r(250, (i) => `... on Edition { code label(key: READ_MORE) }`)} } }`; })()],
    ['overlap tree', (() => { const t = (d: number): string => d === 0 ? 'id' : `edition { code } ${`related { ${t(d - 1)} } `.repeat(2)}`; return `{ articles { edges { served { translation { ${t(6)} } } } } }`; })()],
    ['overlap tree args', (() => { const t = (d: number): string => d === 0 ? 'id' : `${[0, 1].map((i) => `served(edition: "e${d}${i}") { translation { related { id } } } `).join('')} `; return `{ articles { edges { node { ${r(60, () => t(1))} } } } }`; })()],
    ['fragment pairs', (() => `{ editions { ${r(150, (i) => `...F${i}`)} } } ${r(150, (i) => `fragment F${i} on Edition { code }`)}`)()],
    ['fragment pairs nested', (() => `{ editions { ...F0 } } ${r(220, (i) => `fragment F${i} on Edition { code ...F${i + 1} }`)} fragment F220 on Edition { code }`)()],
    ['fragment all-to-all', (() => `{ editions { ...F0 } } ${r(25, (i) => `fragment F${i} on Edition { code ${r(24 - i, (j) => `...F${i + j + 1}`)} }`)}`)()],
    ['fragment doubling', (() => `{ editions { ...F0 } } ${r(30, (i) => `fragment F${i} on Edition { ...F${i + 1} ...F${i + 1} }`)} fragment F30 on Edition { code }`)()],
    ['cycle all', (() => `{ editions { ...F0 } } ${r(40, (i) => `fragment F${i} on Edition { code ${r(40, (j) => `...F${j}`)} }`)}`)()],
    ['dir', `{ __typename ${r(600, () => '@skip(if: false)').slice(0)} }`],
    ['dir400', `{ __typename ${r(320, () => '@skip(if: false)')} }`],
    ['dir unknown', `{ __typename ${r(900, (i) => '@a' + i)} }`],
    ['typename aliases', `{ ${r(600, (i) => `a${i}: __typename`)} }`],
    ['schema aliases', `{ ${r(60, (i) => `a${i}: __schema { types { name fields { name description args { name description type { name } } } } }`)} }`],
    ['schema nested', `{ __schema { types { name fields { name args { name type { name } } type { name ofType { name fields { name type { name } args { name type { name } } } } fields { name description args { name description type { name ofType { name enumValues { name } } } } } } } } } }`],
    ['schema deep', `{ __schema { types ${'{ fields { type '.repeat(10)} { name } ${'} }'.repeat(10)} } }`],
    ['introspection', getIntrospectionQuery()],
    ['comments', `{ __typename } ${'#\n'.repeat(49_000)}`],
    ['unknown', `{ ${r(1900, (i) => `f${i}`)} }`],
    ['vars', `query(${r(600, (i) => `$v${i}: Int`)}) { __typename }`.slice(0)],
    ['vars390', `query(${r(480, (i) => `$v${i}: Int`)}) { __typename }`.slice(0)],
    ['dup vars', `query(${r(480, (i) => `$v: Int`)}) { articles(first: $v) { totalCount } }`.slice(0)],
    ['deep list', `{ nodes(ids: ${'['.repeat(900)}${']'.repeat(900)}) { id } }`],
    ['deep object', `{ articles(filter: ${'{ a: '.repeat(480)} 1 ${'}'.repeat(480)}) { totalCount } }`],
    ['deep json var', 'query($o: ArticleFilter!) { articles(filter: $o) { totalCount } }', { deep: true }],
    ['many ops', r(300, (i) => `query Q${i} { __typename }`)],
    ['same ops', r(300, (i) => `query Q { __typename }`)],
    ['big string', `{ articles(filter: {search: "${long}"}) { totalCount } }`],
    ['big slug', `{ articleBySlug(edition: "en", slug: "${long}") { __typename } }`],
    ['big after', `{ articles(after: "${long}") { totalCount } }`],
    ['first huge', `{ articles(first: 1000000000) { totalCount } }`],
    ['first huge2', `{ articles(first: 10000000000) { totalCount } }`],
    ['big url', `{ articleByUrl(url: "https://a.example/${long}") { __typename } }`],
    ['big id', `{ node(id: "${long}") { __typename } }`],
    ['codes', `{ topic(code: "${long}") { code } }`],
    ['nul', `{ topic(code: "\\u0000") { code } }`],
    ['nul slug', `{ articleBySlug(edition: "en", slug: "\\u0000") { __typename } }`],
    ['surrogate', `{ articleBySlug(edition: "en", slug: "\\uD800") { __typename } }`],
    ['surrogate2', `{ articles(filter: {search: "\\uD800"}) { totalCount } }`],
    ['surrogate var', 'query($s: String!) { articleBySlug(edition: "en", slug: $s) { __typename } }', { s: '\uD800' }],
    ['nul var', 'query($s: String!) { articleBySlug(edition: "en", slug: $s) { __typename } }', { s: 'a\u0000' }],
    ['nul search', 'query($s: String!) { articles(filter: {search: $s}) { totalCount } }', { s: 'a\u0000' }],
    ['nul topic', 'query($s: String!) { articles(filter: {topics: [$s]}) { totalCount } }', { s: 'a\u0000' }],
    ['year', 'query($s: DateTimeISO!) { articles(filter: {publishedFrom: $s}) { totalCount } }', { s: '+275760-09-13T00:00:00.000Z' }],
    ['translation deep', `{ articles { edges { served { translation ${'{ related '.repeat(9)} { id } ${'}'.repeat(9)} } } } }`],
    ['many counts', `{ ${r(60, (i) => `a${i}: articles { totalCount }`)} }`],
  ];
  for (const [name, query, variables] of docs) {
    const payload = (variables as any)?.deep ? JSON.stringify({ query }).slice(0, -1) + ',"variables":{"o":' + '['.repeat(40000) + ']'.repeat(40000) + '}}' : JSON.stringify({ query, variables });
    const times: number[] = []; let res: any; n = 0;
    for (let i = 0; i < 3; i++) { const t = performance.now(); res = await gateway.app.inject({ method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, payload }); times.push(performance.now() - t); }
    const b = res.json();
    out.push(`${name.padEnd(24)} ${res.statusCode} ${times.map((x) => x.toFixed(0)).join('/')} db ${n} req ${payload.length} res ${res.body.length} ${b.errors?.length} ${b.errors?.[0].extensions?.code} ${b.errors?.[0].extensions?.requestId ? 'id' : 'NOID'} ${String(b.errors?.[0].message).slice(0, 140)}`);
  }
  const raw = async (name: string, o: any) => { n = 0; const res = await gateway.app.inject({ url: '/graphql', ...o }); out.push(`${name} ${res.statusCode} db ${n} ${res.headers['x-request-id'] ? 'hid' : 'NOHID'} ${res.headers['content-type']} ${res.body.slice(0, 300)}`); };
  await raw('batch', { method: 'POST', payload: [{ query: '{__typename}' }] });
  await raw('empty', { method: 'POST', payload: {} });
  await raw('nonstring', { method: 'POST', payload: { query: 1 } });
  await raw('array q', { method: 'POST', payload: { query: ['a'] } });
  await raw('null q', { method: 'POST', payload: { query: null } });
  await raw('vars string', { method: 'POST', payload: { query: '{__typename}', variables: 'x' } });
  await raw('text', { method: 'POST', payload: '{__typename}', headers: { 'content-type': 'text/plain' } });
  await raw('gql', { method: 'POST', payload: '{__typename}', headers: { 'content-type': 'application/graphql' } });
  await raw('form', { method: 'POST', payload: 'query=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  await raw('multipart', { method: 'POST', payload: 'query=1', headers: { 'content-type': 'multipart/form-data; boundary=a' } });
  await raw('badjson', { method: 'POST', payload: '{', headers: { 'content-type': 'application/json' } });
  await raw('emptyjson', { method: 'POST', payload: '', headers: { 'content-type': 'application/json' } });
  await raw('nullbody', { method: 'POST', payload: 'null', headers: { 'content-type': 'application/json' } });
  await raw('proto', { method: 'POST', payload: '{"__proto__": {"a":1}, "query": "{__typename}"}', headers: { 'content-type': 'application/json' } });
  await raw('badutf8', { method: 'POST', payload: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22]), headers: { 'content-type': 'application/json' } });
  await raw('nobody', { method: 'POST' });
  await raw('toolarge', { method: 'POST', payload: JSON.stringify({ query: 'x'.repeat(100_000) }), headers: { 'content-type': 'application/json' } });
  await raw('put', { method: 'PUT', payload: {} });
  await raw('bare get', { method: 'GET', url: '/graphql?query={__typename}' });
  await raw('get ok', { method: 'GET', url: '/graphql?query={__typename}', headers: { 'apollo-require-preflight': '1' } });
  await raw('get bypass', { method: 'GET', url: `/graphql?query=${encodeURIComponent(nest('original { related', 0, 'id') + r(70, () => '') + `#`)}%E0%A4%A`, headers: { 'apollo-require-preflight': '1' } });
  await raw('get bypass2', { method: 'GET', url: `/graphql?query=${encodeURIComponent(`{ ${r(70, (i) => `a${i}:__typename`)} ${r(70, (i) => `b${i}: edition(code:"en"){code}`)} } #`)}%E0%A4%A`, headers: { 'apollo-require-preflight': '1' } });
  await raw('head', { method: 'HEAD', url: '/graphql?query={__typename}', headers: { 'apollo-require-preflight': '1' } });
  await raw('406', { method: 'POST', payload: { query: '{__typename}' }, headers: { accept: 'text/csv' } });
  await raw('badurl', { method: 'GET', url: '/read/ru/%E0%A4%A' });
  await raw('long url', { method: 'GET', url: '/read/ru/' + 'a'.repeat(1500) });
  await raw('nul slug', { method: 'GET', url: '/read/ru/%00' });
  await raw('slug 400', { method: 'GET', url: '/read/ru/' + 'a'.repeat(400) });
  await raw('media traversal', { method: 'GET', url: '/media/..%2f..%2fjsonl-story.ts' });
  await raw('media none', { method: 'GET', url: '/media/nix.svg' });
  await raw('media ok', { method: 'GET', url: '/media/saiga-1x1.svg' });
  await raw('explorer', { method: 'GET', url: '/explorer/' });
  await raw('host', { method: 'POST', url: '/graphql', payload: { query: '{__typename}' }, headers: { host: 'a b[' } });
  await raw('opname', { method: 'POST', payload: { query: 'query A {__typename}', operationName: 'B' } });
  await raw('404', { method: 'GET', url: '/nix?x=1' });
  await raw('dup query', { method: 'GET', url: '/graphql?query={__typename}&query={a}', headers: { 'apollo-require-preflight': '1' } });
  console.log(out.join('\n'));
  await gateway.close();
}, 120000);
