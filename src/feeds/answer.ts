import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, inSandbox } from '../desks/role.js';
import { countFacts } from '../publishing/walk.queries.js';
import { cursorMark } from './feed.js';
import type { FeedContext } from './feed-context.js';
import { letGo, type Patience } from './let-go.js';
import { spool } from './spool.js';

const mostRemembered = 10_000;
// So long the same bytes must have been seen before a time says which they are: clocks of several processes differ, and a second is long (RFC 9110 §8.8.2.2).
const settledMs = 60_000;
// So long an answer is taken to be the same while no event tells otherwise: what leaves a feed by its age leaves it later by so much at most.
const longestSameMs = 60_000;

/** A page is read, and nothing more: no script, no frame, and no site it shows pictures of is told where the reader is. */
const pageHeaders = {
  'content-security-policy': "default-src 'none'; img-src *; media-src https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** What each address last answered to each reader, as this process saw it. */
export type Remembered = Map<string, Known>;

interface Known {
  etag: string;
  /** When the bytes were first seen. */
  modified: number;
  links: readonly string[];
  /** How many events there were when it was read. */
  facts: number;
  /** Until when nothing but an event can change it. */
  until: number;
}

/** A document at its address, read only when it must be. */
export interface Document {
  url: string;
  status: number;
  mediaType: string;
  pieces: AsyncIterable<string> | Iterable<string>;
  /** What stands for `cursorMark` in it. */
  cursor?: string;
  /** Of RFC 8288, beside `self`; they may hold `cursorMark` too. */
  links?: readonly string[];
}

/** What an answer depends on beside the document. */
export interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
  caller: Caller;
  context: FeedContext;
  given: { bytes: number };
  /** The address itself, as a document of it says it. */
  url: string;
  cacheControlOf(): Promise<string>;
  /** The next moment at which answers change by themselves; null for none. */
  boundaryOf(): Promise<Date | null>;
  /** How long who reads the answer may take. */
  patience: Patience;
  /** The body as it is sent, where it is held whole. */
  disturb(body: Buffer): Buffer | Readable;
}

/**
 * Sends a document, or 304 to who has it. The strong ETag is of its bytes, and so of what the caller may see and of nothing else. `Last-Modified`
 * is when this process first saw these bytes, for no time of a story moves when a notice does; each change is a second later than the one before, and it is
 * told once they have stood for a minute, so that no other process can have told the same of other bytes.
 * While nothing has happened since it was last read, who has it is answered without reading it.
 */
export async function answer(asked: Asked, read: () => Promise<Document>, remembered: Remembered): Promise<FastifyReply> {
  const { request, reply, context, caller } = asked;
  const { now } = context.read;
  // Of its own for each partner, for the cursors of one are none of another's.
  const name = `${caller.kind === 'PARTNER' ? caller.partner : ''}${inSandbox(caller) ? ' in the sandbox' : ''} ${asked.url}`;
  const facts = await countFacts(context.read);
  const before = remembered.get(name);
  const standard = {
    'cache-control': reply.getHeader('cache-control') ?? (caller.kind === 'PUBLIC' ? await asked.cacheControlOf() : 'private, no-cache'),
    vary: [reply.getHeader('vary'), 'Authorization'].filter(Boolean).join(', '),
    'accept-ranges': 'none',
  };
  if (before && before.facts === facts && now.getTime() < before.until && isHeld(request, before, now))
    return reply
      .headers({ ...standard, ...validators(before, now) })
      .code(304)
      .send();
  // Before the document, which may be a file, to be closed by who sends it.
  const until = await untilOf(asked);
  const document = await read();
  const { etag, length, body } = await spool(document.pieces, cursorMark, document.cursor ?? '');
  asked.given.bytes = length;
  const links = [`<${document.url}>; rel="self"`, ...(document.links ?? [])].map((link) =>
    link.replaceAll(cursorMark, document.cursor ?? ''),
  );
  const known = { etag, modified: modifiedAt(etag, now, before), links, facts, until };
  if (document.status === 200) remember(name, known, remembered);
  const headers = { ...standard, ...validators(known, now), ...(document.mediaType === 'text/html' && pageHeaders) };
  if (document.status === 200 && isHeld(request, known, now)) {
    if (!Buffer.isBuffer(body)) body.destroy();
    return reply.headers(headers).code(304).send();
  }
  // What is refused here says nothing of the document.
  const sent = Buffer.isBuffer(body) ? asked.disturb(body) : body;
  letGo(reply.raw, asked.patience);
  return reply
    .headers(headers)
    .code(document.status)
    .type(`${document.mediaType}; charset=utf-8`)
    .header('content-length', length)
    .send(sent);
}

const isSettled = ({ modified }: Known, now: Date): boolean => now.getTime() - modified >= settledMs;

const validators = (known: Known, now: Date): Record<string, string> => ({
  ...{ etag: known.etag, link: known.links.join(', ') },
  ...(isSettled(known, now) && { 'last-modified': new Date(known.modified).toUTCString() }),
});

function modifiedAt(etag: string, now: Date, before: Known | undefined): number {
  if (before?.etag === etag) return before.modified;
  const second = Math.floor(now.getTime() / 1000) * 1000;
  return before && before.modified >= second ? before.modified + 1000 : second;
}

/** Until when an answer is the same if nothing happens; for who is told late, no longer than this moment. */
async function untilOf({ context: { read, scope }, boundaryOf }: Asked): Promise<number> {
  const now = read.now.getTime();
  if (scope?.horizon) return now;
  const changes = scope?.entitlements.flatMap(({ validFrom, validUntil }) => [validFrom, ...(validUntil ? [validUntil] : [])]) ?? [];
  const boundary = await boundaryOf();
  const times = [...changes, ...(boundary ? [boundary] : [])].map((each) => each.getTime()).filter((each) => each > now);
  return Math.min(now + longestSameMs, ...times);
}

/** The addresses longest not asked for are forgotten first. */
function remember(name: string, known: Known, remembered: Remembered): void {
  remembered.delete(name);
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value!);
  remembered.set(name, known);
}

/** RFC 9110 §13.2.2: If-None-Match decides where it is given. A time counts only as we said it: what was the same before may have been other bytes meanwhile. */
function isHeld({ headers }: FastifyRequest, known: Known, now: Date): boolean {
  const { etag, modified } = known;
  const held = headers['if-none-match'];
  if (held !== undefined) return held.trim() === '*' || held.split(',').some((each) => each.trim().replace(/^W\//u, '') === etag);
  return isSettled(known, now) && Date.parse(headers['if-modified-since'] ?? '') === modified;
}
