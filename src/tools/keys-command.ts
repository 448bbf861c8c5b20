import { type Command, InvalidArgumentError } from 'commander';
import type { EntityManager } from 'typeorm';
import type { ApiKey } from '../desks/api-key.js';
import { insertKey, listKeys, revokeKey } from '../desks/api-key.queries.js';
import { keySecretOf } from '../desks/key-secret.js';
import { maskedKey } from '../desks/key-text.js';
import { makeKey } from '../desks/make-key.js';
import { Role, type Roles } from '../desks/role.js';
import { loadEditions } from '../editions/edition.loaders.js';
import type { OpenDatabase } from '../open-database.js';
import { writeOwnAudit } from '../publishing/write.queries.js';
import { findPartner } from '../rights/partner.queries.js';
import { auditedKey } from './audited-key.js';
import type { CommandContext } from './command-context.js';
import { duration } from './option-values.js';

interface CreateOptions {
  name: string;
  operator?: true;
  role?: Record<string, Role>;
  partner?: string;
  expires?: number;
  test?: true;
}

/** `dragoman keys`: makes, lists and revokes API keys. */
export function keysCommand(keys: Command, { config, io }: CommandContext, open: () => Promise<OpenDatabase>): void {
  keys.description('make, list and revoke API keys');

  keys
    .command('create')
    .description('make a key and show it, this once, on standard output')
    .requiredOption('--name <name>', 'whose it is, as the audit will name it', name)
    .option('--operator', 'for who runs the gateway')
    .option('--role <edition=ROLE>', 'TRANSLATOR, EDITOR or CHIEF in an edition; once for each edition', role)
    .option('--partner <code>', 'for an outlet that takes stories over')
    .option('--expires <duration>', 'when it ends: 12h, 90d; default: never', duration)
    .option('--test', 'for the sandbox with --partner; else for gateways in development only')
    .action(async (options: CreateOptions) => {
      const roles: Roles = options.role ?? {};
      if ([options.operator, options.role, options.partner].filter((each) => each !== undefined).length !== 1)
        throw new Error('Give one of --operator, --partner and --role; --role once for each edition.');
      const { dataSource } = await open();
      const editions = await loadEditions({ manager: dataSource.manager });
      const unknown = Object.keys(roles).find((code) => !editions.find(code));
      if (unknown !== undefined) throw new Error(`No edition has the code ${unknown}.`);
      if (options.partner !== undefined) await mustTakeKeys(dataSource.manager, options.partner);
      const now = new Date();
      const { key, row } = makeKey(
        await keySecretOf(config),
        {
          ...{
            name: options.name,
            operator: options.operator ?? false,
            roles,
            partnerCode: options.partner ?? null,
            test: options.test ?? false,
          },
          expiresAt: options.expires === undefined ? null : new Date(now.getTime() + options.expires),
        },
        now,
      );
      await dataSource.transaction(async (manager) => {
        await insertKey(manager, row);
        await writeOwnAudit(manager, 'cli', { at: now, action: 'KEY_CREATED', detail: auditedKey(row) });
      });
      io.stdout(`${key}\n`);
      io.stderr(`Made the key ${row.uuid} for ${row.name}: ${grantsOf(row)}. It is shown this once and kept nowhere.\n`);
      if (row.test && row.partnerCode !== null) io.stderr('In the feeds it opens the sandbox: made-up stories, and nothing else.\n');
      else if (row.test && !config.development) io.stderr('It opens gateways with NODE_ENV=development only; this one refuses it.\n');
    });

  keys
    .command('list')
    .description('list all keys, never the keys themselves')
    .action(async () => {
      const { manager } = (await open()).dataSource;
      for (const key of await listKeys(manager)) io.stdout(`${lineOf(key, new Date())}\n`);
    });

  keys
    .command('revoke')
    .description('end a key now')
    .argument('<uuid>', 'as "keys list" shows it', uuid)
    .action(async (id: string) => {
      const now = new Date();
      const revoked = await (await open()).dataSource.transaction(async (manager) => {
        const key = await revokeKey(manager, id, now);
        if (key?.revokedAt?.getTime() === now.getTime())
          await writeOwnAudit(manager, 'cli', { at: now, action: 'KEY_REVOKED', detail: auditedKey(key) });
        return key;
      });
      if (!revoked) throw new Error(`There is no key ${id}.`);
      io.stdout(`The key ${id} of ${revoked.name} is revoked since ${revoked.revokedAt?.toISOString()}.\n`);
    });
}

/** Throws unless there is such a partner, and its keys open the gateway. */
async function mustTakeKeys(manager: EntityManager, code: string): Promise<void> {
  const partner = await findPartner({ manager }, code);
  if (!partner) throw new Error(`No partner has the code ${code}.`);
  if (!partner.active) throw new Error(`The partner ${code} is not active: its keys open nothing.`);
}

const grantsOf = ({ operator, roles, partnerCode, expiresAt }: Pick<ApiKey, 'operator' | 'roles' | 'partnerCode' | 'expiresAt'>): string =>
  [
    operator
      ? 'operator'
      : partnerCode !== null
        ? `partner ${partnerCode}`
        : Object.entries(roles)
            .map(([edition, granted]) => `${edition}=${granted}`)
            .sort()
            .join(' '),
    expiresAt === null ? 'never expires' : `expires ${expiresAt.toISOString()}`,
  ].join(', ');

function lineOf(key: ApiKey, now: Date): string {
  const state =
    key.revokedAt !== null
      ? `revoked ${key.revokedAt.toISOString()}`
      : key.expiresAt !== null && key.expiresAt <= now
        ? 'expired'
        : `last used ${key.lastUsedAt?.toISOString() ?? 'never'}`;
  return [key.uuid, maskedKey(key), key.name, grantsOf(key), state].join('  ');
}

function name(value: string): string {
  const trimmed = value.normalize('NFC').trim();
  if (!/^[^\p{C}]{1,100}$/u.test(trimmed)) throw new InvalidArgumentError('Give a name of at most 100 characters.');
  return trimmed;
}

function role(value: string, before: Record<string, Role> = {}): Record<string, Role> {
  const [, edition, granted] = /^([a-z0-9][a-z0-9-]{0,63})=(\w+)$/u.exec(value) ?? [];
  if (edition === undefined || !Object.values<string | undefined>(Role).includes(granted))
    throw new InvalidArgumentError('Give an edition and TRANSLATOR, EDITOR or CHIEF, such as tt=EDITOR.');
  if (Object.hasOwn(before, edition)) throw new InvalidArgumentError(`Give one role in ${edition}.`);
  return { ...before, [edition]: granted as Role };
}

function uuid(value: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(value)) throw new InvalidArgumentError('Give a uuid as "keys list" shows it.');
  return value;
}
