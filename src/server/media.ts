import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { isFileShown } from '../articles/picture.queries.js';
import { Refusal } from '../lib/errors.js';
import { cacheControlOf, lifetimes } from './cache-control.js';
import type { Gateway } from './context.js';

/** Below it are the files of pictures. */
export const mediaPrefix = '/media/';

/** An SVG that is opened by itself is a page, and must not run as one. */
export const pictureAlone = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * Serves the files of pictures at `/media/` while a reader may see them; every other path is not found, whether there is a file or not.
 * Register it as a plugin, so that the rule stands before these files alone.
 */
export async function media(app: FastifyInstance, { gateway, folder }: { gateway: Gateway; folder: string }): Promise<void> {
  app.addHook<{ Params: { '*': string } }>('onRequest', async ({ params }, reply) => {
    const read = { manager: gateway.dataSource.manager, now: gateway.clock() };
    if (!(await isFileShown(read, mediaPrefix + params['*']))) throw new Refusal('NOT_FOUND', {});
    reply.header('cache-control', await cacheControlOf(read, lifetimes.media, gateway.isPurged));
  });
  await app.register(fastifyStatic, {
    root: folder,
    prefix: mediaPrefix,
    decorateReply: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply) => void reply.setHeader('content-security-policy', pictureAlone),
  });
}
