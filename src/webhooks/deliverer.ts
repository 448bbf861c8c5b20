import type { EntityManager } from 'typeorm';
import type { NoteHoldings } from '../ledger/hold.js';
import type { CallOutside } from '../lib/outside/call.js';
import { startWorkLoop, type Worker } from '../lib/work-loop.js';
import type { RelayLog } from '../publishing/relay-log.js';
import { type Claimed, claimDeliveries, forgetDeliveries, release } from './attempt.queries.js';
import { DeliveryState } from './delivery.js';
import type { EndpointRow } from './endpoint.js';
import { givenTexts } from './given-texts.js';
import { judgeAnswer, type Outcome } from './judge-answer.js';
import type { MessageSources } from './message-source.js';
import { type Prepared, prepareMessages } from './prepare-messages.js';
import { type Attempt, sendMessage } from './send-message.js';
import { makeSettler } from './settler.js';

/** What the deliverer of a process works with. */
export interface DelivererOptions {
  manager: EntityManager;
  clock: () => Date;
  sources: MessageSources;
  call: CallOutside;
  /** What an endpoint's messages are signed with now, as its receiver was given it. */
  secretsOf: (endpoint: EndpointRow, now: Date) => readonly string[];
  log: RelayLog;
  noteHoldings?: NoteHoldings | undefined;
  /** Told of every attempt: the status, or why there was none; and of every delivery that is settled. */
  count?: { attempt(outcome: string): void; settled(state: DeliveryState): void } | undefined;
  timeoutMs?: number;
  /** How many deliveries are under way in this process at once; those to endpoints that fail are at most a quarter of them beside. */
  mostUnderWay?: number;
  /** From 0 to 1. */
  chance?: () => number;
  pollMs?: number;
}

const usualTimeoutMs = 20_000;
// Beyond its timeout: what is left of a claim when an attempt has ended, to write it down.
const longestMarginMs = 10_000;
const keptMs = 30 * 86_400_000;
const pruneEveryMs = 60_000;
const pruneBatch = 1_000;
// While one round is read and written, the next is claimed: what is done between them is waiting for the database.
const mostRounds = 3;

/** Sends what is due, for as long as the process serves; every process of one database may run one. */
export function startDeliverer(options: DelivererOptions): Worker {
  const { manager, clock, sources, log, timeoutMs = usualTimeoutMs, mostUnderWay = 512, pollMs = 250 } = options;
  const marginMs = Math.min(longestMarginMs, timeoutMs);
  const mostFailing = Math.ceil(mostUnderWay / 4);
  const settler = makeSettler({ manager, log });
  const giveUp = new AbortController();
  const underWay = { healthy: 0, failing: 0 };
  let rounds = 0;
  let failure: unknown;
  const unsent: string[] = [];
  const all = new Set<Promise<void>>();
  let pruneAt = performance.now() + pruneEveryMs;

  const partOf = ({ endpoint }: Claimed): keyof typeof underWay => (endpoint.failingSince === null ? 'healthy' : 'failing');
  const begin = (prepared: Prepared, sendBy: number): void => {
    const working = attempt(prepared, { ...options, timeoutMs, settler, sendBy, signal: giveUp.signal })
      .then((isTried) => {
        if (!isTried) unsent.push(prepared.claimed.delivery.id);
      })
      .catch((error: unknown) => log.error({ err: error, delivery: prepared.claimed.delivery.id }, 'an attempt was not written down'))
      .finally(() => {
        underWay[partOf(prepared.claimed)]--;
        all.delete(working);
        loop.wake();
      });
    all.add(working);
  };

  /** Makes ready what was claimed and begins to send it. What cannot be made ready is let go of, and the next turn says so. */
  const round = async (claimed: readonly Claimed[], now: Date, signal: AbortSignal): Promise<void> => {
    const sendBy = performance.now() + marginMs / 2;
    try {
      for (const prepared of await prepareMessages(claimed, { manager, sources, now, signal })) begin(prepared, sendBy);
    } catch (error) {
      failure = error;
      for (const each of claimed) underWay[partOf(each)]--;
      unsent.push(...claimed.map(({ delivery }) => delivery.id));
    } finally {
      rounds--;
      loop.wake();
    }
  };

  const turn = async (signal: AbortSignal): Promise<boolean> => {
    if (unsent.length > 0) await release(manager, unsent.splice(0));
    if (failure !== undefined) {
      const error = failure;
      failure = undefined;
      throw error;
    }
    if (rounds >= mostRounds) return false;
    if (performance.now() >= pruneAt) {
      pruneAt = performance.now() + pruneEveryMs;
      await forgetDeliveries(manager, { before: new Date(clock().getTime() - keptMs), most: pruneBatch });
    }
    const [healthy, failing] = [mostUnderWay - underWay.healthy, mostFailing - underWay.failing];
    if (healthy <= 0 && failing <= 0) return false;
    const now = clock();
    const claimed = await claimDeliveries(manager, { now, healthy, failing, claimMs: timeoutMs + marginMs, signal });
    if (claimed.length === 0) return false;
    for (const each of claimed) underWay[partOf(each)]++;
    rounds++;
    const working = round(claimed, now, signal).finally(() => all.delete(working));
    all.add(working);
    return true;
  };

  const loop = startWorkLoop({
    ...{ turn, pollMs, log },
    says: { fails: 'deliveries cannot be made now: tried again', worksAgain: 'deliveries are made again' },
  });
  return {
    wake: () => loop.wake(),
    async stop(withinMs) {
      const late = setTimeout(() => {
        settler.abandon();
        giveUp.abort();
      }, withinMs * 0.8);
      await loop.stop(withinMs);
      while (all.size > 0) await Promise.all(all);
      clearTimeout(late);
      if (unsent.length > 0) await release(manager, unsent.splice(0)).catch(() => {});
    },
  };
}

