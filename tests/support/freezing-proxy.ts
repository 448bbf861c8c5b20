import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';

/** A way to a server on which everything that is open can fall silent, as when a machine on the way loses power. */
export interface FreezingProxy {
  url: string;
  /** From now on nothing passes over the connections that are open; new ones work. */
  freeze(): void;
  close(): Promise<void>;
}

/** A proxy to the server of a PostgreSQL address. */
export async function freezingProxy(url: string): Promise<FreezingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((inside) => {
    const outside = new Socket().connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const way = new URL(url);
  way.port = String((server.address() as AddressInfo).port);
  return {
    url: way.href,
    freeze() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
