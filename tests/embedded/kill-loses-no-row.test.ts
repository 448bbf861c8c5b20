import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEmbeddedDatabase } from '../../src/lib/embedded-database.js';
import { childProcesses } from './child.js';
import { emptyDump } from './empty-dump.js';

let home: string;
let children: Awaited<ReturnType<typeof childProcesses>>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-kill-'));
  children = await childProcesses();
});
afterAll(async () => {
  await children.clean();
  await rm(home, { recursive: true });
});

// prints the number of every row whose transaction was answered; each transaction writes two rows and overwrites one
const writer = (folder: string): string => `
  import { openEmbeddedDatabase } from './lib/embedded-database.js';
  const database = await openEmbeddedDatabase(${JSON.stringify(folder)});
  for (;;) await database.session(async (client) => {
    const { rows: [{ n }] } = await client.query('select coalesce(max(n), 0) + 1 as n from written');
    await client.query('begin');
    await client.query('insert into written values ($1, $2)', [n, 'x'.repeat(3000)]);
    await client.query('update last set n = $1', [n]);
    await client.query('commit');
    process.stdout.write(n + '\\n');
  });
`;

test('kill -9 in the middle of writing loses no row that was answered and tears no transaction', async () => {
  const folder = join(home, 'database');
  const made = await openEmbeddedDatabase(folder, { from: await emptyDump() });
  await made.session((client) =>
    client.query('create table written (n int4, text text); create table last (n int4); insert into last values (0)'),
  );
  await made.close();

  let answered = 0;
  for (const milliseconds of [150, 400]) {
    const child = children.start(writer(folder));
    answered = Number(await child.line());
    await pause(milliseconds);
    await child.kill();
    for (let line = await child.line(); line; line = await child.line()) answered = Number(line);
  }

  const database = await openEmbeddedDatabase(folder);
  const { rows } = await database.session((client) =>
    client.query(
      'select count(*)::int as rows, max(written.n) as written, max(last.n) as last, sum(length(text))::int as length from written, last',
    ),
  );
  await database.close();
  expect(answered).toBeGreaterThan(5);
  expect(rows[0].rows).toBeGreaterThanOrEqual(answered);
  expect(rows[0]).toEqual({ rows: rows[0].rows, written: rows[0].rows, last: rows[0].rows, length: rows[0].rows * 3000 });
}, 60_000);

test('kill -9 in the middle of the first start leaves nothing half-made', async () => {
  const folder = join(home, 'first');
  const child = children.start(`
    import { watch } from 'node:fs';
    import { openEmbeddedDatabase } from './lib/embedded-database.js';
    watch(${JSON.stringify(home)}, () => console.log('making'));
    await openEmbeddedDatabase(${JSON.stringify(folder)});
    console.log('made');
  `);
  expect(await child.line()).toBe('making');
  await child.kill();
  const database = await openEmbeddedDatabase(folder, { from: await emptyDump() });
  expect((await database.session((client) => client.query('select 1 as fine'))).rows).toEqual([{ fine: 1 }]);
  await database.close();
}, 60_000);

test('every answered transaction has reached the disk, for the power may fail', async () => {
  const child = children.start(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let flushes = 0;
    const { fsyncSync } = fs;
    fs.fsyncSync = (descriptor) => void (fsyncSync(descriptor), flushes++);
    syncBuiltinESMExports();
    const { openEmbeddedDatabase } = await import('./lib/embedded-database.js');
    const database = await openEmbeddedDatabase(${JSON.stringify(join(home, 'database'))});
    const before = flushes;
    for (let n = 0; n < 10; n++) await database.session((client) => client.query('update last set n = $1', [n]));
    console.log(flushes - before);
    await database.session((client) => client.query('checkpoint'));
    await database.close();
    console.log('closed');
  `);
  expect(Number(await child.line())).toBeGreaterThanOrEqual(10);
  expect(await child.line()).toBe('closed');
});
