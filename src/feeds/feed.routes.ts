import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../lib/errors.js';
import { about } from './about.js';
import { feedUrl, itemUrl } from './addresses.js';
import { answer, type Document, type FirstSeen } from './answer.js';
import { type FeedContext, readEntry, readFeed } from './build-feed.js';
import { formats } from './formats.js';
import { isGone, publicAccess } from './item.js';
import { readNews, readSitemap } from './read-sitemap.js';
import { newsSitemap, sitemap } from './sitemap.js';

const xmlType = 'application/xml';
const everybody = (): typeof publicAccess => publicAccess;

/** `/feeds/…`, `/items/…` and the sitemaps: what a public reader may see, for the systems of others; `contextOf` makes the context of a request. */
export function feedRoutes(app: FastifyInstance, contextOf: (request: FastifyRequest) => FeedContext): void {
  const seen: FirstSeen = new Map();

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
    const document = {
      url: feedUrl(context.publicUrl, of),
      mediaType: format.mediaType,
      pieces: format.write(head, entries),
      now: context.read.now,
    };
    return answer(request, reply, document, seen);
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
    const url = itemUrl(context.publicUrl, { id, extension });
    const document: Document = { url, mediaType: format.mediaType, pieces: [format.write(entry)], now: context.read.now };
    return answer(request, isGone(entry) ? reply.code(410) : reply, document, seen);
  });

  app.get('/sitemap.xml', async (request, reply) => {
    const context = contextOf(request);
    const document = {
      url: `${context.publicUrl}/sitemap.xml`,
      mediaType: xmlType,
      pieces: sitemap(await readSitemap(context)),
      now: context.read.now,
    };
    return answer(request, reply, document, seen);
  });

  app.get<{ Params: { file: string } }>('/sitemap-news/:file', async (request, reply) => {
    const [code, extension] = nameAndExtension(request.params.file);
    if (extension !== 'xml') throw new Refusal('NOT_FOUND', {});
    const context = contextOf(request);
    const edition = (await context.editions()).open(code);
    const url = `${context.publicUrl}/sitemap-news/${code}.xml`;
    const pieces = newsSitemap(edition, await readNews(edition, context));
    return answer(request, reply, { url, mediaType: xmlType, pieces, now: context.read.now }, seen);
  });
}

/** What stands before and behind the last dot. */
function nameAndExtension(file: string): [string, string] {
  const dot = file.lastIndexOf('.');
  return dot < 0 ? [file, ''] : [file.slice(0, dot), file.slice(dot + 1)];
}
