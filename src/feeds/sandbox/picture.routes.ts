import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../lib/errors.js';
import { pictureFiles } from './picture.js';

/** `/partners/…svg`: the picture of the sandbox, for everybody, so that a reader can fetch what its items name. */
export function pictureRoutes(app: FastifyInstance): void {
  app.get<{ Params: { file: string } }>('/partners/:file', async ({ params: { file } }, reply) => {
    const drawing = pictureFiles.get(file);
    if (drawing === undefined) throw new Refusal('NOT_FOUND', {});
    return reply
      .headers({ 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", 'cache-control': 'public, max-age=3600' })
      .type('image/svg+xml')
      .send(drawing);
  });
}
