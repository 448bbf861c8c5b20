import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseUrn } from '../articles/urn.js';
import { editionKey, storyKey, surrogateKeys } from '../caches/surrogate-keys.js';

const { everything, feeds, graphql, media, sitemaps } = surrogateKeys;

/** The keys of an answer, by its route and address; a route that knows more sets the header itself. */
const keysByRoute: Readonly<Record<string, (params: Record<string, string>) => string[]>> = {
  '/feeds/:file': ({ file }) => [feeds, editionKey(nameOf(file!))],
  '/feeds/:edition/:file': ({ edition }) => [feeds, editionKey(edition!)],
  '/items/:file': ({ file }) => {
    const story = parseUrn(nameOf(file!));
    return story ? [storyKey(story.uuid)] : [];
  },
  '/sitemap.xml': () => [sitemaps],
  '/sitemap-news/:file': () => [sitemaps],
  '/graphql': () => [graphql],
  '/media/*': () => [media],
};

/**
 * Tags every answer that a shared cache may keep with what it shows (`Surrogate-Key`), so that a cache in front can be told to forget it; never one that
 * is private.
 */
export function tagAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    const own = reply.getHeader('surrogate-key');
    if (!`${reply.getHeader('cache-control')}`.startsWith('public')) {
      if (own !== undefined) reply.removeHeader('surrogate-key');
      return;
    }
    const keys = own === undefined ? keysOf(request) : [`${own}`];
    if (keys) reply.header('surrogate-key', [everything, ...keys].join(' '));
  });
}

function keysOf({ routeOptions, params }: FastifyRequest): string[] | undefined {
  return keysByRoute[routeOptions.url ?? '']?.(params as Record<string, string>);
}

/** What stands before the last dot. */
const nameOf = (file: string): string => file.slice(0, Math.max(file.lastIndexOf('.'), 0));
