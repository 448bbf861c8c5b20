import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, inSandbox } from '../desks/role.js';
import type { GivenText } from '../ledger/hold.js';
import { Refusal } from '../lib/errors.js';
import type { Read } from '../lib/load.js';
import { makeSlots } from '../lib/slots.js';
import { about } from './about.js';
import { feedUrl, itemUrl } from './addresses.js';
import { answer, type Document, type Remembered } from './answer.js';
import type { Feed } from './feed.js';
import type { FeedContext } from './feed-context.js';
import { type FeedRequest, feedRequestOf } from './feed-request.js';
import { formats } from './formats.js';
import { givenTextsOf } from './given-texts-of.js';
import { isGone } from './item.js';
import { readNews, readSitemap } from './read-sitemap.js';
import { makeDisturb } from './sandbox/disturb.js';
import { type Fault, simulated } from './sandbox/simulate.js';
import { sandboxSource } from './sandbox/source.js';
import { newsSitemap, sitemap } from './sitemap.js';
import { type FeedSource, storedSource } from './source.js';
import { writeFeed } from './write-feed.js';

const xmlType = 'application/xml';

// Who waits beyond these is answered at once.
const mostWaiting = { each: 20, all: 500 };

// What falls due for who is told late arrives without an event.
const longestLookMs = 2_000;

/** Who asks for a feed, and what their request may use. */
export interface FeedCaller {
  caller: Caller;
  context: FeedContext;
  /** What the answer gives, as it is made: entries, bytes before compression, and the texts where it is noted who holds them. */
  given: { items: number; bytes: number; texts?: GivenText[] };
}

/** The same, with where what they are given comes from, and what is to go wrong with it. */
interface FeedReader extends FeedCaller {
  source: FeedSource;
  fault: Fault | undefined;
}

/** What the server gives the routes of feeds. */
export interface FeedEdge {
  /** Who sends a request, found anew. Throws UNAUTHENTICATED for a key that is wrong. */
  callerOf(request: FastifyRequest, reply: FastifyReply): Promise<FeedCaller>;
  /** `Cache-Control` of what everybody is given. */
  cacheControlOf(read: Read): Promise<string>;
  /** The next moment at which answers change by themselves. */
  boundaryOf(read: Read): Promise<Date | null>;
  /** Resolves when an event was numbered or so many milliseconds have passed; with false when nobody waits any more, or the process ends. */
  arrival(milliseconds: number, reply: FastifyReply): Promise<boolean>;
}

