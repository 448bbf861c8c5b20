import { type Command, InvalidArgumentError } from 'commander';
import type { OpenDatabase } from '../open-database.js';
import { writeOwnAudit } from '../publishing/write.queries.js';
import { countDeliveries, type ListedDelivery, readDeliveries, type StateCounts } from '../webhooks/deliveries.queries.js';
import { DeliveryState } from '../webhooks/delivery.js';
import type { EndpointRow } from '../webhooks/endpoint.js';
import { findEndpoint, listEndpoints } from '../webhooks/endpoint.queries.js';
import { endpointId, endpointUuid } from '../webhooks/endpoint-id.js';
import { answerOf } from '../webhooks/own-endpoint.js';
import { addMissing, type ReplayWish, rangeOf } from '../webhooks/replay.js';
import { resetSettled } from '../webhooks/replay.queries.js';
import { shownDelivery, shownEndpoint } from '../webhooks/show-endpoint.js';
import { wanting } from '../webhooks/wanting.js';
import type { CommandContext } from './command-context.js';
import { instant, whole } from './option-values.js';

const mostListed = 1_000;

/** `dragoman endpoints`: where partners and desks are told, a line each, or JSON; never a secret. */
export function endpointsCommand(command: Command, { io }: CommandContext, open: () => Promise<OpenDatabase>): void {
  command
    .description('the endpoints of webhooks, by owner')
    .option('--partner <code>', 'of one partner')
    .option('--json', 'as one JSON object a line')
    .action(async ({ partner, json }: { partner?: string; json?: true }) => {
      const { manager } = (await open()).dataSource;
      const rows = await listEndpoints({ manager }, partner ?? null);
      const uuids = rows.map(({ uuid }) => uuid);
      const counts = await countDeliveries({ manager }, uuids);
      const now = new Date();
      for (const row of rows) io.stdout(`${json ? jsonOf(row, counts.get(row.uuid)!, now) : lineOf(row, counts.get(row.uuid)!)}\n`);
    });
}

const jsonOf = (row: EndpointRow, counts: StateCounts, now: Date): string => {
  const { uuid: _, ...shown } = shownEndpoint(row, now);
  return JSON.stringify({ ...shown, counts });
};

function lineOf(
  { uuid, partnerCode, editionCode, state, disabledBecause, failingSince, url, topics }: EndpointRow,
  counts: StateCounts,
): string {
  const owner = partnerCode === null ? `edition ${editionCode}` : `partner ${partnerCode}`;
  const condition = [state, disabledBecause, failingSince && `failing since ${failingSince.toISOString()}`].filter(Boolean).join(' ');
  const messages = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return [endpointId(uuid), owner, condition, url, topics.join(','), messages.join(', ') || 'no messages'].join('  ');
}

interface DeliveriesOptions {
  endpoint?: string;
  partner?: string;
  state?: DeliveryState;
  limit: number;
  json?: true;
}

/** `dragoman deliveries`: what became of messages, the newest first. */
export function deliveriesCommand(command: Command, { io }: CommandContext, open: () => Promise<OpenDatabase>): void {
  command
    .description('messages to endpoints and what became of them, newest first')
    .option('--endpoint <id>', 'to one endpoint', uuidOf)
    .option('--partner <code>', 'to those of one partner')
    .option('--state <state>', Object.values(DeliveryState).join(', '), stateOf)
    .option('--limit <number>', `how many, 1 to ${mostListed}`, whole, 20)
    .option('--json', 'as one JSON object a line')
    .action(async ({ limit, json, ...conditions }: DeliveriesOptions) => {
      if (limit < 1 || limit > mostListed) throw new Error(`Give --limit a number from 1 to ${mostListed}.`);
      const { manager } = (await open()).dataSource;
      const { items } = await readDeliveries({ manager, now: new Date() }, conditions, { size: limit, after: undefined });
      for (const each of items) io.stdout(`${json ? jsonOfDelivery(each) : lineOfDelivery(each)}\n`);
    });
}

const jsonOfDelivery = ({ row }: ListedDelivery): string =>
  JSON.stringify({ endpoint: endpointId(row.endpointUuid), ...shownDelivery(row) });

function lineOfDelivery({ row }: ListedDelivery): string {
  const { messageId, endpointUuid, sequence, topic, state, attempts, nextAt, lastStatus, lastError, lastLatencyMs, createdAt } = row;
  const last = lastStatus === null ? lastError : `${lastStatus} in ${lastLatencyMs} ms`;
  const next = state === DeliveryState.PENDING ? `next ${nextAt.toISOString()}` : '';
  const tried = attempts === 0 ? '' : `${attempts} tried, last ${oneLine(last ?? 'unknown')}`;
  return [createdAt.toISOString(), endpointId(endpointUuid), sequence, messageId, topic, state, tried, next].filter(Boolean).join('  ');
}

/** What somebody else's machine said stays on its line, and moves no cursor of a terminal. */
const oneLine = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');

/** `dragoman replay`: has an endpoint told again. */
export function replayCommand(command: Command, { io }: CommandContext, open: () => Promise<OpenDatabase>): void {
  command
    .description('send an endpoint once more what it was told, or what it missed, under the same ids')
    .argument('<endpoint>', 'as "endpoints" shows it', uuidOf)
    .option('--from <time>', 'events from this time on, of the last 30 days', instant)
    .option('--to <time>', 'before this time; default: now', instant)
    .option('--missing', 'all since it was founded that was given up, or was never made for it')
    .option('--json', 'the counts as JSON')
    .action(async (uuid: string, { from, to, missing, json }: { from?: Date; to?: Date; missing?: true; json?: true }) => {
      if ((missing === true) === (from !== undefined) || (missing && to))
        throw new Error('Give --from, with --to or without, or --missing.');
      const wish: ReplayWish = from === undefined ? 'MISSING' : { from, to: to ?? null };
      const { again, added } = await replayFromHere(await open(), uuid, wish);
      io.stdout(json ? `${JSON.stringify({ again, added })}\n` : `${again} messages are sent once more, and ${added} that it never had.\n`);
    });
}

async function replayFromHere({ dataSource }: OpenDatabase, uuid: string, wish: ReplayWish): Promise<{ again: number; added: number }> {
  const now = new Date();
  const row = await findEndpoint({ manager: dataSource.manager }, uuid);
  if (!row) throw new Error(`There is no endpoint ${endpointId(uuid)}.`);
  const range = rangeOf(wish, row, now);
  const added = await addMissing(uuid, range, { dataSource, sources: wanting, now });
  return dataSource.transaction(async (manager) => {
    const again = await resetSettled(manager, { uuid, range, onlyFailed: wish === 'MISSING', now });
    await writeOwnAudit(manager, 'cli', { at: now, action: 'REPLAY_ENDPOINT', detail: { ...answerOf(row), again, added } });
    return { again, added };
  });
}

function uuidOf(value: string): string {
  try {
    return endpointUuid(value.startsWith('endpoint:') ? value : endpointId(value));
  } catch {
    throw new InvalidArgumentError('Give an endpoint as "endpoints" shows it.');
  }
}

function stateOf(value: string): DeliveryState {
  const state = Object.values(DeliveryState).find((each) => each === value.toUpperCase());
  if (!state) throw new InvalidArgumentError(`Choose ${Object.values(DeliveryState).join(', ')}.`);
  return state;
}
