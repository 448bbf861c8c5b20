import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import cors from '@fastify/cors';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { feedRoutes } from '../feeds/feed.routes.js';
import type { Patience } from '../feeds/let-go.js';
import { partnerGuideRoutes } from '../feeds/partner-guide.routes.js';
import { reconcileRoutes } from '../feeds/reconcile.routes.js';
import { SimulatedFailure } from '../feeds/sandbox/simulate.js';
import { type ErrorCode, Refusal } from '../lib/errors.js';
import { inPackage } from '../lib/root.js';
import { isUnavailable } from '../lib/unavailable.js';
import { hubRoutes } from '../websub/hub.routes.js';
import { readAsOf } from './as-of.js';
import { compress } from './compress.js';
import type { Gateway } from './context.js';
import { explorer } from './explorer.js';
import { feedEdge } from './feed-edge.js';
import { makeApollo, type OperationContext } from './graphql.js';
import { graphqlRoute } from './graphql.route.js';
import { health, type Readiness } from './health.js';
import { limitHeaders, limitRate, type RateLimits } from './limit-rate.js';
import { makeLiveEdge } from './live-edge.js';
import { type LiveFigures, makeLiveFigures } from './live-figures.js';
import { liveSse } from './live-sse.js';
import { liveUpgrade } from './live-upgrade.js';
import { media } from './media.js';
import { methods } from './methods.js';
import { previewPage } from './preview-page.js';
import { readPage } from './read-page.js';
import { makeReadSubscription } from './read-subscription.js';
import { makeSchema } from './schema.js';
import { tagAnswers } from './tag-answers.js';
import { takedownReportPage } from './takedown-report.js';
import { type ErrorReader, sayForErrors, type WordedError, wordRefusal } from './word-errors.js';

/** What the edge is told by configuration. */
export interface EdgeOptions {
  development: boolean;
  introspection: boolean;
  corsOrigins: (string | RegExp)[];
  trustProxy: boolean | number | string[];
  requestTimeoutMs: number;
  bodyLimitBytes: number;
  /** None when left out. */
  rateLimits?: RateLimits;
  /** How long who reads a feed may take; as usual when left out. */
  patience?: Patience;
  logLevel: string;
  /** Where lines of the log go; standard output when left out. */
  logTo?: { write(line: string): void };
  /** Connections for subscriptions that one address may have open; 0, or left out, for as many as come. */
  streamsPerAddress?: number;
  /** Where figures of subscriptions are kept. */
  liveFigures?: LiveFigures;
  /** Who else follows operations, such as metrics. */
  plugins?: ApolloServerPlugin<OperationContext>[];
}

