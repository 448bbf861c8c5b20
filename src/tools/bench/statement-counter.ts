import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A stand-in for a PostgreSQL server that passes everything on and counts the statements that go through. */
export interface StatementCounter {
  /** The same database behind the stand-in. */
  url: string;
  count(): number;
  close(): void;
}

/** Puts a counter in front of a database. */
export async function countStatements(url: string): Promise<StatementCounter> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  let total = 0;
  const server = createServer((client) => {
    const database = connect({ host: hostname, port: Number(port || 5432) });
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      open.add(socket);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.on('error', () => other.destroy());
      socket.pipe(other);
    }
    client.on(
      'data',
      statementReader(() => total++),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const counted = new URL(url);
  counted.hostname = '127.0.0.1';
  counted.port = String((server.address() as AddressInfo).port);
  const close = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { url: counted.href, count: () => total, close };
}

/**
 * Follows the messages of one connection (PostgreSQL protocol 3): `Query` and `Execute` run a statement. Those of a transaction are left out:
 * readers have none, and what has is the gateway's own work in between.
 */
function statementReader(found: () => void): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  // The first message has no type byte.
  let typed = 0;
  let transaction = false;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= typed + 4) {
      const length = typed + pending.readInt32BE(typed);
      if (pending.length < length) return;
      const type = typed ? String.fromCharCode(pending[0]!) : '';
      const text = type === 'Q' ? pending.toString('utf8', typed + 4, length) : '';
      if (/^(begin|start transaction)/iu.test(text)) transaction = true;
      if (!transaction && (type === 'Q' || type === 'E')) found();
      if (/^(commit|rollback)/iu.test(text)) transaction = false;
      pending = pending.subarray(length);
      typed = 1;
    }
  };
}
