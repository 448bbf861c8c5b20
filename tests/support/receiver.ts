import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that a receiver was sent. */
export interface Received {
  id: string;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it is told
  body: any;
  path: string;
  at: number;
}

/** How a receiver answers: with a status, or as it likes. */
export type Answering = (received: Received, response: ServerResponse) => number | undefined | Promise<number | undefined>;

/** A receiver of webhooks as a partner runs one. */
export interface Receiver {
  url: string;
  received: Received[];
  /** How it answers from now on; 204 by itself. */
  answering(how: Answering | number): void;
  close(): Promise<void>;
}

/** A receiver on this machine. */
export async function openReceiver(): Promise<Receiver> {
  let how: Answering = () => 204;
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const one: Received = {
      ...{ id: String(request.headers['webhook-id']), headers: request.headers, bytes, path: request.url ?? '', at: performance.now() },
      body: JSON.parse(bytes.toString()),
    };
    received.push(one);
    const status = await how(one, response);
    if (status !== undefined) response.writeHead(status).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answering: (given) => {
      how = typeof given === 'number' ? () => given : given;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
