import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a cache was told to forget. */
export interface Purge {
  keys: string[];
  authorization: string | undefined;
}

/** A cache in front of a gateway: it keeps what is public for `s-maxage`, and forgets by `Surrogate-Key`. */
export interface CachingProxy {
  url: string;
  purgeUrl: string;
  /** Every purge that it obeyed. */
  purges: Purge[];
  /** How many times it was asked, also in vain. */
  attempts(): number;
  /** How it answers purges from now on: as it should, with a status, or not at all. */
  purging(how: 'obey' | 'hang' | number): void;
  /** What stands before answers: the gateway. */
  front(origin: string): void;
  close(): Promise<void>;
}

interface Kept {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  keys: string[];
  freshUntil: number;
}

/** Starts the cache on a port of the system's choice. */
export async function cachingProxy(): Promise<CachingProxy> {
  const kept = new Map<string, Kept>();
  const purges: Purge[] = [];
  let [how, origin, attempts]: ['obey' | 'hang' | number, string, number] = ['obey', '', 0];

  const purge = ({ headers }: IncomingMessage, response: ServerResponse): void => {
    attempts++;
    if (how === 'hang') return;
    if (how !== 'obey') return void response.writeHead(how, { location: '/elsewhere' }).end();
    const keys = `${headers['surrogate-key']}`.split(' ');
    for (const [path, { keys: tags }] of kept) if (tags.some((tag) => keys.includes(tag))) kept.delete(path);
    purges.push({ keys, authorization: headers.authorization });
    response.writeHead(200).end('ok');
  };
  const fetched = async (path: string, headers: IncomingHttpHeaders): Promise<Kept> => {
    const passed = ['accept', 'apollo-require-preflight', 'authorization'].filter((name) => headers[name] !== undefined);
    const answer = await fetch(origin + path, {
      headers: Object.fromEntries(passed.map((name) => [name, `${headers[name]}`])),
      redirect: 'manual',
    });
    const { 'surrogate-key': keys = '', ...rest } = Object.fromEntries(answer.headers);
    for (const hop of ['connection', 'keep-alive', 'transfer-encoding', 'content-encoding', 'content-length']) delete rest[hop];
    const control = rest['cache-control'] ?? '';
    const seconds = /^public\b/u.test(control)
      ? Number(/s-maxage=(\d+)/u.exec(control)?.[1] ?? /max-age=(\d+)/u.exec(control)?.[1] ?? 0)
      : 0;
    const body = Buffer.from(await answer.arrayBuffer());
    const made = { status: answer.status, headers: rest, body, keys: keys.split(' '), freshUntil: Date.now() + seconds * 1000 };
    if (seconds > 0 && headers.authorization === undefined) kept.set(path, made);
    return made;
  };
  const server = createServer((request, response) => {
    const path = request.url!;
    if (path === '/purge' && request.method === 'POST') return purge(request, response);
    if (path === '/elsewhere') return void response.writeHead(200).end();
    const found = request.headers.authorization === undefined ? kept.get(path) : undefined;
    const hit = found !== undefined && found.freshUntil > Date.now();
    (hit ? Promise.resolve(found) : fetched(path, request.headers)).then(
      ({ status, headers, body }) => response.writeHead(status, { ...headers, 'x-cache': hit ? 'hit' : 'miss' }).end(body),
      () => response.writeHead(502).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, purgeUrl: `${url}/purge`, purges },
    attempts: () => attempts,
    purging: (next) => {
      how = next;
    },
    front: (next) => {
      origin = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
