import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { importStories } from '../ingest/import-stories.js';
import type { OpenDatabase } from '../open-database.js';
import { writeOwnAudit } from '../publishing/write.queries.js';
import type { CommandContext } from './command-context.js';
import { duration, instant, share, whole } from './option-values.js';
import { progressBar } from './progress.js';

/** `dragoman import`: stories from a JSON Lines file; bad lines are named and the rest goes on. */
export function importCommand(command: Command, { config, io }: CommandContext, open: () => Promise<OpenDatabase>): void {
  command
    .description('import stories with their translations from a JSON Lines file; again is safe: ids are kept')
    .argument('<file>')
    .option('--dry-run', 'check everything, write nothing')
    .option('--keep <share>', 'keep this share of the translations (0 to 1), chosen by --seed; never drops a source', share)
    .option('--seed <number>', 'what --keep chooses by', whole, 0)
    .option(
      '--published-at <time>',
      'when the first story was published: 2026-11-01T06:00Z, with its zone, or a date, midnight UTC; default: now, and backwards from there',
      instant,
    )
    .addOption(
      new Option('--step <duration>', 'time from one story to the next: 90s, 15m, 1h, 2d')
        .argParser(duration)
        .default(duration('15m'), '15m'),
    )
    .option('--wire-from-origin', 'credit the outlet of the source text as a wire agency')
    .action(
      async (
        file: string,
        options: { dryRun?: true; keep?: number; seed: number; publishedAt?: Date; step: number; wireFromOrigin?: true },
      ) => {
        const { dataSource, embedded } = await open();
        const bar = progressBar(io, 'Importing');
        const audit = (detail: Record<string, unknown>): Promise<void> =>
          options.dryRun
            ? Promise.resolve()
            : writeOwnAudit(dataSource.manager, 'cli', { at: new Date(), action: 'IMPORTED', detail: { file, ...detail } });
        const report = await importStories(dataSource, resolve(io.cwd, file), {
          domain: config.domain,
          now: new Date(),
          dryRun: options.dryRun ?? false,
          keep: options.keep ?? 1,
          seed: options.seed,
          publishedAt: options.publishedAt,
          stepMs: options.step,
          wireFromOrigin: options.wireFromOrigin ?? false,
          signal: io.signal,
          onProgress: (done, total) => bar.update(done, total),
          onProblem: (problem) => bar.line(problem),
        })
          .finally(() => bar.end())
          .catch(async (error: Error) => {
            // What was imported so far stays; where even this cannot be written, the first failure is the one to tell.
            await audit({ failed: error.message }).catch(() => {});
            throw error;
          });
        const { stories, translations, unchanged, refused } = report;
        await audit({ stories, translations, unchanged, refused });
        io.stdout(
          `${options.dryRun ? 'Would import' : 'Imported'} ${stories} stories with ${translations} translations; ${unchanged} translations were there already; ${refused} refused.\n`,
        );
        await embedded?.database.upkeep();
        if (refused > 0 && translations + unchanged === 0) throw new Error('Nothing in the file could be imported.');
      },
    );
}
