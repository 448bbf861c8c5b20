import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { findArticle } from '../articles/find-article.js';
import { isFileShown } from '../articles/picture.queries.js';
import type { Served } from '../articles/served.js';
import { Stage } from '../articles/stage.js';
import type { Translation } from '../articles/translation.type.js';
import { type Caller, Role } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import { readPreviewToken } from '../publishing/preview-token.js';
import { type Context, type Gateway, makeContext } from './context.js';
import { mediaPrefix, pictureAlone } from './media.js';
import { policyOf } from './page-html.js';
import { filesOf, serveFor, storyPage } from './story-page.js';
import { sayForErrors } from './word-errors.js';

/** What a link shows. */
interface Shown {
  served: Served;
  translation: Translation;
  context: Context;
}

/**
 * `/preview/{token}`: the page of a text as its desk has it now, for whoever has the link, and its pictures below it. A token that was not
 * given out, has expired, or names what was taken back, is not found like any other address. Register it as a plugin.
 */
export async function previewPage(app: FastifyInstance, { gateway, folder }: { gateway: Gateway; folder: string }): Promise<void> {
  app.get<{ Params: { token: string } }>('/preview/:token', async ({ params, id }, reply) => {
    const { served, translation, context } = await open(params.token, id, gateway);
    const html = await storyPage(served, translation, Stage.DRAFT, context);
    return keptFromAll(reply).header('content-security-policy', policyOf(gateway.publicUrl)).type('text/html; charset=utf-8').send(html);
  });

  await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, etag: false, lastModified: false });
  app.get<{ Params: { token: string; '*': string } }>(`/preview/:token${mediaPrefix}*`, async ({ params, id }, reply) => {
    const { translation, context } = await open(params.token, id, gateway);
    const path = mediaPrefix + params['*'];
    const isShown = (await filesOf(translation, context)).has(path) || (await isFileShown(context.read, path));
    if (!isShown) throw new Refusal('NOT_FOUND', {});
    return keptFromAll(reply).header('content-security-policy', pictureAlone).sendFile(params['*']);
  });
}

/** The text that a token lets see. Throws NOT_FOUND. */
async function open(token: string, requestId: string, gateway: Gateway): Promise<Shown> {
  const preview = readPreviewToken(token, gateway.previewKey, gateway.clock());
  if (!preview) throw new Refusal('NOT_FOUND', {});
  const { articleUuid, editionCode } = preview;
  // A link sees of one text what a translator of its edition does.
  const caller: Caller = { kind: 'DESK', id: 'preview', name: 'preview', roles: { [editionCode]: Role.TRANSLATOR } };
  const own = makeContext(gateway, { caller, requestId, sayError: sayForErrors(gateway.wording, undefined) });
  const context = { ...own, fileUrl: (path: string) => filesBelow(token, own.fileUrl(path), gateway.publicUrl) };
  const edition = (await context.editions()).find(editionCode);
  const found = edition && (await findArticle({ uuid: articleUuid, edition: editionCode }, context, Stage.DRAFT));
  const served = found && 'uuid' in found ? await serveFor(edition, found, Stage.DRAFT, context) : undefined;
  if (!served?.translation) throw new Refusal('NOT_FOUND', {});
  return { served, translation: served.translation, context };
}

/** Files of the gateway are asked for by the link too: no reader may see them yet. */
const filesBelow = (token: string, url: string, publicUrl: string): string =>
  url.startsWith(publicUrl + mediaPrefix) ? `${publicUrl}/preview/${token}${url.slice(publicUrl.length)}` : url;

const keptFromAll = (reply: FastifyReply): FastifyReply =>
  reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' });
