import { type Command, InvalidArgumentError } from 'commander';
import { articleUrn } from '../articles/urn.js';
import { TakedownState } from '../ledger/takedown.js';
import { shownTakedown } from '../ledger/takedown.resolver.js';
import { type ListedTakedown, takedownsOf } from '../ledger/takedown-list.queries.js';
import type { OpenDatabase } from '../open-database.js';
import type { CommandContext } from './command-context.js';
import { whole } from './option-values.js';

interface TakedownOptions {
  state?: TakedownState;
  partner?: string;
  overdue: boolean;
  first: number;
  json: boolean;
}

const most = 1_000;

/** `dragoman takedowns`: what partners were asked to take down, a line each, newest first; as JSON an object a line. */
export function takedownsCommand(command: Command, { io }: CommandContext, open: () => Promise<OpenDatabase>): void {
  command
    .description('what partners were asked to take down, and what they said, newest first')
    .option('--state <state>', 'only those that stand so: open, settled, refused or cancelled', state)
    .option('--partner <code>', 'only those to a partner')
    .option('--overdue', 'only open ones whose time has passed', false)
    .option('--first <number>', `how many, 1 to ${most}`, whole, 50)
    .option('--json', 'an object for each, with all that is known of it', false)
    .action(async ({ state: wanted, partner, overdue, first, json }: TakedownOptions) => {
      if (first < 1 || first > most) throw new Error(`Give --first a number from 1 to ${most}.`);
      const read = { manager: (await open()).dataSource.manager, now: new Date() };
      const page = { article: null, state: wanted ?? null, overdue, after: null, size: first };
      const found = await takedownsOf(read, partner === undefined ? null : [partner], page);
      for (const each of found) io.stdout(`${json ? JSON.stringify(shownTakedown(each, read.now)) : lineOf(each, read.now)}\n`);
    });
}

const lineOf = ({ row, cause, story }: ListedTakedown, now: Date): string =>
  [
    ...[row.openedAt.toISOString(), stateOf(row, now), row.partnerCode, cause.kind, articleUrn(story), `due ${row.dueAt.toISOString()}`],
    ...[row.action ?? '-', row.url ?? '-', row.uuid],
  ].join('  ');

const stateOf = ({ state: stands, dueAt }: ListedTakedown['row'], now: Date): string =>
  stands === TakedownState.OPEN && dueAt <= now ? 'OVERDUE' : stands;

function state(value: string): TakedownState {
  const found = TakedownState[value.toUpperCase() as TakedownState];
  if (!found) throw new InvalidArgumentError('Choose open, settled, refused or cancelled.');
  return found;
}
