import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebSocketServer } from 'ws';
import { Refusal } from '../lib/errors.js';
import { authenticate } from './authenticate.js';
import type { Gateway } from './context.js';
import type { LiveEdge } from './live-edge.js';
import { closeCodes, LiveSocket } from './live-socket.js';
import type { ErrorReader } from './word-errors.js';

const protocol = 'graphql-transport-ws';
const pingEveryMs = 12_000;
const stopWithinMs = 3_000;

interface Upgraded {
  socket: Duplex;
  head: Buffer;
}

/** What upgrades need. */
export interface UpgradeParts {
  gateway: Gateway;
  live: LiveEdge;
  errorReader(request: FastifyRequest): ErrorReader;
  corsOrigins: readonly (string | RegExp)[];
  bodyLimitBytes: number;
}

/** Answers a request that asks for WebSocket at a route, or throws what it is refused with; false for one that does not. */
export type Upgrade = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * WebSockets: an upgrade is routed as the request it is, past the same limits and with the same refusals; what is routed elsewhere is answered as if it had asked for
 * nothing more.
 */
export function liveUpgrade(app: FastifyInstance, parts: UpgradeParts): Upgrade {
  const { live, corsOrigins, gateway } = parts;
  const upgrades = new WeakMap<IncomingMessage, Upgraded>();
  const open = new Set<LiveSocket>();
  const server = new WebSocketServer({
    ...{ noServer: true, perMessageDeflate: false, clientTracking: false, maxPayload: parts.bodyLimitBytes },
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrades.set(request, { socket, head });
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<typeof response.assignSocket>[0]);
    response.once('finish', () => socket.end());
    app.routing(request, response);
  });

  const pinging = setInterval(() => {
    for (const each of open) {
      if (!each.isAlive) each.socket.terminate();
      each.isAlive = false;
      each.socket.ping();
    }
  }, pingEveryMs).unref();
  app.addHook('preClose', async () => {
    clearInterval(pinging);
    for (const each of open) each.close(closeCodes.goingAway, 'Going away: connect again');
    const late = performance.now() + stopWithinMs;
    while (open.size > 0 && performance.now() < late) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const each of open) each.socket.terminate();
  });

  return (request, reply) => {
    const upgrade = upgrades.get(request.raw);
    if (!upgrade || request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
    const { origin } = request.headers;
    if (origin !== undefined && !isAllowed(origin, corsOrigins, gateway.publicUrl)) throw new Refusal('FORBIDDEN', {});
    if (!protocolsOf(request).includes(protocol))
      throw new Refusal('BAD_REQUEST', { detail: `the WebSocket subprotocol here is ${protocol}` });
    const leave = live.takePlace(request.ip);
    if (!leave) throw new Refusal('RATE_LIMITED', {});
    const { say, requestId, development } = parts.errorReader(request);
    reply.hijack();
    reply.raw.detachSocket(upgrade.socket as Parameters<typeof reply.raw.detachSocket>[0]);
    let isOpen = false;
    const gone = (): void => {
      leave();
      if (isOpen) live.figures.connections.websocket--;
      isOpen = false;
    };
    upgrade.socket.once('close', gone);
    server.handleUpgrade(request.raw, upgrade.socket, upgrade.head, (socket) => {
      isOpen = true;
      live.figures.connections.websocket++;
      const each = new LiveSocket(socket, {
        ...{ live, reader: { say, requestId, development }, authorization: request.headers.authorization },
        callerOf: callerBy(gateway, request, reply),
        given: (partner, bytes) => gateway.countUsage?.(partner, 'GRAPHQL', { status: 200, bytes }),
      });
      open.add(each);
      socket.once('close', () => open.delete(each));
    });
    return true;
  };
}

/** Looked up once; what was given is forgotten then. */
function callerBy(gateway: Gateway, request: FastifyRequest, reply: FastifyReply) {
  return (authorization: string | undefined) => {
    const shown = Object.create(request, { headers: { value: { ...request.headers, authorization } } }) as FastifyRequest;
    return authenticate(gateway.findCaller, shown, reply);
  };
}

const protocolsOf = ({ headers }: FastifyRequest): string[] =>
  String(headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((each) => each.trim());

/** As for requests of browsers: the origins that are allowed, and the gateway's own pages. */
const isAllowed = (origin: string, allowed: readonly (string | RegExp)[], own: string): boolean =>
  origin === own || allowed.some((each) => (typeof each === 'string' ? each === '*' || each === origin : each.test(origin)));
