import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { printSchema } from 'graphql';
import { makeDataSource } from '../data-source.js';
import { seed } from '../ingest/seed.js';
import type { EmbeddedDatabase } from '../lib/embedded-database.js';
import { inPackage } from '../lib/root.js';
import { isMigrated, migrate } from '../migrate.js';
import type { OpenDatabase } from '../open-database.js';
import { makeSchema } from '../server/schema.js';
import { auditCommand } from './audit-command.js';
import type { CommandContext } from './command-context.js';
import { deliveriesCommand, endpointsCommand, replayCommand } from './endpoints-command.js';
import { importCommand } from './import-command.js';
import { keysCommand } from './keys-command.js';
import { reconcileCommand } from './reconcile-command.js';
import { takedownsCommand } from './takedowns-command.js';

/** Runs one command line and gives its exit code; what goes wrong is one sentence on stderr. */
export async function runCommand(argv: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await program(context)
      .parseAsync(argv, { from: 'user' })
      .then(() => 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    context.io.stderr(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

/** The commands, with their help; `context` is what their actions use. */
export function program(context: CommandContext): Command {
  const { config, io } = context;
  const cli = new Command('dragoman')
    .description('GraphQL multilingual syndication gateway.')
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr, getOutHelpWidth: () => io.columns, getErrHelpWidth: () => io.columns });

  // Served by main.ts itself: a server is not a command of a server.
  cli.command('serve').description('open the database, bring it up to date and serve');

  cli
    .command('migrate')
    .description('bring the database schema up to date')
    .action(async () => {
      const done = await migrate((await context.open()).dataSource);
      io.stdout(done.length === 0 ? 'The schema is up to date.\n' : `Migrated: ${done.join(', ')}\n`);
    });

  cli
    .command('seed')
    .description('load the sample editions, or the sample stories as well')
    .argument('<what>', 'editions or samples', oneOf('editions', 'samples'))
    .action(async (what: 'editions' | 'samples') => {
      const { dataSource } = await openMigrated(context);
      const loaded = await seed(dataSource, what, { domain: config.domain, now: new Date(), who: 'cli' });
      io.stdout(
        loaded
          ? `Loaded the sample ${what === 'samples' ? 'editions and stories' : 'editions'}.\n`
          : 'The database has editions already: nothing was loaded.\n',
      );
    });

  importCommand(cli.command('import'), context, () => openMigrated(context));
  auditCommand(cli.command('audit'), context, () => openMigrated(context));
  keysCommand(cli.command('keys'), context, () => openMigrated(context));
  takedownsCommand(cli.command('takedowns'), context, () => openMigrated(context));

  endpointsCommand(cli.command('endpoints'), context, () => openMigrated(context));
  deliveriesCommand(cli.command('deliveries'), context, () => openMigrated(context));
  replayCommand(cli.command('replay'), context, () => openMigrated(context));

  reconcileCommand(cli.command('reconcile'), context);

  cli
    .command('backup')
    .description('write the whole embedded database to a file, also while it serves')
    .argument('<file>')
    .action(async (file: string) => {
      const backup = await (await embeddedOf(context)).backup();
      await writeFile(resolve(io.cwd, file), backup, { mode: 0o600 });
      io.stdout(`Backed up ${backup.length} bytes to ${file}.\n`);
    });

  cli
    .command('restore')
    .description('replace the embedded database by a backup, also while it serves')
    .argument('<file>')
    .action(async (file: string) => {
      await (await embeddedOf(context)).restore(await readFile(resolve(io.cwd, file)), async ({ driver }) => {
        // An older backup is brought up to date before it takes the place of what is there.
        const candidate = await makeDataSource({ driver }).initialize();
        await migrate(candidate).finally(() => candidate.destroy());
      });
      io.stdout(`Restored ${file}.\n`);
    });

  cli
    .command('emit-schema')
    .description('write the GraphQL schema to schema/schema.graphql')
    .action(async () => {
      await writeFile(inPackage('schema', 'schema.graphql'), `${printSchema(makeSchema())}\n`);
      io.stdout('Wrote schema/schema.graphql.\n');
    });
  return cli;
}

async function embeddedOf({ open }: CommandContext): Promise<EmbeddedDatabase> {
  const { embedded } = await open();
  if (!embedded) throw new Error('This is for the embedded database: use pg_dump and pg_restore with DATABASE_URL.');
  return embedded.database;
}

async function openMigrated({ open }: CommandContext): Promise<OpenDatabase> {
  const opened = await open();
  if (!(await isMigrated(opened.dataSource))) throw new Error('The database schema is behind this program: run "dragoman migrate" first.');
  return opened;
}

const oneOf =
  (...choices: string[]) =>
  (value: string): string => {
    if (!choices.includes(value)) throw new InvalidArgumentError(`Choose ${choices.join(' or ')}.`);
    return value;
  };