/** The HTTP server over a gateway, not listening yet. */
export async function makeApp(gateway: Gateway, readiness: Readiness, options: EdgeOptions): Promise<FastifyInstance> {
  const { trustProxy } = options;
  const errorReader = (request: FastifyRequest): ErrorReader => ({
    say: sayForErrors(gateway.wording, request.headers['accept-language']),
    requestId: request.id,
    development: options.development,
  });
  const answerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = refusalOf(error, options);
    if ((!refusal && !(error instanceof SimulatedFailure)) || isUnavailable(error)) request.log.error({ err: error }, 'request failed');
    const reader = errorReader(request);
    const worded = refusal
      ? wordRefusal(refusal.refusal, reader)
      : {
          message: reader.say.text('errors', 'INTERNAL_SERVER_ERROR'),
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: request.id },
        };
    if (refusal?.status === 503) reply.header('retry-after', '5');
    // Basic too, for feed readers that ask for a password only then (RFC 7617).
    if (refusal?.status === 401) reply.header('www-authenticate', 'Bearer, Basic realm="feeds", charset="UTF-8"');
    return sendError(reply.code(refusal?.status ?? 500), worded);
  };
  const app: FastifyInstance = Fastify({
    bodyLimit: options.bodyLimitBytes,
    // A request must have arrived by then; how long an answer may take is the route's own limit.
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    trustProxy: typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : trustProxy,
    forceCloseConnections: 'idle',
    // What arrives on a connection that is still open is answered: a stop fails nobody.
    return503OnClosing: false,
    genReqId: requestId,
    routerOptions: { maxParamLength: 1000 },
    // Addresses that cannot be routed come here, past the hooks.
    frameworkErrors: (error, request: FastifyRequest, reply: FastifyReply) =>
      void answerError(error, request, reply.headers(headersOf(request))),
    logger: {
      level: options.logLevel,
      ...(options.logTo && { stream: options.logTo }),
      redact: ['req.headers.authorization', 'req.headers.cookie'],
      serializers: {
        req: (request: FastifyRequest) => ({ method: request.method, path: loggedPath(request.url), ip: request.ip }),
        err: loggedError,
      },
    },
  });
  app.addHook('onSend', async (request, reply) => void reply.headers(headersOf(request)));
  tagAnswers(app);
  app.setErrorHandler<FastifyError>(answerError);
  app.setNotFoundHandler((request, reply) => sendError(reply.code(404), wordRefusal(new Refusal('NOT_FOUND', {}), errorReader(request))));

  const folder = inPackage('src', 'ingest', 'samples', 'media');
  methods(app);
  const exposedHeaders = ['x-request-id', ...limitHeaders];
  await app.register(cors, { origin: options.corsOrigins, methods: ['GET', 'POST'], maxAge: 600, exposedHeaders });
  await limitRate(app, options.rateLimits ?? { public: 0, key: 0 }, gateway.clock);
  compress(app);
  const schema = makeSchema();
  const live = makeLiveEdge(gateway, {
    ...{ read: makeReadSubscription(schema, options), log: app.log, perAddress: options.streamsPerAddress ?? 0 },
    figures: options.liveFigures ?? makeLiveFigures(),
  });
  // Before connections are closed, which would wait for what goes on.
  const upgrade = liveUpgrade(app, { ...options, gateway, live, errorReader });
  const apollo = makeApollo(schema, { ...options, plugins: [readAsOf(gateway), ...(options.plugins ?? [])] });
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());
  graphqlRoute(app, { apollo, gateway, errorReader, upgrade, timeoutMs: options.requestTimeoutMs });
  liveSse(app, { gateway, live, errorReader });
  app.addHook('preClose', () => live.stop());
  health(app, readiness);
  readPage(app, gateway);
  takedownReportPage(app, gateway);
  const edge = feedEdge(gateway, (request) => errorReader(request).say, options.patience);
  feedRoutes(app, edge);
  await app.register(async (scoped) => reconcileRoutes(scoped, edge));
  const outside = gateway.outside ?? { allowHttp: false, allowInward: false };
  await app.register(async (scoped) => hubRoutes(scoped, { gateway, callerOf: edge.callerOf, outside }));
  partnerGuideRoutes(app, gateway);
  await app.register(media, { gateway, folder });
  await app.register(previewPage, { gateway, folder });
  await app.register(explorer, { folder: inPackage('dist', 'web', 'explorer') });
  return app;
}

/** Not to be stored: a cache would give one reader's language to the next. */
const sendError = (reply: FastifyReply, error: WordedError): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send({ errors: [error] });

const headersOf = ({ id }: FastifyRequest): Record<string, string> => ({ 'x-request-id': id, 'x-content-type-options': 'nosniff' });

/** Without what opens anything: neither a query string nor the token of a preview. */
const loggedPath = (url: string): string => (url.split('?', 1)[0] ?? '').replace(/^(\/preview\/)[^/]+/iu, '$1…');

/** Without the values a statement was given: they are what callers asked for. */
const loggedError = ({ name, message, stack = '', code, query }: Error & { code?: string; query?: string }): LoggedError => ({
  type: name,
  message,
  stack,
  code,
  query,
});
type LoggedError = { type: string; message: string; stack: string; code: string | undefined; query: string | undefined };

/** The caller's own id for the request where it is harmless to log, else a new one. */
function requestId(request: { headers: Record<string, unknown> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{8,128}$/u.test(given) ? given : randomUUID();
}

const refusalStatus: Partial<Record<ErrorCode, number>> = {
  ...{ NOT_FOUND: 404, UNKNOWN_EDITION: 404, EDITION_CLOSED: 404, UNKNOWN_NAME: 404 },
  ...{ UNAUTHENTICATED: 401, FORBIDDEN: 403, CURSOR_OUTDATED: 409, CURSOR_EXPIRED: 410, BODY_TOO_LARGE: 413 },
  ...{ REQUEST_TIMEOUT: 503, SERVICE_UNAVAILABLE: 503, RATE_LIMITED: 429 },
};

/** What the caller can do about an error of the HTTP layer; undefined when it is ours. */
function refusalOf(error: FastifyError | Refusal, { bodyLimitBytes }: EdgeOptions): { refusal: Refusal; status: number } | undefined {
  if (error instanceof Refusal) return { refusal: error, status: refusalStatus[error.code] ?? 400 };
  if (isUnavailable(error)) return { refusal: new Refusal('SERVICE_UNAVAILABLE', {}), status: 503 };
  // A Host header that is none.
  const status = error.code === 'ERR_INVALID_URL' ? 400 : (error.statusCode ?? 500);
  if (status === 413) return { refusal: new Refusal('BODY_TOO_LARGE', { max: bodyLimitBytes }), status };
  return status < 500 ? { refusal: new Refusal('BAD_REQUEST', { detail: error.message }), status } : undefined;
}
