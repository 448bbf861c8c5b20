import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../lib/errors.js';
import { type Gateway, makeContext } from './context.js';
import type { OperationContext } from './graphql.js';
import { refuseDocument } from './measure-document.js';
import { type ErrorReader, wordRefusal } from './word-errors.js';

interface RouteOptions {
  apollo: ApolloServer<OperationContext>;
  gateway: Gateway;
  errorReader: (request: FastifyRequest) => ErrorReader;
  timeoutMs: number;
}

const mostRemembered = 1000;

/** `/graphql`: documents are measured before Apollo sees them, and an answer that takes too long is given up. */
export function graphqlRoute(app: FastifyInstance, { apollo, gateway, errorReader, timeoutMs }: RouteOptions): void {
  const handle = fastifyApolloHandler(apollo, {
    context: async (request): Promise<OperationContext> => ({ ...makeContext(gateway), errorReader: errorReader(request), log: request.log }),
  });
  // Documents that were measured and passed: clients send the same few again and again.
  const passed = new Set<string>();
  const refuse = (document: unknown): Refusal | undefined => {
    if (typeof document !== 'string' || passed.has(document)) return undefined;
    const refusal = refuseDocument(document);
    if (!refusal) {
      if (passed.size >= mostRemembered) passed.clear();
      passed.add(document);
    }
    return refusal;
  };

  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply): Promise<unknown> => {
      if (request.method === 'GET' && wantsPage(request)) return reply.redirect('/explorer/', 302);
      const { query } = ((request.method === 'GET' ? request.query : request.body) ?? {}) as { query?: unknown };
      const refusal = refuse(query);
      if (refusal) return answerRefusal(refusal, request, reply, errorReader(request));
      return Promise.race([handle.apply(app, [request, reply] as unknown as Parameters<typeof handle>), timeout(timeoutMs, reply)]);
    },
  });
}

const wantsPage = ({ headers, query }: FastifyRequest): boolean =>
  headers.accept?.includes('text/html') === true && (query as { query?: unknown }).query === undefined;

/** The same envelope and status an operation's own error has. */
function answerRefusal(refusal: Refusal, { headers }: FastifyRequest, reply: FastifyReply, reader: ErrorReader): FastifyReply {
  const modern = headers.accept?.includes('application/graphql-response+json') === true;
  return reply
    .code(modern ? 400 : 200)
    .type(`${modern ? 'application/graphql-response+json' : 'application/json'}; charset=utf-8`)
    .send(JSON.stringify({ errors: [wordRefusal(refusal, reader)] }));
}

/** Fails when the answer has not been sent by then; the statements still running are ended by the database's own limit. */
function timeout(milliseconds: number, reply: FastifyReply): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Refusal('REQUEST_TIMEOUT', { seconds: Math.ceil(milliseconds / 1000) })), milliseconds);
    reply.raw.once('close', () => clearTimeout(timer));
  });
}
