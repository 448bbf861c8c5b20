import type { DataSource } from 'typeorm';
import { articleLoaders } from '../articles/article.loaders.js';
import type { ArticleContext } from '../articles/article-context.js';
import { givenLoaders } from '../articles/given.js';
import { creditLoaders } from '../credits/credit.loaders.js';
import type { FindCaller } from '../desks/find-caller.js';
import { type KeyLoaders, keyLoaders } from '../desks/key.loaders.js';
import type { Caller } from '../desks/role.js';
import type { CallerContext } from '../desks/viewer.resolver.js';
import { type Editions, loadEditions } from '../editions/edition.loaders.js';
import { speakerOf } from '../editions/speaker.js';
import { imageLoaders } from '../images/image.loaders.js';
import { gatherTexts } from '../ledger/given-texts.js';
import type { NoteHoldings } from '../ledger/hold.js';
import { type HoldingLoaders, holdingLoaders } from '../ledger/holding.loaders.js';
import type { GivenContext } from '../ledger/note-answers.js';
import { type TakedownLoaders, takedownLoaders } from '../ledger/takedown.loaders.js';
import type { Read } from '../lib/load.js';
import type { OutsideAllowance } from '../lib/outside/outside-url.js';
import type { Say, Wording } from '../lib/wording.js';
import type { NoticeRow } from '../notices/notice.js';
import { loadNotices } from '../notices/notice.loaders.js';
import type { CountUsage } from '../partners/count-usage.js';
import { type UsageLoaders, usageLoaders } from '../partners/usage.loaders.js';
import { accessBy } from '../publishing/access-of.js';
import type { DeskContext } from '../publishing/desk-context.js';
import { draftLoaders } from '../publishing/drafted-story.js';
import { type HistoryLoaders, historyLoaders } from '../publishing/history.loaders.js';
import { staleSince } from '../publishing/staleness.js';
import { type StalenessLoaders, stalenessLoaders } from '../publishing/staleness.loaders.js';
import { type RegistryLoaders, registryLoaders } from '../registry/registry.loaders.js';
import { type EntitlementLoaders, entitlementLoaders } from '../rights/entitlement.loaders.js';
import type { Scope } from '../rights/scope.js';
import { type TopicLoaders, topicLoaders } from '../topics/topic.loaders.js';
import { endpointLoaders } from '../webhooks/endpoint.loaders.js';
import type { EndpointContext, EndpointLoaders } from '../webhooks/endpoint-context.js';
import { documentProblem } from './document-problem.js';

/** What every request of one gateway shares. */
export interface Gateway {
  dataSource: DataSource;
  wording: Wording;
  clock: () => Date;
  publicUrl: string;
  findCaller: FindCaller;
  /** The publisher's domain, for the URNs of new stories. */
  domain: string;
  /** Seals the links of previews. */
  previewKey: Buffer;
  /** Seals the cursors of feeds. */
  cursorKey: Buffer;
  /** Seals the secrets of endpoints and of the hub's subscribers, which must be read again to sign. */
  secretsKey: Buffer;
  /** Which addresses others may give beside https to the open internet; none when left out. */
  outside?: OutsideAllowance | undefined;
  /** Whether a shared cache in front is told of every change. */
  isPurged?: boolean;
  /** Told after every commit that wrote an event. */
  committed(): void;
  /** Told of every answer to a partner. */
  countUsage?: CountUsage | undefined;
  /** Told of every text that a partner was given, by whatever channel. */
  noteHoldings?: NoteHoldings | undefined;
  /** Resolves when the next event is numbered, as this process learns it, or once `signal` is aborted; with false when the process ends. */
  arrival(signal: AbortSignal): Promise<boolean>;
}

const nothingInward: OutsideAllowance = { allowHttp: false, allowInward: false };

/** Who sends a request, and in which language they are told of errors. */
export interface Sender {
  caller: Caller;
  requestId: string;
  sayError: Say;
  /** Aborted once nobody waits for the answer. */
  signal?: AbortSignal | undefined;
  /** By what a partner reads; left out for anybody else. */
  scope?: Scope | undefined;
}

/** An earlier moment that a request reads as of, and how editions spoke then. */
export interface Then {
  at: Date;
  wording: Wording;
}

/** What one request may use; loaders live as long as it does. */
export interface Context extends DeskContext, CallerContext, GivenContext, EndpointContext {
  wording: Wording;
  scope: Scope | undefined;
  load: ArticleContext['load'] &
    TopicLoaders &
    StalenessLoaders &
    HistoryLoaders &
    RegistryLoaders &
    EntitlementLoaders &
    KeyLoaders &
    UsageLoaders &
    HoldingLoaders &
    TakedownLoaders &
    EndpointLoaders;
}

/**
 * The context of a request: nothing is read before it is asked for, nothing once `signal` is aborted, and nothing twice until the request itself
 * changes something. With `then` everything it reads is as of that moment.
 */
export function makeContext(gateway: Gateway, { caller, requestId, sayError, signal, scope }: Sender, then?: Then): Context {
  const { dataSource, clock, publicUrl, domain, previewKey, secretsKey, outside = nothingInward } = gateway;
  const { wording } = then ?? gateway;
  const read: Read = { manager: dataSource.manager, now: clock(), asOf: then?.at, early: scope?.early, ...(signal && { signal }) };
  // Who is told late is given texts as they were, with the names and notices of now.
  const texts: Read = scope?.horizon ? { ...read, asOf: scope.horizon } : read;
  let editions: Promise<Editions> | undefined;
  let notices: Promise<NoticeRow[]> | undefined;
  const registry = { editions: () => (editions ??= loadEditions(read)) };
  const access = accessBy(texts, scope);
  const loaders = (): Context['load'] => {
    const articles = articleLoaders(texts, registry);
    const load = {
      ...{ ...topicLoaders(read), ...creditLoaders(read), ...imageLoaders(read), ...articles },
      ...(access.isUnlimited ? {} : givenLoaders(articles, access)),
      ...{ ...stalenessLoaders(read), ...historyLoaders(read), ...registryLoaders(read) },
      ...{ ...entitlementLoaders(read), ...keyLoaders(read), ...usageLoaders(read) },
      ...{ ...holdingLoaders(read), ...takedownLoaders(read), ...endpointLoaders(read) },
    };
    return { ...load, ...draftLoaders({ ...registry, read, caller, load }) };
  };
  const context: Context = {
    ...registry,
    ...access,
    ...{ read, texts, publicUrl, caller, scope, requestId, sayError, domain, wording, previewKey },
    ...{ secretsKey, outside, documentProblem },
    answer: { isForAll: caller.kind === 'PUBLIC' },
    given: caller.kind === 'PARTNER' ? gatherTexts() : undefined,
    fileUrl: (path) => new URL(path, publicUrl).href,
    notices: () => (notices ??= loadNotices(read)),
    // What a text missed at an earlier moment is not known.
    staleSince: async (translation) => (then ? null : staleSince(await context.load.missedOfTranslation.load(translation))),
    speak: (edition) => speakerOf(wording, edition),
    load: loaders(),
    write: {
      ...{ dataSource, caller, requestId, now: read.now },
      committed: () => {
        [editions, notices] = [undefined, undefined];
        // In place: Apollo gives resolvers a copy of the context, which has the same `load`.
        Object.assign(context.load, loaders());
        gateway.committed();
      },
    },
  };
  return context;
}
