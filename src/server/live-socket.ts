import type { WebSocket } from 'ws';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import type { LiveEdge, Subscriber } from './live-edge.js';
import type { SubscribePayload } from './read-subscription.js';
import { type ErrorReader, type WordedError, wordRefusal } from './word-errors.js';

/** Why the gateway closes a WebSocket; 44xx as the graphql-ws protocol has them, 4413 of our own. */
export const closeCodes = {
  goingAway: 1001,
  badMessage: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  initTimeout: 4408,
  subscriberExists: 4409,
  notRead: 4413,
  tooManyInits: 4429,
  failed: 4500,
} as const;

/** The most subscriptions of one connection. */
export const mostSubscriptions = 20;
/** The most bytes that wait for a client before it is cut. */
export const mostBufferedBytes = 1024 * 1024;
const initWithinMs = 5_000;
// A client that reads again within that learns why it was cut.
const closeWithinMs = 2_000;
const longestId = 200;

/** What a connection needs of the gateway. */
export interface SocketParts {
  live: LiveEdge;
  reader: ErrorReader;
  /** Who a header shows; a refusal when it is not to be trusted. */
  callerOf(authorization: string | undefined): Promise<Caller | Refusal>;
  /** The header of the handshake. */
  authorization: string | undefined;
  /** Told what a partner was given, once the connection is over. */
  given(partner: string, bytes: number): void;
}

interface Message {
  type?: unknown;
  id?: unknown;
  payload?: unknown;
}

/** The server's side of one connection of the graphql-transport-ws protocol. */
export class LiveSocket {
  #subscriber: Subscriber | undefined;
  #isInit = false;
  #isClosing = false;
  #stops = new Map<string, () => void>();
  #unwatch: (() => void) | undefined;
  #bytes = 0;
  #initTimer: NodeJS.Timeout;
  /** Whether it has answered since it was asked last. */
  isAlive = true;

  constructor(
    readonly socket: WebSocket,
    readonly parts: SocketParts,
  ) {
    this.#initTimer = setTimeout(() => this.close(closeCodes.initTimeout, 'Connection initialisation timeout'), initWithinMs);
    socket.on('message', (data, isBinary) => {
      if (!this.#isClosing) this.#receive(isBinary ? '' : String(data)).catch(() => this.close(closeCodes.failed, 'Internal server error'));
    });
    socket.on('pong', () => {
      this.isAlive = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#closed());
  }

  /** Closes with a code, and for good when the other side does not answer. */
  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#stopAll();
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), closeWithinMs).unref();
  }

  #stopAll(): void {
    clearTimeout(this.#initTimer);
    this.#unwatch?.();
    this.#unwatch = undefined;
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
  }

  #closed(): void {
    this.#isClosing = true;
    this.#stopAll();
    const { caller } = this.#subscriber ?? {};
    if (caller?.kind === 'PARTNER') this.parts.given(caller.partner, this.#bytes);
  }

  async #receive(text: string): Promise<void> {
    const message = messageOf(text);
    switch (message?.type) {
      case 'connection_init':
        return this.#init(message.payload);
      case 'ping':
        return void this.#send('{"type":"pong"}');
      case 'pong':
        this.isAlive = true;
        return;
      case 'subscribe':
        return void this.#subscribe(message);
      case 'complete': {
        const id = String(message.id);
        this.#stops.get(id)?.();
        this.#stops.delete(id);
        return;
      }
      default:
        this.close(closeCodes.badMessage, 'Invalid message');
    }
  }

  async #init(payload: unknown): Promise<void> {
    if (this.#isInit) return void this.close(closeCodes.tooManyInits, 'Too many initialisation requests');
    this.#isInit = true;
    const given = authorizationIn(payload) ?? this.parts.authorization;
    const caller = await this.parts.callerOf(given);
    if (this.#isClosing) return;
    if (caller instanceof Refusal) return void this.close(closeCodes.forbidden, `Forbidden: ${caller.code}`);
    clearTimeout(this.#initTimer);
    this.#subscriber = { caller, reader: this.parts.reader };
    if (given !== undefined)
      this.#unwatch = this.parts.live.keys.watch(given, caller, () => {
        const errors = [wordRefusal(new Refusal('UNAUTHENTICATED', {}), this.parts.reader)];
        for (const id of [...this.#stops.keys()]) this.#end(id, errors);
        this.close(closeCodes.forbidden, 'Forbidden: UNAUTHENTICATED');
      });
    this.#send('{"type":"connection_ack"}');
  }

  #subscribe({ id, payload }: Message): void {
    const problem = this.#problemOf(id, payload);
    if (problem) this.close(...problem);
    else if (this.#stops.size >= mostSubscriptions)
      this.#end(id as string, [wordRefusal(new Refusal('RATE_LIMITED', {}), this.parts.reader)]);
    else this.#begin(id as string, payload as SubscribePayload, this.#subscriber!);
  }

  #problemOf(id: unknown, payload: unknown): [code: number, reason: string] | undefined {
    if (!this.#subscriber) return [closeCodes.unauthorized, 'Unauthorized'];
    if (typeof id !== 'string' || id === '' || id.length > longestId || typeof payload !== 'object' || payload === null)
      return [closeCodes.badMessage, 'Invalid message'];
    return this.#stops.has(id) ? [closeCodes.subscriberExists, 'Subscriber for this id already exists'] : undefined;
  }

  #begin(id: string, payload: SubscribePayload, subscriber: Subscriber): void {
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    // Held before it begins: an answer may come at once.
    this.#stops.set(id, () => {});
    const stop = this.parts.live.subscribe(payload, subscriber, {
      next: (json) => this.#send(`${head}${json}}`),
      end: (errors, why) => {
        this.#end(id, errors);
        if (why?.code === 'FORBIDDEN') this.close(closeCodes.forbidden, 'Forbidden: FORBIDDEN');
      },
      waiting: () => this.socket.bufferedAmount,
    });
    this.#stops.set(id, stop);
  }

  #end(id: string, errors: readonly WordedError[]): void {
    this.#stops.get(id)?.();
    this.#stops.delete(id);
    this.#send(JSON.stringify({ id, type: 'error', payload: errors }));
  }

  #send(text: string): void {
    if (this.#isClosing) return;
    this.socket.send(text);
    this.#bytes += Buffer.byteLength(text);
    if (this.socket.bufferedAmount <= mostBufferedBytes) return;
    this.parts.live.figures.cut++;
    this.close(closeCodes.notRead, 'Too much was not read: go on behind the last cursor');
  }
}

function messageOf(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names of headers are written as one likes. */
function authorizationIn(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const [, value] = Object.entries(payload).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  return typeof value === 'string' ? value : undefined;
}
