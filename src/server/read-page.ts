import type { FastifyInstance } from 'fastify';
import { findBySlug } from '../articles/find-article.js';
import { textOf, urlOf } from '../articles/present.js';
import { Stage } from '../articles/stage.js';
import { retractionWording } from '../articles/tombstone.js';
import type { Tombstone } from '../articles/tombstone.type.js';
import type { Translation } from '../articles/translation.type.js';
import { storyKey } from '../caches/surrogate-keys.js';
import { publicCaller } from '../desks/role.js';
import type { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import { escapeMarkup } from '../lib/text.js';
import { cacheControlOf, lifetimes } from './cache-control.js';
import { type Context, type Gateway, makeContext } from './context.js';
import { pageHtml, policyOf } from './page-html.js';
import { serveFor, storyPage } from './story-page.js';
import { sayForErrors } from './word-errors.js';

const longestSlug = 300;

/** `/read/{edition}/{slug}`: a plain page for editions without a site of their own; former slugs lead to the present one. */
export function readPage(app: FastifyInstance, gateway: Gateway): void {
  app.get<{ Params: { edition: string; slug: string } }>('/read/:edition/:slug', async ({ params, id }, reply) => {
    if (params.slug.length > longestSlug) throw new Refusal('NOT_FOUND', {});
    const context = makeContext(gateway, { caller: publicCaller, requestId: id, sayError: sayForErrors(gateway.wording, undefined) });
    const edition = (await context.editions()).find(params.edition);
    const found = edition && (await findBySlug(edition.code, params.slug, context));
    if (!edition || !found) throw new Refusal('NOT_FOUND', {});
    reply
      .headers({ 'content-security-policy': policyOf(gateway.publicUrl), 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8');
    if (!('uuid' in found)) return reply.code(410).send(await tombstonePage(found, edition, context));
    const served = await serveFor(edition, found, Stage.PUBLISHED, context);
    const translation = served.translation as Translation;
    if (translation.slug !== params.slug.normalize('NFC'))
      return reply.redirect(`/read/${edition.code}/${encodeURIComponent(translation.slug)}`, 301);
    const cacheControl = await cacheControlOf(context.read, lifetimes.page, gateway.isPurged);
    reply.headers({ 'cache-control': cacheControl, 'surrogate-key': storyKey(found.uuid) });
    return reply.send(await storyPage(served, translation, Stage.PUBLISHED, context));
  });
}

async function tombstonePage({ kind, row }: Tombstone, edition: Edition, context: Context): Promise<string> {
  const title = context.speak(edition).say.text('notices', retractionWording[kind]);
  const note = row.notes[edition.tag];
  const replacement =
    row.replacedBy === null
      ? undefined
      : (await context.load.translationsOfArticle.load(row.replacedBy)).find((each) => each.edition.code === edition.code);
  const parts = [
    `<h1>${escapeMarkup(title)}</h1>`,
    ...(note === undefined ? [] : [`<p>${escapeMarkup(note)}</p>`]),
    ...(replacement
      ? [`<p><a href="${escapeMarkup(urlOf(replacement, context))}">${escapeMarkup((await textOf(replacement, context)).headline)}</a></p>`]
      : []),
  ];
  return pageHtml(edition, title, parts.join(''));
}
