import type { FastifyInstance } from 'fastify';

const reading = 'GET, HEAD';
/** What is not only read. */
const byPath: Readonly<Record<string, string>> = {
  '/graphql': 'GET, HEAD, POST',
  '/graphql/stream': 'GET, POST',
  '/partner/reconcile': 'POST',
  '/hub': 'POST',
};
const readOnly = /^\/(?:feeds|items|sitemap-news|read|partner)\/|^\/(?:sitemap\.xml|partners|hub)$/u;

/**
 * Says which methods there are: 405 to any other at `/graphql` and where feeds and pages are, and 204 to an OPTIONS that is no preflight of a browser, which
 * `@fastify/cors` would answer with a sentence that nobody worded. Register it before that.
 */
export function methods(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ method, url, headers }, reply) => {
    const path = url.split('?', 1)[0] ?? '';
    const allow = byPath[path] ?? reading;
    if (method === 'OPTIONS') {
      const isPreflight = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
      return isPreflight ? undefined : reply.code(204).header('allow', allow).send();
    }
    if ((!path.startsWith('/graphql') && !readOnly.test(path)) || allow.split(', ').includes(method)) return;
    reply.header('allow', allow);
    throw Object.assign(new Error(`${method} is none of its methods, which are ${allow}`), { statusCode: 405 });
  });
}
