import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../lib/errors.js';
import type { Read } from '../lib/load.js';
import { publicAccess } from '../rights/access.js';
import { about } from './about.js';
import { feedUrl, itemUrl } from './addresses.js';
import { answer, type Document, type FirstSeen } from './answer.js';
import { type FeedContext, readEntry, readFeed } from './build-feed.js';
import { formats } from './formats.js';
import { isGone } from './item.js';
import { readNews, readSitemap } from './read-sitemap.js';
import { newsSitemap, sitemap } from './sitemap.js';

const xmlType = 'application/xml';

/** How long a cache may keep what feeds answer, in seconds: so late may it show what was taken back. */
const longest = 10;
const everybody = (): typeof publicAccess => publicAccess;

/** What the server gives the routes of feeds. */
export interface FeedEdge {
  /** The context of a request. */
  contextOf(request: FastifyRequest): FeedContext;
  /** `Cache-Control` of what everybody is given, for at most so many seconds. */
  cacheControlOf(read: Read, longest: number): Promise<string>;
}

/** `/feeds/…`, `/items/…` and the sitemaps: what a public reader may see, for the systems of others. */
export function feedRoutes(app: FastifyInstance, { contextOf, cacheControlOf }: FeedEdge): void {
  const seen: FirstSeen = new Map();
  type Made = Pick<Document, 'url' | 'mediaType' | 'pieces'>;
  const send = async (request: FastifyRequest, reply: FastifyReply, { read }: FeedContext, made: Made): Promise<FastifyReply> =>
    answer(request, reply, { ...made, now: read.now, cacheControl: await cacheControlOf(read, longest) }, seen);

  const feed = async (
    request: FastifyRequest<{ Params: { edition?: string; file: string } }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const { edition, file } = request.params;
    const [name, extension] = nameAndExtension(file);
    const format = formats.find((each) => each.extension === extension)?.feed;
    if (!format) throw new Refusal('NOT_FOUND', {});
    const context = contextOf(request);
    const of = { edition: edition ?? name, topic: edition === undefined ? undefined : name, extension };
    const { head, entries } = await readFeed(of, everybody, context);
    const { mediaType } = format;
    return send(request, reply, context, { url: feedUrl(context.publicUrl, of), mediaType, pieces: format.write(head, entries) });
  };
  app.get('/feeds/about', async (_, reply) => reply.type('text/plain; charset=utf-8').send(about));
  app.get('/feeds/:file', feed);
  app.get('/feeds/:edition/:file', feed);

  app.get<{ Params: { file: string } }>('/items/:file', async (request, reply) => {
    const [id, extension] = nameAndExtension(request.params.file);
    const format = formats.find((each) => each.extension === extension)?.item;
    if (!format) throw new Refusal('NOT_FOUND', {});
    const context = contextOf(request);
    const entry = await readEntry(id, everybody, context);
    // What is held back may return, and until then nobody is told that it was there.
    if (!entry || (isGone(entry) && entry.kind === 'WITHHOLD')) throw new Refusal('NOT_FOUND', {});
    const { mediaType } = format;
    const made = { url: itemUrl(context.publicUrl, { id, extension }), mediaType, pieces: [format.write(entry)] };
    return send(request, isGone(entry) ? reply.code(410) : reply, context, made);
  });

  app.get('/sitemap.xml', async (request, reply) => {
    const context = contextOf(request);
    const pieces = sitemap(await readSitemap(context));
    return send(request, reply, context, { url: `${context.publicUrl}/sitemap.xml`, mediaType: xmlType, pieces });
  });

  app.get<{ Params: { file: string } }>('/sitemap-news/:file', async (request, reply) => {
    const [code, extension] = nameAndExtension(request.params.file);
    if (extension !== 'xml') throw new Refusal('NOT_FOUND', {});
    const context = contextOf(request);
    const edition = (await context.editions()).open(code);
    const pieces = newsSitemap(edition, await readNews(edition, context));
    return send(request, reply, context, { url: `${context.publicUrl}/sitemap-news/${code}.xml`, mediaType: xmlType, pieces });
  });
}

/** What stands before and behind the last dot. */
function nameAndExtension(file: string): [string, string] {
  const dot = file.lastIndexOf('.');
  return dot < 0 ? [file, ''] : [file.slice(0, dot), file.slice(dot + 1)];
}
