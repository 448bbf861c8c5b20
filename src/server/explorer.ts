import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Nothing from elsewhere, no inline script, no frame; GraphiQL's editor writes its theme into style elements, hence 'unsafe-inline' for styles alone. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the GraphQL explorer that `vite build` laid into `folder` at `/explorer/`, and sends `/` there.
 * Register it as a plugin, so that its headers stay on its own answers. Without a built bundle the page is a 503 that says how to build it.
 */
export async function explorer(app: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  app.get('/', (_request, reply) => reply.redirect('/explorer/', 302));
  app.get('/explorer', (_request, reply) => reply.redirect('/explorer/', 302));
  app.get('/explorer/', async (_request, reply) => {
    reply.header('cache-control', 'no-cache');
    const page = await readFile(resolve(folder, 'index.html')).catch(() => null);
    if (page) return reply.type('text/html; charset=utf-8').send(page);
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('The explorer page has not been built: run "npm run build:web". The GraphQL endpoint at /graphql does not need it.\n');
  });

  await app.register(fastifyStatic, {
    root: resolve(folder, 'assets'),
    prefix: '/explorer/assets/',
    decorateReply: false,
    index: false,
    preCompressed: true,
    // names carry a hash of their content
    maxAge: '365d',
    immutable: true,
    setHeaders: (reply) => reply.setHeader('vary', 'accept-encoding'),
    logLevel: 'warn',
  });
}
