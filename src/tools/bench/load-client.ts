import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What one stretch of load came to. */
export interface Load {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** A request and how long its answer's body must be: an answer of another length or status ends the bench. */
export interface Shot {
  path: string;
  body: string;
  expected: number;
}

/**
 * Sends requests in turn over so many connections for so long. A client of its own over sockets, because `node:http` as a client reaches
 * fewer requests than as a server: it would measure itself.
 */
export async function load(
  url: string,
  shots: readonly Shot[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Load> {
  const { hostname, port } = new URL(url);
  const requests = shots.map(({ path, body, expected }) => ({
    expected,
    bytes: Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  }));
  const times: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  let next = 0;
  const keepAsking = async (): Promise<void> => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    try {
      while (performance.now() < until) {
        const { bytes, expected } = requests[next++ % requests.length]!;
        const asked = performance.now();
        socket.write(bytes);
        const length = await answerLength(socket);
        times.push(performance.now() - asked);
        if (length !== expected) throw new Error(`${url} gave an answer of ${length} bytes instead of ${expected}`);
      }
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: connections }, keepAsking));
  const elapsed = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { requests: times.length, perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99) };
}

/** Reads one whole answer of status 200 and gives the length of its body. */
function answerLength(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let head: Buffer | undefined = Buffer.alloc(0);
    let length = 0;
    let left = 0;
    const end = (act: () => void): void => {
      socket.off('data', read).off('error', failed).off('close', failed);
      act();
    };
    const failed = (error?: unknown): void =>
      end(() => reject(error instanceof Error ? error : new Error('the server closed a connection')));
    const read = (chunk: Buffer): void => {
      if (head) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const border = head.indexOf('\r\n\r\n');
        if (border < 0) return;
        const fields = head.toString('latin1', 0, border);
        const given = /\r\ncontent-length: (\d+)/iu.exec(fields);
        if (!fields.startsWith('HTTP/1.1 200 ') || !given) {
          failed(new Error(`unexpected answer:\n${fields}`));
          return;
        }
        length = Number(given[1]);
        left = length - (head.length - border - 4);
        head = undefined;
      } else left -= chunk.length;
      if (left <= 0) end(() => resolve(length));
    };
    socket.on('data', read).on('error', failed).on('close', failed);
  });
}
