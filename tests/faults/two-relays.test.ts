import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { makeDataSource } from '../../src/data-source.js';
import { inPackage } from '../../src/lib/root.js';
import { migrate } from '../../src/migrate.js';
import { EventKind } from '../../src/publishing/event.js';
import { lockArticles, setTimers, writeEvents } from '../../src/publishing/event.queries.js';
import { writersSecret } from '../support/desk-writers.js';
import { figures, many } from '../support/faults.js';
import { type PrivateCluster, privateCluster } from '../support/private-cluster.js';
import { build } from '../support/program.js';
import { until } from '../support/until.js';

const kills = many(6, 3);
const freezes = many(6, 3);

let cluster: PrivateCluster;
let dataSource: DataSource;
const processes = new Set<ChildProcess>();
beforeAll(async () => {
  build();
  cluster = await privateCluster();
  dataSource = await makeDataSource({ url: cluster.url, poolSize: 4 }).initialize();
  await migrate(dataSource);
  await dataSource.query('create table handled (id bigint generated always as identity, process int not null, seq bigint not null)');
  await dataSource.query('create table passed (process int not null, key text not null)');
}, 120_000);
afterAll(async () => {
  for (const each of processes) each.kill('SIGKILL');
  await dataSource.destroy();
  await cluster.remove();
});

/** The program's own server, with a consumer that notes what it handles, in its transaction and outside, and drafts that note their timer. */
const script = `
  import { readConfig } from './dist/src/config.js';
  import { serve } from './dist/src/tools/serve.js';
  const note = (text) => process.stdout.write(text + '\\n');
  const recorder = {
    name: 'recorder',
    async handle(events, manager) {
      note('begins');
      for (const { seq } of events) note('handled ' + seq);
      // Time enough to be met in the middle by what the test does.
      await new Promise((resolve) => setTimeout(resolve, 60));
      note('ends');
      await manager.query('insert into handled (process, seq) select $1, unnest($2::bigint[])', [process.pid, events.map(({ seq }) => seq)]);
    },
  };
  const DRAFT = (manager, { key }) => manager.query('insert into passed (process, key) values ($1, $2)', [process.pid, key]);
  const { stop } = await serve(readConfig(), { stdout: () => {} }, { consumers: [recorder], works: { DRAFT } });
  note('serving');
  process.once('SIGTERM', () => stop().then(() => process.exit(0)));
`;

/** What one server said it had handled, by number. */
interface Child {
  process: ChildProcess;
  pid: number;
  handled: number[];
  /** Whether it is in the middle of handling some. */
  handling: boolean;
}

async function startServer(): Promise<Child> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: inPackage(),
    env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: cluster.url, KEY_SECRET: writersSecret, PORT: '0', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.add(child);
  const started: Child = { process: child, pid: child.pid!, handled: [], handling: false };
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('a server ended before it served')));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === 'serving') resolve();
      if (line === 'begins' || line === 'ends') started.handling = line === 'begins';
      const [, seq] = /^handled (\d+)$/u.exec(line) ?? [];
      if (seq) started.handled.push(Number(seq));
    });
  });
  return started;
}

async function end({ process: child }: Child, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  processes.delete(child);
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

let written = 0;
const publish = (): Promise<void> =>
  dataSource.transaction(async (manager) => {
    const articleUuid = randomUUID();
    await lockArticles(manager, [articleUuid]);
    await writeEvents(manager, [{ kind: EventKind.REVISED, at: new Date(), articleUuid, editionCode: 'en', revision: ++written }]);
  });

const handledBy = async (): Promise<{ process: number; seq: number }[]> =>
  (await dataSource.query('select process, seq::float8 as seq from handled order by id')) as { process: number; seq: number }[];
const handledAll = async (): Promise<boolean> => (await handledBy()).length >= written;

test('two relays number and hand out every event once; when one dies or hangs, the other goes on within five seconds', async () => {
  let servers = await Promise.all([startServer(), startServer()]);
  const all = [...servers];
  let writing = true;
  const writer = (async () => {
    for (; writing; await sleep(Math.random() * 8)) await publish();
  })();

  /** Who is handling events at this moment, and the other. */
  const working = async (): Promise<[Child, Child]> => {
    await until('one of them works', () => servers.some(({ handling }) => handling));
    return servers[1]!.handling ? [servers[1]!, servers[0]!] : [servers[0]!, servers[1]!];
  };
  /** How long it takes until an event that is written from now on has been handled. */
  const untilHandled = async (): Promise<number> => {
    const revision = written + 1;
    const started = performance.now();
    await until(
      'the other takes over',
      async () =>
        (
          (await dataSource.query('select 1 from handled h join event e on e.seq = h.seq where e.revision >= $1 limit 1', [
            revision,
          ])) as object[]
        ).length > 0,
      30_000,
    );
    return performance.now() - started;
  };

  const takeovers: number[] = [];
  for (let round = 0; round < kills; round++) {
    await sleep(300 + Math.random() * 500);
    const [victim, other] = await working();
    await end(victim, 'SIGKILL');
    takeovers.push(await untilHandled());
    const next = await startServer();
    servers = [other, next];
    all.push(next);
  }
  const hangs: number[] = [];
  for (let round = 0; round < freezes; round++) {
    await sleep(300 + Math.random() * 500);
    const [victim, other] = await working();
    // It is there, its connections are open, and nothing comes from it any more.
    victim.process.kill('SIGSTOP');
    hangs.push(await untilHandled());
    await end(victim, 'SIGKILL');
    const next = await startServer();
    servers = [other, next];
    all.push(next);
  }
  const timers = Array.from({ length: 40 }, (_, index) => ({ kind: 'DRAFT' as const, key: `t${index}`, at: new Date(Date.now() + 300) }));
  await setTimers(dataSource.manager, timers);
  const late = await until('the timers pass', async () => ((await dataSource.query('select 1 from timer')) as object[]).length === 0);
  writing = false;
  await writer;
  await until('all is handled', handledAll);
  for (const server of servers) await end(server, 'SIGTERM');

  const log: { seq: number; revision: number }[] = await dataSource.query('select seq::float8 as seq, revision from event order by seq');
  const handled = (await handledBy()).map(({ seq }) => seq);
  const outside = all.flatMap((server) => server.handled);
  const never = log.filter(({ seq }) => !outside.includes(seq)).length;
  const passed: { key: string }[] = await dataSource.query('select key from passed');
  figures('two relays', {
    events: log.length,
    kills,
    freezes,
    'ms to take over from a dead one at most': Math.max(...takeovers),
    'ms to take over from a hanging one at most': Math.max(...hangs),
    'handled zero times': never,
    'handled again after a fault': outside.length - log.length,
    'ms until 40 timers had passed': late,
  });
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(new Set(log.map(({ revision }) => revision)).size).toBe(written);
  expect(handled).toEqual(log.map(({ seq }) => seq));
  expect(never).toBe(0);
  expect(Math.max(...takeovers)).toBeLessThan(5_000);
  expect(Math.max(...hangs)).toBeLessThan(5_000);
  expect(passed.map(({ key }) => key).sort()).toEqual(timers.map(({ key }) => key).sort());
  expect(late).toBeLessThan(1_300);
}, 600_000);
