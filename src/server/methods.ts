import type { FastifyInstance } from 'fastify';

const reading = 'GET, HEAD';
const graphql = 'GET, HEAD, POST';
const readOnly = /^\/(?:feeds|items|sitemap-news|read|partner)\/|^\/(?:sitemap\.xml|partners)$/u;

/**
 * Says which methods there are: 405 to any other at `/graphql` and where feeds and pages are, and 204 to an OPTIONS that is no preflight of a browser, which
 * `@fastify/cors` would answer with a sentence that nobody worded. Register it before that.
 */
export function methods(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ method, url, headers }, reply) => {
    const path = url.split('?', 1)[0] ?? '';
    const allow =
      path === '/graphql' ? graphql : path === '/graphql/stream' ? 'GET, POST' : path === '/partner/reconcile' ? 'POST' : reading;
    if (method === 'OPTIONS') {
      const isPreflight = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
      return isPreflight ? undefined : reply.code(204).header('allow', allow).send();
    }
    if ((!path.startsWith('/graphql') && !readOnly.test(path)) || allow.split(', ').includes(method)) return;
    reply.header('allow', allow);
    throw Object.assign(new Error(`${method} is none of its methods, which are ${allow}`), { statusCode: 405 });
  });
}
