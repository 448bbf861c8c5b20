import type { FastifyBaseLogger } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import { makeSlots, type TakeSlot } from '../lib/slots.js';
import { isUnavailable } from '../lib/unavailable.js';
import { readAsked } from '../live/asked.js';
import { type Hub, makeHub } from '../live/hub.js';
import type { Gateway } from './context.js';
import { contextOf, feedContext } from './feed-context.js';
import { type KeyWatch, makeKeyWatch } from './key-watch.js';
import type { LiveFigures } from './live-figures.js';
import { DocumentProblems, type ReadSubscription, type SubscribePayload } from './read-subscription.js';
import { scopeFor } from './scope-for.js';
import { type ErrorReader, isCallersMistake, type WordedError, wordError, wordRefusal } from './word-errors.js';

/** Who holds a connection, established when it began. */
export interface Subscriber {
  caller: Caller;
  reader: ErrorReader;
}

/** One subscription of a connection, as the connection takes it. */
export interface Outlet {
  /** A message: the result as JSON, and the cursor behind it. */
  next(json: string, cursor: string): void;
  /** It has ended, by itself; why, and in the caller's language. */
  end(errors: readonly WordedError[], why: Refusal | undefined): void;
  /** Bytes that the network has not taken. */
  waiting(): number;
}

/** What both transports are made of. */
export interface LiveEdge {
  hub: Hub;
  /** Begins a subscription; gives the way to stop it. `after`: where to go on, whatever the operation says. */
  subscribe(payload: SubscribePayload, subscriber: Subscriber, outlet: Outlet, after?: string | undefined): () => void;
  /** Tells when an `Authorization` opens nothing any more, or something else. */
  keys: KeyWatch;
  /** A place for one connection of an address. */
  takePlace: TakeSlot;
  figures: LiveFigures;
  stop(): Promise<void>;
}

/** The most connections of one process. */
const mostConnections = 50_000;

/** Makes what both transports share. */
export function makeLiveEdge(
  gateway: Gateway,
  { read, log, figures, perAddress }: { read: ReadSubscription; log: FastifyBaseLogger; figures: LiveFigures; perAddress: number },
): LiveEdge {
  const hub = makeHub({
    contextOf: contextOf(gateway, 'subscriptions'),
    arrival: gateway.arrival,
    noteHoldings: (...given) => gateway.noteHoldings?.(...given),
    told: () => {
      figures.told++;
    },
    log,
  });
  figures.streams = hub.count;
  const keys = makeKeyWatch(gateway.findCaller);
  const subscribe: LiveEdge['subscribe'] = (payload, { caller, reader }, outlet, after) => {
    let stop: (() => void) | undefined;
    let isOpen = true;
    const end = (error: unknown): void => {
      if (isOpen) outlet.end(worded(error, { reader, log, caller }), error instanceof Refusal ? error : undefined);
      isOpen = false;
    };
    const begin = async (): Promise<void> => {
      const operation = read(payload);
      const scope = await scopeFor(gateway, caller);
      const context = feedContext(gateway, { caller, requestId: reader.requestId, sayError: reader.say, scope });
      const asked = await readAsked(operation, context);
      if (!isOpen) return;
      stop = hub.open(caller.kind === 'PARTNER' ? caller.partner : null, after === undefined ? asked : { ...asked, after }, {
        next: ({ json, result, cursor }) =>
          outlet.next(
            json ?? JSON.stringify({ ...result, errors: result.errors?.map((each) => loggedAndWorded(each, { reader, log, caller })) }),
            cursor,
          ),
        end,
        waiting: () => outlet.waiting(),
      });
    };
    begin().catch(end);
    return () => {
      isOpen = false;
      stop?.();
    };
  };
  const takePlace = perAddress === 0 ? () => () => {} : makeSlots({ each: perAddress, all: mostConnections });
  return {
    ...{ hub, subscribe, keys, takePlace, figures },
    async stop() {
      keys.stop();
      await hub.stop();
    },
  };
}

interface For {
  reader: ErrorReader;
  log: FastifyBaseLogger;
  caller: Caller;
}

function loggedAndWorded(error: GraphQLError, { reader, log, caller }: For): WordedError {
  if (!isCallersMistake(error))
    log.error({ err: error.originalError ?? error, path: error.path, caller: caller.id }, 'subscription failed');
  return wordError(error, reader);
}

/** What ended a subscription, in the caller's language; what is ours to mend is logged. */
function worded(error: unknown, { reader, log, caller }: For): WordedError[] {
  if (error instanceof Refusal) return [wordRefusal(error, reader)];
  if (error instanceof DocumentProblems) return error.problems.map((each) => wordError(each, reader));
  if (error instanceof GraphQLError) return [loggedAndWorded(error, { reader, log, caller })];
  if (!isUnavailable(error)) log.error({ err: error }, 'subscription failed');
  return [wordError(new GraphQLError('failed', { originalError: error as Error }), reader)];
}
