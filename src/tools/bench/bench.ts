import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readBenchServer } from '../../config.js';
import { inPackage } from '../../lib/root.js';
import { makeBenchDatabase, onServer, reuseBenchDatabase } from './bench-database.js';
import { checkAnswers } from './check-answers.js';
import { measure } from './measure.js';
import { operationsOver } from './operations.js';
import { pin, twoCores } from './pin.js';
import { reportOf } from './report.js';
import { tableOf } from './table.js';

const usage = `npm run bench -- [options]
  --smoke         little data, one second for each row: only whether all answers hold the same data
  --keep-data     leave the database, and say its name
  --data NAME     use a database that was left
  --json FILE     where to write the result (dist/bench.json)
  --only Q1,Q2    only some of Q1, Q1b, Q2, Q3
  --seconds N     how long each of the three rounds of a row lasts (10)
The database is made on the PostgreSQL server that BENCH_DATABASE_URL names.
`;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{
        smoke: { type: 'boolean', default: false },
        'keep-data': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      ...{ data: { type: 'string' }, json: { type: 'string', default: inPackage('dist', 'bench.json') } },
      ...{ only: { type: 'string' }, seconds: { type: 'string', default: '10' } },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const server = readBenchServer();
  const amount = values.smoke ? { articles: 50, editions: 5 } : { articles: 5000, editions: 29 };
  const duration = values.smoke
    ? { rounds: 1, seconds: 1, warmSeconds: 0.1 }
    : { rounds: 3, seconds: Number(values.seconds), warmSeconds: 2 };
  const database =
    values.data === undefined
      ? await makeBenchDatabase(server, amount, values['keep-data'], tell)
      : await reuseBenchDatabase(server, values.data);
  const interrupted = (signal: string): void => {
    tell(`${signal}: stopping`);
    void database.close().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, interrupted);
  try {
    const only = values.only?.split(',');
    const operations = operationsOver(database.editions, await slugsOf(database.url, values.smoke ? 10 : 60)).filter(
      ({ name }) => !only || only.includes(name),
    );
    tell(`${database.articles} stories in ${database.editions.length} editions; comparing the answers of gateway and floors`);
    const checked = await checkAnswers(operations, database.url);
    tell('all answers hold the same data');
    const cores = twoCores();
    if (cores) pin(process.pid, cores.client);
    const before = loadavg()[0]!.toFixed(2);
    const measured = await measure(database.url, operations, checked, duration, cores, tell);
    const { rows } = await onServer(database.url, (client) => client.query<{ server_version: string }>('show server_version'));
    const report = reportOf(measured, {
      stories: database.articles,
      editions: database.editions.length,
      'each row': `${duration.rounds} × ${duration.seconds} s, 8 connections`,
      node: process.version,
      postgres: rows[0]!.server_version.split(' ')[0]!,
      pinned: cores
        ? `server on core ${cores.server}, client on core ${cores.client}, ${measured.backends?.pinned} of ${measured.backends?.backends} backends`
        : 'no',
      'load of the machine before': before,
    });
    await mkdir(dirname(values.json), { recursive: true });
    await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(tableOf(report));
  } finally {
    await database.close();
  }
}

/** Stories for the operation that asks for one: the same ones for the same data. */
const slugsOf = async (url: string, count: number): Promise<{ of: string; slug: string }[]> => {
  const { rows } = await onServer(url, (client) =>
    client.query<{ of: string; slug: string }>(
      `select edition_code "of", slug from translation where edition_code in ('tt', 'en', 'fa') order by md5(slug) limit ${count}`,
    ),
  );
  return rows;
};

bench().catch((error: Error) => {
  tell(error.message || String(error.stack));
  process.exitCode = 1;
});
