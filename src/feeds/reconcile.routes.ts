import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../lib/errors.js';
import { writeJson } from '../lib/json.js';
import { makeSlots, type TakeSlot } from '../lib/slots.js';
import { digestDays } from './digest-days.js';
import { cursorMark } from './feed.js';
import type { FeedCaller, FeedEdge } from './feed.routes.js';
import { letGo, type Patience } from './let-go.js';
import { type ListForm, readHoldings } from './read-holdings.js';
import { reconcile } from './reconcile.js';
import { scopeAsked } from './reconcile-request.js';
import { spool } from './spool.js';
import { findingsAsJson, findingsAsLines } from './write-findings.js';

/** The largest list of holdings, in bytes. */
export const largestList = 32 * 1024 * 1024;

const linesType = 'application/x-ndjson';

// A list of the largest size is some 50 MiB while it is compared.
const atOnce = { each: 2, all: 8 };

type Asking = FastifyRequest<{ Querystring: Record<string, unknown> }>;

/** `/partner/reconcile` and `/partner/digest`: how what a partner holds differs from what it may have. For its keys only. */
export async function reconcileRoutes(app: FastifyInstance, edge: FeedEdge): Promise<void> {
  // A list is read as it arrives, by who may send one, and not parsed before.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', linesType], (_, payload, done) => done(null, payload));
  const take = makeSlots(atOnce);
  const { patience } = edge;

  app.post('/partner/reconcile', async (request: Asking, reply) => {
    const { context, given } = await partnersCaller(edge, request, reply, take);
    const { read } = context;
    const scope = scopeAsked(request.query, await context.editions(), { now: read.now, days: false });
    const form: ListForm = request.headers['content-type']?.startsWith(linesType) ? 'lines' : 'array';
    const held = await readHoldings(bytesOf(request), form);
    const { editions, since, until } = scope;
    const head = { at: read.now, editions: editions.map(({ code }) => code), since, until };
    const asLines = (request.headers.accept ?? '').includes(linesType);
    const found = reconcile(held, scope, context);
    const pieces = (asLines ? findingsAsLines : findingsAsJson)(head, held.size, found);
    return send(reply, { mediaType: asLines ? linesType : 'application/json', pieces: whileWaitedFor(pieces, reply), given, patience });
  });

  app.get('/partner/digest', async (request: Asking, reply) => {
    const { context, given } = await partnersCaller(edge, request, reply, take);
    const { now } = context.read;
    const scope = scopeAsked(request.query, await context.editions(), { now, days: true });
    const notices = noticesAsked(request.query['notices']);
    const head = { at: now, since: scope.since, until: scope.until, notices };
    const pieces = listed(head, digestDays(scope, { notices }, context));
    return send(reply, { mediaType: 'application/json', pieces: whileWaitedFor(pieces, reply), given, patience });
  });
}

/** Throws UNAUTHENTICATED without a key, FORBIDDEN with one that is no partner's, RATE_LIMITED while as many compare as may. */
async function partnersCaller(edge: FeedEdge, request: FastifyRequest, reply: FastifyReply, take: TakeSlot): Promise<FeedCaller> {
  const found = await edge.callerOf(request, reply);
  const { caller, context } = found;
  if (caller.kind !== 'PARTNER' || !context.scope) throw new Refusal(caller.kind === 'PUBLIC' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {});
  const giveBack = take(caller.partner);
  if (!giveBack) {
    reply.header('retry-after', '5');
    throw new Refusal('RATE_LIMITED', {});
  }
  reply.raw.once('close', giveBack);
  return found;
}

function noticesAsked(value: unknown): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new Refusal('BAD_USER_INPUT', { detail: 'notices is true or false' });
}

/** A request's body, up to `largestList`. Whoever stops reading leaves the connection open, so that its sender learns why. Throws BODY_TOO_LARGE. */
async function* bytesOf({ body, headers, raw }: FastifyRequest): AsyncIterable<Uint8Array> {
  const tooLarge = (): Refusal => new Refusal('BODY_TOO_LARGE', { max: largestList });
  if (Number(headers['content-length'] ?? 0) > largestList) throw tooLarge();
  const chunks = (body as (NodeJS.ReadableStream & { iterator(options: object): AsyncIterable<Uint8Array> }) | null)?.iterator({
    destroyOnReturn: false,
  });
  let length = 0;
  try {
    for await (const chunk of chunks ?? []) {
      length += chunk.length;
      if (length > largestList) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    // Who hangs up is none of our troubles.
    throw raw.destroyed && !raw.complete ? new Refusal('BAD_REQUEST', { detail: 'the list broke off' }) : error;
  }
}

/** The pieces, as long as somebody waits for them. */
async function* whileWaitedFor(pieces: AsyncIterable<string>, reply: FastifyReply): AsyncIterable<string> {
  for await (const piece of pieces) {
    if (reply.raw.destroyed) throw new Refusal('BAD_REQUEST', { detail: 'nobody waits for the answer' });
    yield piece;
  }
}

async function* listed(head: object, days: AsyncIterable<object>): AsyncIterable<string> {
  yield `${writeJson(head).slice(0, -1)},"days":[`;
  let separator = '\n';
  for await (const each of days) {
    yield separator + writeJson(each);
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** Sends an answer once all of it is known, so that one that fails is an error and not half an answer. */
async function send(
  reply: FastifyReply,
  {
    mediaType,
    pieces,
    given,
    patience,
  }: { mediaType: string; pieces: AsyncIterable<string>; given: FeedCaller['given']; patience: Patience },
): Promise<FastifyReply> {
  const { length, body } = await spool(pieces, cursorMark, cursorMark);
  given.bytes = length;
  letGo(reply.raw, patience);
  return reply
    .headers({ 'cache-control': 'private, no-store', vary: [reply.getHeader('vary'), 'Authorization, Accept'].filter(Boolean).join(', ') })
    .type(`${mediaType}; charset=utf-8`)
    .header('content-length', length)
    .send(body);
}
