import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestGateway } from './gateway.js';
import { numberAll } from './number-all.js';
import { until } from './until.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Result = any;

/** The address at which a test's gateway listens, on a port of its own. */
export async function listening({ app }: Pick<TestGateway, 'app'>): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => '' });
  return `http://127.0.0.1:${(app.server.address() as { port: number }).port}`;
}

/** Numbers what was written, and lets the hub know as a process does that is told by the database. */
export async function tellAll(gateway: TestGateway): Promise<void> {
  await numberAll(gateway);
  gateway.arrived();
}

/** What one subscription was told. */
export interface Heard {
  results: Result[];
  /** What it ended with, once it has: errors of GraphQL, a close event, or true. */
  ended: Result;
  stop(): void;
}

/** Connects as front ends do. */
export function connect(url: string, options: { headers?: Record<string, string>; params?: Record<string, unknown>; again?: number } = {}) {
  const closed: { code: number; reason: string }[] = [];
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string | string[]) {
        super(address, protocols, { headers: options.headers ?? {} });
      }
    },
    connectionParams: options.params ?? {},
    retryAttempts: options.again ?? 0,
    lazy: false,
    onNonLazyError: () => {},
    on: {
      // Events of the library hold all of the connection, which no failure should print.
      closed: (event) => {
        const { code, reason } = event as { code: number; reason: string };
        closed.push({ code, reason });
      },
    },
  });
  const subscribe = (query: string, variables: Record<string, unknown> = {}): Heard => {
    const heard: Heard = { results: [], ended: undefined, stop: () => {} };
    heard.stop = client.subscribe(
      { query, variables },
      {
        next: (result) => void heard.results.push(result),
        error: (error) => {
          const { code, reason } = error as { code?: number; reason?: string };
          heard.ended = Array.isArray(error) || code === undefined ? error : { code, reason };
        },
        complete: () => {
          heard.ended ??= true;
        },
      },
    );
    return heard;
  };
  return { client, closed, subscribe };
}

/** One event of a stream, as it came. */
export interface SseEvent {
  event: string;
  id: string | undefined;
  data: Result;
}

/** Reads a stream of events as a browser would, by hand: nothing is lost to a library. */
export async function readEvents(url: string, { query, variables, headers = {}, method = 'GET' }: SseQuestion) {
  const abort = new AbortController();
  const asked = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables) }) });
  const post = method === 'POST';
  const response = await fetch(`${url}/graphql/stream${post ? '' : `?${asked}`}`, {
    ...{ method, signal: abort.signal },
    headers: { accept: 'text/event-stream', ...(post && { 'content-type': 'application/json' }), ...headers },
    ...(post && { body: JSON.stringify({ query, variables }) }),
  });
  const events: SseEvent[] = [];
  const state = { isOver: false };
  const read = async (): Promise<void> => {
    let text = '';
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
      text += bytes;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      events.push(...blocks.flatMap(eventIn));
    }
  };
  const reading = (response.headers.get('content-type') ?? '').startsWith('text/event-stream')
    ? read()
        .catch(() => {})
        .then(() => {
          state.isOver = true;
        })
    : Promise.resolve();
  return { response, events, state, reading, stop: () => abort.abort() };
}

interface SseQuestion {
  query: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  method?: 'GET' | 'POST';
}

function eventIn(block: string): SseEvent[] {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /u, '')];
    }),
  );
  if (fields.event === undefined) return [];
  return [{ event: fields.event, id: fields.id, data: fields.data ? JSON.parse(fields.data) : undefined }];
}

/** Waits for so many results, and a little longer for one too many. */
export async function results({ results: found, ended }: Heard, count: number, withinMs = 8_000): Promise<Result[]> {
  await until(`${count} messages (${JSON.stringify(ended)})`, () => found.length >= count, withinMs);
  await sleep(30);
  return found;
}
