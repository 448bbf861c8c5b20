import { type Command, InvalidArgumentError } from 'commander';
import { articleUrn, parseUrn } from '../articles/urn.js';
import { pageOf } from '../lib/relay.js';
import type { OpenDatabase } from '../open-database.js';
import { type AuditConditions, type Audited, readAudit } from '../publishing/audit.queries.js';
import type { CommandContext } from './command-context.js';
import { instant, whole } from './option-values.js';

interface AuditOptions extends Pick<AuditConditions, 'article' | 'edition' | 'caller' | 'action'> {
  since?: Date;
  before?: Date;
  first: number;
}

/** `dragoman audit`: who did what and when, a line each, newest first. */
export function auditCommand(command: Command, { io }: CommandContext, open: () => Promise<OpenDatabase>): void {
  command
    .description('who did what and when, newest first')
    .option('--article <urn>', 'with a story', story)
    .option('--edition <code>', 'in an edition')
    .option('--caller <id>', 'by a caller: key:<uuid>, oidc:<subject>, cli or start')
    .option('--action <name>', 'an action, such as PUBLISH or KEY_CREATED')
    .option('--since <time>', 'from this time on: 2026-11-01T06:00Z, with its zone, or a date, midnight UTC', instant)
    .option('--before <time>', 'before this time', instant)
    .option('--first <number>', 'how many, 1 to 100', whole, 20)
    .action(async ({ since: from, before: until, first, ...conditions }: AuditOptions) => {
      if (first < 1 || first > 100) throw new Error('Give --first a number from 1 to 100.');
      const { manager } = (await open()).dataSource;
      const { items } = await readAudit({ manager, now: new Date() }, 'ALL', { ...conditions, from, until }, pageOf({ first }));
      for (const each of items) io.stdout(`${lineOf(each)}\n`);
    });
}

const lineOf = ({ row, story: of }: Audited): string =>
  [
    ...[row.at.toISOString(), row.action, of === null ? '-' : articleUrn(of), row.editionCode ?? '-'],
    ...[row.callerId === null || row.callerId === row.caller ? row.caller : `${row.caller} (${row.callerId})`, row.requestId ?? '-'],
    JSON.stringify(row.detail),
  ].join('  ');

function story(value: string): string {
  const parts = parseUrn(value);
  if (!parts) throw new InvalidArgumentError('Give the URN of a story.');
  return articleUrn(parts);
}