/** `/feeds/…`, `/items/…` and the sitemaps: what readers or partners may have, for the systems of others. */
export function feedRoutes(app: FastifyInstance, edge: FeedEdge): void {
  const remembered: Remembered = new Map();
  const disturb = makeDisturb();
  const takeWait = makeSlots(mostWaiting);
  const readerOf = async (request: FastifyRequest, reply: FastifyReply): Promise<FeedReader> => {
    const found = await edge.callerOf(request, reply);
    const { caller, context } = found;
    if (inSandbox(caller)) reply.header('dragoman-sandbox', 'true');
    const fault = simulated(request.query as Record<string, unknown>, caller, reply);
    const isSandbox = caller.kind === 'PARTNER' && caller.test;
    return {
      ...found,
      fault,
      source: isSandbox ? sandboxSource({ partner: caller.partner, fault, context }) : storedSource(context),
    };
  };
  const send = (
    { caller, context, given, fault }: FeedReader,
    { request, reply, url }: { request: FastifyRequest; reply: FastifyReply; url: string },
    read: () => Promise<Document>,
  ): Promise<FastifyReply> => {
    const cacheControlOf = (): Promise<string> => edge.cacheControlOf(context.read);
    const boundaryOf = (): Promise<Date | null> => edge.boundaryOf(context.read);
    const disturbed = (body: Buffer) => disturb(body, fault, reply);
    const asked = { ...{ request, reply, caller, context, given, url }, cacheControlOf, boundaryOf, disturb: disturbed };
    // What is to go wrong is no answer that was given before.
    return answer(asked, read, fault ? new Map() : remembered);
  };

  type Params = { edition?: string; file: string };
  const feed = async (request: FastifyRequest<{ Params: Params; Querystring: Record<string, unknown> }>, reply: FastifyReply) => {
    const { edition, file } = request.params;
    const [name, extension] = nameAndExtension(file);
    const format = formats.find((each) => each.extension === extension)?.feed;
    if (!format) throw new Refusal('NOT_FOUND', {});
    const found = await readerOf(request, reply);
    const asked = feedRequestOf(request.query, found.caller.kind !== 'PUBLIC');
    mustBeOwn(asked, found.caller);
    const of = { edition: edition ?? name, topic: edition === undefined ? undefined : name, extension, partner: asked.for };
    const { publicUrl } = found.context;
    const documentOf = (made: Feed, { given }: FeedCaller): Document => ({
      ...{
        url: made.head.selfUrl,
        status: 200,
        mediaType: format.mediaType,
        pieces: writeFeed(format, { ...made, batches: counted(made.batches, given) }),
        cursor: made.cursor,
      },
      links: [
        `<${made.head.nextUrl}>; rel="next"`,
        ...(made.head.prevArchiveUrl === null ? [] : [`<${made.head.prevArchiveUrl}>; rel="prev-archive"`]),
        ...(made.head.archive === null ? [] : [`<${made.head.archive.currentUrl}>; rel="current"`]),
      ],
    });
    const readNow = ({ source }: FeedReader, form: FeedRequest): Promise<Feed> =>
      source.feed(of, form).catch((error: unknown) => startAgain(error, feedUrl(publicUrl, of, { after: 'start' }), reply));
    if (asked.wait === 0)
      return send(found, { request, reply, url: feedUrl(publicUrl, of, asked) }, async () =>
        documentOf(await readNow(found, asked), found),
      );
    const stopWaiting = takeWait(found.caller.kind === 'PARTNER' ? `partner ${found.caller.partner}` : request.ip);
    if (stopWaiting) reply.raw.once('close', stopWaiting);
    const until = performance.now() + (stopWaiting ? asked.wait * 1000 : 0);
    let form = asked;
    for (let asking = found; ; asking = await readerOf(request, reply)) {
      const left = until - performance.now();
      // Before the log is read, so that nothing comes between.
      const arrived = left > 0 && edge.arrival(Math.min(left, longestLookMs), reply);
      const made = await readNow(asking, form);
      // It is now when the waiting begins.
      if (form.after === 'now') form = { ...form, after: made.cursor };
      if (made.head.updatedAt === null && !made.more && (await arrived)) continue;
      reply.header('cache-control', 'no-store');
      return send(asking, { request, reply, url: made.head.selfUrl }, async () => documentOf(made, asking));
    }
  };
  app.get('/feeds/about', async (_, reply) => reply.type('text/plain; charset=utf-8').send(about));
  app.get('/feeds/:file', feed);
  app.get('/feeds/:edition/:file', feed);

  app.get<{ Params: { file: string } }>('/items/:file', async (request, reply) => {
    const [id, extension] = nameAndExtension(request.params.file);
    const format = formats.find((each) => each.extension === extension)?.item;
    if (!format) throw new Refusal('NOT_FOUND', {});
    const found = await readerOf(request, reply);
    const url = itemUrl(found.context.publicUrl, { id, extension });
    return send(found, { request, reply, url }, async () => {
      const entry = await found.source.entry(id);
      // What is held back may return, and until then nobody is told that it was there.
      if (!entry || (isGone(entry) && entry.kind === 'WITHHOLD')) throw new Refusal('NOT_FOUND', {});
      found.given.items = 1;
      found.given.texts?.push(...givenTextsOf([entry]));
      const instead = isGone(entry) ? entry.replacedBy : undefined;
      if (instead !== undefined) reply.header('location', itemUrl(found.context.publicUrl, { id: instead, extension }));
      const status = instead !== undefined ? 308 : isGone(entry) ? 410 : 200;
      return { url, status, mediaType: format.mediaType, pieces: [format.write(entry)] };
    });
  });

  app.get('/sitemap.xml', async (request, reply) => {
    const found = await readerOf(request, reply);
    mustBeReal(found);
    const url = `${found.context.publicUrl}/sitemap.xml`;
    return send(found, { request, reply, url }, async () => ({
      ...{ url, status: 200, mediaType: xmlType },
      pieces: sitemap(await readSitemap(found.context)),
    }));
  });

  app.get<{ Params: { file: string } }>('/sitemap-news/:file', async (request, reply) => {
    const [code, extension] = nameAndExtension(request.params.file);
    if (extension !== 'xml') throw new Refusal('NOT_FOUND', {});
    const found = await readerOf(request, reply);
    mustBeReal(found);
    const edition = (await found.context.editions()).open(code);
    const url = `${found.context.publicUrl}/sitemap-news/${code}.xml`;
    return send(found, { request, reply, url }, async () => ({
      ...{ url, status: 200, mediaType: xmlType },
      pieces: newsSitemap(edition, await readNews(edition, found.context)),
    }));
  });
}

/** Sitemaps are of the publisher's own pages. Throws NOT_FOUND in the sandbox, which has none. */
function mustBeReal({ caller }: FeedReader): void {
  if (inSandbox(caller)) throw new Refusal('NOT_FOUND', {});
}

async function* counted(batches: Feed['batches'], given: FeedCaller['given']): Feed['batches'] {
  for await (const batch of batches) {
    given.items += batch.length;
    given.texts?.push(...givenTextsOf(batch));
    yield batch;
  }
}

/** A partner's own feed is for its own keys. Throws UNAUTHENTICATED without a key, FORBIDDEN with another's. */
function mustBeOwn({ for: partner }: FeedRequest, caller: Caller): void {
  if (partner === undefined || (caller.kind === 'PARTNER' && caller.partner === partner)) return;
  throw new Refusal(caller.kind === 'PUBLIC' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {});
}

/** Says with a cursor that is good no more where to start again. */
function startAgain(error: unknown, startUrl: string, reply: FastifyReply): never {
  if (!(error instanceof Refusal) || (error.code !== 'CURSOR_EXPIRED' && error.code !== 'CURSOR_OUTDATED')) throw error;
  reply.header('link', `<${startUrl}>; rel="start"`);
  throw new Refusal(error.code, { startUrl });
}

/** What stands before and behind the last dot. */
function nameAndExtension(file: string): [string, string] {
  const dot = file.lastIndexOf('.');
  return dot < 0 ? [file, ''] : [file.slice(0, dot), file.slice(dot + 1)];
}