type Working = DelivererOptions & { timeoutMs: number; settler: ReturnType<typeof makeSettler>; sendBy: number; signal: AbortSignal };

/** Sends one message, or settles it without, and writes down what came of it; false where it was given up before its receiver was asked. */
async function attempt(prepared: Prepared, { settler, count, noteHoldings, ...working }: Working): Promise<boolean> {
  const { clock, chance = Math.random } = working;
  const { delivery, endpoint } = prepared.claimed;
  const [id, none] = [delivery.id, { attempt: null, nextAt: null }];
  if (!prepared.send && prepared.because !== 'NOT_WRITTEN') {
    const state = DeliveryState[prepared.because];
    await settler.settle({ settlement: { id, state, attempts: delivery.attempts, at: clock(), ...none }, endpoint: null });
    count?.settled(state);
    return true;
  }
  const tried = prepared.send ? await send(prepared, working) : notWritten(prepared.error);
  if (!tried) return false;
  const { outcome, ...said } = tried;
  const [now, attempts] = [clock(), delivery.attempts + 1];
  const judged = judgeAnswer(outcome, { attempts, now, chance: chance() });
  await settler.settle({
    settlement: { id, state: judged.state, attempts, nextAt: judged.nextAt, at: now, attempt: { status: outcome.status, ...said } },
    // What could not be written is no fault of the receiver.
    endpoint: outcome.problem === 'NOT_WRITTEN' ? null : { uuid: endpoint.uuid, at: now, ...judged.endpoint },
  });
  count?.attempt(`${outcome.status ?? outcome.problem}`);
  if (judged.state !== DeliveryState.PENDING) count?.settled(judged.state);
  if (judged.state === DeliveryState.DELIVERED && endpoint.partnerCode !== null && prepared.send) {
    const given = givenTexts(prepared.send.texts);
    if (given.length > 0) noteHoldings?.(endpoint.partnerCode, 'WEBHOOK', given);
  }
  return true;
}

const notWritten = (error: string | null): Attempt => ({
  outcome: { status: null, problem: 'NOT_WRITTEN' } satisfies Outcome,
  ...{ error: `NOT_WRITTEN: ${error}`.slice(0, 500), answer: null, latencyMs: 0 },
});

/** Null where the process ends, or so much time has passed that the claim would run out meanwhile. */
async function send(
  prepared: Prepared,
  { clock, secretsOf, call, log, timeoutMs, sendBy, signal }: Omit<Working, 'settler'>,
): Promise<Attempt | null> {
  const { delivery, endpoint } = prepared.claimed;
  if (signal.aborted || performance.now() > sendBy) return null;
  const at = clock();
  try {
    const secrets = secretsOf(endpoint, at);
    const sending = { endpoint, id: delivery.messageId, body: prepared.send!.body, at, secrets, timeoutMs, signal };
    const sent = await sendMessage(sending, call);
    return signal.aborted && sent.outcome.status === null ? null : sent;
  } catch (error) {
    log.error({ err: error, endpoint: endpoint.uuid }, 'a message cannot be sent');
    return notWritten(error instanceof Error ? error.message : String(error));
  }
}
