import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import type { CommandContext } from './command-context.js';
import { readLocalTexts } from './local-holdings.js';
import { instant } from './option-values.js';
import { type Differences, reconcileEdition, type Told } from './reconcile-client.js';

interface ReconcileOptions {
  url: string;
  keyFile?: string;
  edition?: string[];
  since?: Date;
  until?: Date;
}

/** `dragoman reconcile`: what a partner has to fetch, take down and refresh, as an example of how a gateway is asked. It needs no database. */
export function reconcileCommand(command: Command, { config, io }: CommandContext): void {
  command
    // What was typed wrong says nothing of differences.
    .exitOverride(({ exitCode, code, message }) => {
      throw new CommanderError(exitCode === 0 ? 0 : 2, code, message);
    })
    .description(
      'for partners: compare texts held with what a gateway gives, and say what to fetch, take down and refresh; 0 the same, 1 not, 2 it cannot be said',
    )
    .argument('<file>', 'a text a line: {"id","version","publishedAt","notices":["about@3"]}, notices for all of them or none')
    .requiredOption('--url <origin>', 'of the gateway: https, or http on this machine', origin)
    .option('--key-file <file>', 'a file with the key alone; else DRAGOMAN_KEY is used')
    .option('--edition <code>', 'only this edition; once for each; default: those in the file', (code: string, before: string[] = []) => [
      ...before,
      code,
    ])
    .option(
      '--since <time>',
      'texts published since then, in whole days of UTC; default: the oldest in the file, thirty days at least',
      instant,
    )
    .option('--until <time>', 'texts published before then', instant)
    .action(async (file: string, { url, keyFile, edition, since, until }: ReconcileOptions) => {
      try {
        const key = (keyFile === undefined ? config.partnerKey : await readFile(resolve(io.cwd, keyFile), 'utf8'))?.trim();
        if (!key) throw new Error('Give the key in a file (--key-file) or as DRAGOMAN_KEY.');
        const texts = await readLocalTexts(resolve(io.cwd, file));
        let found = 0;
        for (const code of edition ?? [...texts.keys()].sort()) {
          const days = texts.get(code) ?? new Map();
          const { differences, compared, aside } = await reconcileEdition(
            { url, key, signal: io.signal },
            { edition: code, days, since, until },
          );
          const lines = linesOf(differences);
          found += lines.length;
          for (const line of lines) io.stdout(`${line}\n`);
          io.stderr(
            `${code}: compared ${compared}${aside === 0 ? '' : `, left ${aside} of other days aside`}; ${lines.length} to be done.\n`,
          );
        }
        if (found > 0) throw new CommanderError(1, 'dragoman.differs', 'There are differences.');
      } catch (error) {
        if (error instanceof CommanderError) throw error;
        io.stderr(`${sentenceOf(error)}\n`);
        throw new CommanderError(2, 'dragoman.unknown', 'It cannot be said.');
      }
    });
}

/** What is to be done, the id, and where or why, with a tab between them. */
function linesOf({ missing, outdated, noticeChanged, retracted, notEntitled, unknown }: Differences): string[] {
  const line = (todo: string, why: (told: Told) => string | undefined) => (each: Told) => [todo, each.id, why(each) ?? ''].join('\t');
  return [
    ...[...missing, ...outdated].map(line('fetch', ({ url }) => url)),
    ...noticeChanged.map(line('refresh', ({ url }) => url)),
    ...retracted.map(line('take-down', ({ kind }) => kind)),
    ...notEntitled.map(line('take-down', ({ reason }) => reason)),
    ...unknown.map(line('take-down', () => 'UNKNOWN')),
  ];
}

const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};

function origin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isHere = url?.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/u.test(url.hostname);
  if (!url || (url.protocol !== 'https:' && !isHere))
    throw new InvalidArgumentError('Give https://…, or http on this machine: the key goes along.');
  return url.origin;
}
