import type { FastifyInstance } from 'fastify';

const served = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/**
 * Says which methods there are: 405 to any other at `/graphql`, and 204 to an OPTIONS that is no preflight of a browser, which
 * `@fastify/cors` would answer with a sentence that nobody worded. Register it before that.
 */
export function methods(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ method, url, headers }, reply) => {
    const [path] = url.split('?', 1);
    const isGraphql = path === '/graphql';
    const allow = isGraphql ? 'GET, POST' : path === '/partner/reconcile' ? 'POST' : 'GET';
    if (isGraphql && !served.includes(method)) {
      reply.header('allow', allow);
      throw Object.assign(new Error(`${method} is none of its methods, which are ${allow}`), { statusCode: 405 });
    }
    const isPreflight = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
    if (method === 'OPTIONS' && !isPreflight) return reply.code(204).header('allow', allow).send();
  });
}
