import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const mostRemembered = 10_000;

/** A page is read, and nothing more: no script, no frame, and no site it shows pictures of is told where the reader is. */
const pageHeaders = {
  'content-security-policy': "default-src 'none'; img-src *; media-src https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** When each address first answered the bytes it answers now, as this process saw it. */
export type FirstSeen = Map<string, { etag: string; at: number }>;

/** A document at its address. */
export interface Document {
  url: string;
  mediaType: string;
  pieces: Iterable<string>;
  /** The time of the request. */
  now: Date;
  cacheControl: string;
}

/**
 * Sends a document, or 304 to who has it: the strong ETag is of its bytes, and so of what the caller may see and of nothing else. `Last-Modified`
 * is when this process first saw these bytes, for no time of a story moves when a notice does; each change is a second later than the one before.
 */
export function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { url, mediaType, pieces, now, cacheControl }: Document,
  seen: FirstSeen,
): FastifyReply {
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  for (const piece of pieces) {
    const part = Buffer.from(piece);
    hash.update(part);
    parts.push(part);
  }
  const etag = `"${hash.digest('base64url').slice(0, 32)}"`;
  const modified = modifiedAt(url, etag, now, seen);
  reply.headers({
    etag,
    'last-modified': new Date(modified).toUTCString(),
    'cache-control': cacheControl,
    vary: [reply.getHeader('vary'), 'Authorization'].filter(Boolean).join(', '),
    'accept-ranges': 'none',
    link: `<${url}>; rel="self"`,
    ...(mediaType === 'text/html' && pageHeaders),
  });
  if (reply.statusCode === 200 && isHeld(request, etag, modified)) return reply.code(304).send();
  return reply.type(`${mediaType}; charset=utf-8`).send(Buffer.concat(parts));
}

function modifiedAt(url: string, etag: string, now: Date, seen: FirstSeen): number {
  const before = seen.get(url);
  if (before?.etag === etag) return before.at;
  const second = Math.floor(now.getTime() / 1000) * 1000;
  const at = before && before.at >= second ? before.at + 1000 : second;
  if (!before && seen.size >= mostRemembered) seen.clear();
  seen.set(url, { etag, at });
  return at;
}

/** RFC 9110 §13.2.2: If-None-Match decides where it is given. */
function isHeld({ headers }: FastifyRequest, etag: string, modified: number): boolean {
  const held = headers['if-none-match'];
  if (held !== undefined) return held.trim() === '*' || held.split(',').some((each) => each.trim().replace(/^W\//u, '') === etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && modified <= since;
}
