import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../lib/errors.js';
import { authenticate } from './authenticate.js';
import type { Gateway } from './context.js';
import type { LiveEdge } from './live-edge.js';
import { mostBufferedBytes } from './live-socket.js';
import type { SubscribePayload } from './read-subscription.js';
import { type ErrorReader, type WordedError, wordRefusal } from './word-errors.js';

const keepAliveMs = 12_000;

/** What streams of events need. */
export interface SseParts {
  gateway: Gateway;
  live: LiveEdge;
  errorReader(request: FastifyRequest): ErrorReader;
}

/** `/graphql/stream`: one subscription as a stream of events (graphql-sse, distinct connections), whose ids are cursors. */
export function liveSse(app: FastifyInstance, { gateway, live, errorReader }: SseParts): void {
  const open = new Set<EventStream>();
  const pinging = setInterval(() => {
    for (const each of open) each.write(':\n\n');
  }, keepAliveMs).unref();
  app.addHook('preClose', async () => {
    clearInterval(pinging);
    for (const each of open) each.leave();
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql/stream',
    handler: async (request, reply): Promise<unknown> => {
      mustTakeEvents(request);
      const caller = await authenticate(gateway.findCaller, request, reply);
      if (caller instanceof Refusal) throw caller;
      const leave = live.takePlace(request.ip);
      if (!leave) throw new Refusal('RATE_LIMITED', {});
      const { authorization } = request.headers;
      const reader = errorReader(request);
      const stream = new EventStream(reply, () => live.figures.cut++);
      open.add(stream);
      live.figures.connections.sse++;
      const unwatch =
        authorization === undefined
          ? undefined
          : live.keys.watch(authorization, caller, () => stream.end([wordRefusal(new Refusal('UNAUTHENTICATED', {}), reader)]));
      const stop = live.subscribe(payloadOf(request), { caller, reader }, stream, placeIn(request));
      reply.raw.once('close', () => {
        stop();
        unwatch?.();
        leave();
        open.delete(stream);
        live.figures.connections.sse--;
        if (caller.kind === 'PARTNER') gateway.countUsage?.(caller.partner, 'GRAPHQL', { status: 200, bytes: stream.bytes });
      });
      return reply;
    },
  });
}

/** The answer as events; it takes over the connection. */
class EventStream {
  bytes = 0;
  #isOver = false;

  constructor(
    readonly reply: FastifyReply,
    readonly cut: () => void,
  ) {
    reply.hijack();
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'private, no-store' };
    reply.raw.writeHead(200, {
      ...(headers as Record<string, string>),
      ...{ 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff', 'x-request-id': reply.request.id },
    });
    // Something at once, for proxies and clients that wait for it.
    this.write(':\n\n');
  }

  next(json: string, cursor: string): void {
    this.write(`event: next\nid: ${cursor}\ndata: ${json}\n\n`);
  }

  end(errors: readonly WordedError[]): void {
    this.write(`event: next\ndata: ${JSON.stringify({ errors })}\n\nevent: complete\ndata:\n\n`);
    this.leave();
  }

  waiting(): number {
    return this.reply.raw.writableLength;
  }

  /** Ends without a word, so that the client comes again. */
  leave(): void {
    this.#isOver = true;
    this.reply.raw.end();
  }

  write(text: string): void {
    const { raw } = this.reply;
    if (this.#isOver || raw.destroyed) return;
    raw.write(text);
    this.bytes += Buffer.byteLength(text);
    if (raw.writableLength <= mostBufferedBytes) return;
    this.#isOver = true;
    this.cut();
    raw.destroy();
  }
}

function mustTakeEvents({ headers: { accept } }: FastifyRequest): void {
  if (accept === undefined || /text\/event-stream|text\/\*|\*\/\*/iu.test(accept)) return;
  throw Object.assign(new Error('the answer is text/event-stream'), { statusCode: 406 });
}

/** Throws BAD_REQUEST for what is no JSON. */
function payloadOf({ method, query, body }: FastifyRequest): SubscribePayload {
  if (method === 'POST') return (body ?? {}) as SubscribePayload;
  const { query: source, variables, operationName } = query as Record<string, unknown>;
  if (variables !== undefined && typeof variables !== 'string') throw new Refusal('BAD_REQUEST', { detail: 'variables is given once' });
  try {
    return { query: source, variables: variables ? JSON.parse(variables) : undefined, operationName };
  } catch {
    throw new Refusal('BAD_REQUEST', { detail: 'variables is JSON' });
  }
}

/** The place of the last event that a client of events has seen; empty before the first. */
function placeIn({ headers }: FastifyRequest): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}
