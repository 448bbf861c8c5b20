import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { GivenTexts } from '../ledger/given-texts.js';
import { Refusal } from '../lib/errors.js';
import { authenticate } from './authenticate.js';
import { cacheControlOf, lifetimes } from './cache-control.js';
import { type Gateway, makeContext } from './context.js';
import type { OperationContext } from './graphql.js';
import { deskLimits, refuseDocument, refuseVariables, valueLimits } from './measure-document.js';
import { scopeFor } from './scope-for.js';
import { type ErrorReader, wordError, wordRefusal } from './word-errors.js';

interface RouteOptions {
  apollo: ApolloServer<OperationContext>;
  gateway: Gateway;
  errorReader: (request: FastifyRequest) => ErrorReader;
  timeoutMs: number;
}

const mostRemembered = 1000;
const longestRemembered = 10_000;

/** `/graphql`: documents and variables are measured before Apollo sees them, and an answer that takes too long is given up. */
export function graphqlRoute(app: FastifyInstance, { apollo, gateway, errorReader, timeoutMs }: RouteOptions): void {
  // Documents that were measured and passed: clients send the same few again and again.
  const passed = new Set<string>();
  const refuse = (document: unknown): Refusal | undefined => {
    if (typeof document !== 'string' || passed.has(document)) return undefined;
    const refusal = refuseDocument(document);
    if (!refusal && document.length <= longestRemembered) {
      if (passed.size >= mostRemembered) passed.clear();
      passed.add(document);
    }
    return refusal;
  };

  const partners = new WeakMap<FastifyRequest, string>();
  // What is sent may be compressed by then.
  const plainBytes = new WeakMap<FastifyRequest, number>();
  // Of answers that were made, and only of those.
  const given = new WeakMap<FastifyRequest, GivenTexts>();
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onSend: async (request, reply, payload) => {
      keepPrivate(request, reply);
      const partner = partners.get(request);
      const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : (plainBytes.get(request) ?? 0);
      if (partner === undefined) return;
      gateway.countUsage?.(partner, 'GRAPHQL', { status: reply.statusCode, bytes });
      if (request.method !== 'HEAD') gateway.noteHoldings?.(partner, 'GRAPHQL', given.get(request)?.all() ?? []);
    },
    handler: async (request, reply): Promise<unknown> => {
      if (request.method === 'GET' && wantsPage(request)) return reply.redirect('/explorer/', 302);
      const { query, variables } = operationOf(request);
      const waiting = whileWaitedFor(reply, timeoutMs);
      const reader = errorReader(request);
      const caller = await Promise.race([authenticate(gateway.findCaller, request, reply), rejected(waiting)]);
      if (caller instanceof Refusal) return answerRefusal(caller, request, reply, reader);
      if (caller.kind === 'PARTNER') partners.set(request, caller.partner);
      const refusal = refuse(query) ?? refuseVariables(variables, caller.kind === 'DESK' ? deskLimits : valueLimits);
      if (refusal) return answerRefusal(refusal, request, reply, reader);
      const scope = await Promise.race([scopeFor(gateway, caller), rejected(waiting)]);
      const context: OperationContext = Object.assign(
        makeContext(gateway, { caller, requestId: request.id, sayError: reader.say, signal: waiting, scope }),
        { errorReader: reader, log: request.log },
      );
      const handle = fastifyApolloHandler(apollo, { context: async () => context });
      const answer = async (): Promise<string> => {
        const text = (await handle.apply(app, [request, reply] as unknown as Parameters<typeof handle>)) as string;
        if (mayBeKept(request, reply, context))
          reply.header('cache-control', await cacheControlOf(context.read, lifetimes.graphql, gateway.isPurged));
        return text;
      };
      const text = await Promise.race([answer(), rejected(waiting)]);
      const worded = reply.statusCode < 400 ? text : wordUnworded(text, reader);
      plainBytes.set(request, Buffer.byteLength(worded));
      if (context.given && reply.statusCode === 200) given.set(request, context.given);
      return worded;
    },
  });
}

const wantsPage = ({ headers, query }: FastifyRequest): boolean =>
  headers.accept?.includes('text/html') === true && (query as { query?: unknown }).query === undefined;

/** Whether caches may keep an answer for whoever asks the same; errors have said already that they may not. */
const mayBeKept = ({ method, headers }: FastifyRequest, reply: FastifyReply, { answer }: OperationContext): boolean =>
  method === 'GET' &&
  headers.authorization === undefined &&
  answer.isForAll &&
  reply.statusCode === 200 &&
  !reply.hasHeader('cache-control');

/** What a caller is given is theirs alone, and what everybody is given is no answer for who shows a key. */
function keepPrivate({ headers }: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', [reply.getHeader('vary'), 'Authorization'].filter(Boolean).join(', '));
  if (headers.authorization !== undefined) reply.header('cache-control', 'private, no-store');
}

/** What Apollo will run: read from an address as Apollo reads it, since two readers that differ would let an unmeasured document pass. */
function operationOf({ method, url, body }: FastifyRequest): { query?: unknown; variables?: unknown } {
  if (method !== 'GET') return (body ?? {}) as { query?: unknown; variables?: unknown };
  const search = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  return { query: search.get('query') ?? undefined, variables: parsed(search.get('variables')) };
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    // Apollo refuses it by name.
    return undefined;
  }
}

/** Requests that Apollo refuses before there is an operation pass by its plugins, so that their errors are not worded yet. */
function wordUnworded(text: string, reader: ErrorReader): string {
  const answer = JSON.parse(text) as { errors?: { message: string; extensions?: { code?: string; requestId?: string } }[] };
  const errors = answer.errors?.map((error) =>
    error.extensions?.requestId === undefined
      ? wordError(new GraphQLError(error.message.trim(), { extensions: error.extensions ?? {} }), reader)
      : error,
  );
  return JSON.stringify({ ...answer, errors });
}

/** The same envelope and status an operation's own error has; 401 for who is not known (RFC 9110 §15.5.2). */
function answerRefusal(refusal: Refusal, { headers }: FastifyRequest, reply: FastifyReply, reader: ErrorReader): FastifyReply {
  const modern = headers.accept?.includes('application/graphql-response+json') === true;
  const unknown = refusal.code === 'UNAUTHENTICATED';
  if (unknown) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(modern ? (unknown ? 401 : 400) : 200)
    .header('cache-control', 'no-store')
    .type(`${modern ? 'application/graphql-response+json' : 'application/json'}; charset=utf-8`)
    .send(JSON.stringify({ errors: [wordRefusal(refusal, reader)] }));
}

/** Aborted when the answer has taken too long or the caller has hung up; a statement still running is ended by the database's own limit. */
function whileWaitedFor(reply: FastifyReply, milliseconds: number): AbortSignal {
  const waiting = new AbortController();
  const late = (): void => waiting.abort(new Refusal('REQUEST_TIMEOUT', { seconds: Math.ceil(milliseconds / 1000) }));
  const timer = setTimeout(late, milliseconds);
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) waiting.abort(new Refusal('BAD_REQUEST', { detail: 'the caller hung up' }));
  });
  return waiting.signal;
}

const rejected = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
