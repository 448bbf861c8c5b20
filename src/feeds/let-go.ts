import type { ServerResponse } from 'node:http';

/** How long who reads an answer may take, in milliseconds. */
export interface Patience {
  /** Without taking anything of it. */
  idleMs: number;
  /** For all of it, however little comes at a time. */
  wholeMs: number;
}

/** Enough for 50 MiB over a line of 500 kbit/s. */
export const usualPatience: Patience = { idleMs: 60_000, wholeMs: 900_000 };

/** Ends the connection of who takes no more of an answer, so that what waits to be sent, in memory or in a file, does not wait for good. */
export function letGo(raw: ServerResponse, { idleMs, wholeMs }: Patience): void {
  // Of the requests that tests make without a network, which have no socket that could be idle.
  if (typeof raw.socket?.setTimeout !== 'function') return;
  const end = (): void => void raw.destroy();
  // Bytes that leave are activity, also those of a write that is not done yet.
  raw.setTimeout(idleMs, end);
  const timer = setTimeout(end, wholeMs).unref();
  raw.once('close', () => clearTimeout(timer));
}
