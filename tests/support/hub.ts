import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { makeCallOutside } from '../../src/lib/outside/call-outside.js';
import type { Worker } from '../../src/lib/work-loop.js';
import type { Relay } from '../../src/publishing/relay.js';
import { contextOf } from '../../src/server/feed-context.js';
import { hubConsumer } from '../../src/websub/hub-consumer.js';
import { startHub } from '../../src/websub/start-hub.js';
import type { TestGateway } from './gateway.js';
import { relayFor } from './relay.js';

/** What a subscriber was sent. */
export interface Received {
  url: URL;
  headers: IncomingMessage['headers'];
  body: Buffer;
  at: number;
}

/** A subscriber on this machine: its callback, and what it has got. */
export interface Subscriber {
  callback: string;
  /** GETs of the hub: verifications and denials. */
  asked: URL[];
  /** Contents, in the order in which they came. */
  got: Received[];
  /** What it says to a verification; the challenge unless a test says otherwise. */
  confirms(how: (challenge: string) => string | number): void;
  /** How it takes contents; 204 unless a test says otherwise. */
  takes(how: (response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export async function subscriber(path = '/callback?own=1&b=%20x'): Promise<Subscriber> {
  const [asked, got]: [URL[], Received[]] = [[], []];
  let confirm: (challenge: string) => string | number = (challenge) => challenge;
  let take = (response: ServerResponse): void => void response.writeHead(204).end();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://127.0.0.1');
    if (request.method === 'GET') {
      asked.push(url);
      const said = confirm(url.searchParams.get('hub.challenge') ?? '');
      if (typeof said === 'number') response.writeHead(said).end();
      else response.end(said);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ url, headers: request.headers, body: Buffer.concat(chunks), at: performance.now() });
      take(response);
    });
  });
  server.on('connection', (socket) => void sockets.add(socket.on('close', () => sockets.delete(socket))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ callback: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, asked, got },
    confirms: (how) => {
      confirm = how;
    },
    takes: (how) => {
      take = how;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The hub of a gateway at work, over real HTTP, and told by its log. */
export async function openHub(
  gateway: TestGateway,
): Promise<{ url: string; relay: Relay; logged: unknown[]; worker: Worker; stop(): Promise<void> }> {
  const { served, app } = gateway;
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const logged: unknown[] = [];
  const say = (facts: object, message: string): void => void logged.push({ message, facts });
  const call = makeCallOutside({ allowHttp: true, allowInward: true });
  const worker = startHub({ gateway: served, contextOf: contextOf(served, 'websub'), call }, { log: { info: say, error: say } });
  const clock = (): Date => served.clock();
  const relay = relayFor(gateway.dataSource, { clock, consumers: [hubConsumer(clock)] });
  return { url, relay, logged, worker, stop: async () => void (await Promise.all([worker.stop(2_000), relay.stop(1_000)])) };
}
