import type { FastifyInstance } from 'fastify';
import { Refusal } from '../lib/errors.js';
import { guidePage, guidePolicy, readGuide } from './partner-guide.js';
import { pictureFiles } from './sandbox/picture.js';

/** `/partners`: the guide for partners' engineers; below it the picture of the sandbox, so that a reader can fetch what its items name. */
export function partnerGuideRoutes(app: FastifyInstance, gateway: { readonly publicUrl: string }): void {
  const guide = readGuide();
  app.get('/partners', async (_, reply) =>
    reply
      .headers({ 'content-security-policy': guidePolicy, 'referrer-policy': 'no-referrer', 'cache-control': 'public, max-age=300' })
      .type('text/html; charset=utf-8')
      .send(guidePage(guide, gateway.publicUrl)),
  );
  app.get<{ Params: { file: string } }>('/partners/:file', async ({ params: { file } }, reply) => {
    const drawing = pictureFiles.get(file);
    if (drawing === undefined) throw new Refusal('NOT_FOUND', {});
    return reply
      .headers({ 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", 'cache-control': 'public, max-age=3600' })
      .type('image/svg+xml')
      .send(drawing);
  });
}
