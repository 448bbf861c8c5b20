import { type CallOutside, OutsideFailure } from '../lib/outside/call.js';
import { scrub } from '../lib/text.js';
import type { EndpointRow } from './endpoint.js';
import type { Outcome } from './judge-answer.js';
import { signedHeaders } from './sign.js';

/** The first bytes of an answer that are kept. */
export const keptAnswer = 2_048;

/** What an attempt came to, as it is written down. */
export interface Attempt {
  outcome: Outcome;
  error: string | null;
  answer: string | null;
  latencyMs: number;
}

/** One attempt to hand a message over. */
export interface Sending {
  endpoint: Pick<EndpointRow, 'url'>;
  id: string;
  body: Buffer;
  at: Date;
  secrets: readonly string[];
  timeoutMs: number;
  signal: AbortSignal;
}

/** Hands a message over once, signed as of now. Never throws but what is a fault of ours. */
export async function sendMessage(
  { endpoint: { url }, id, body, at, secrets, timeoutMs, signal }: Sending,
  call: CallOutside,
): Promise<Attempt> {
  const headers = { 'content-type': 'application/json', 'user-agent': 'Dragoman-Webhooks/1', ...signedHeaders({ id, at, body, secrets }) };
  try {
    const answer = await call({ url, method: 'POST', headers, body, timeoutMs, mostBytes: keptAnswer, signal });
    return {
      outcome: { status: answer.status, retryAfter: answer.headers['retry-after'], problem: null },
      ...{ error: null, answer: safeText(answer.body), latencyMs: Math.round(answer.milliseconds) },
    };
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    const { problem, message, milliseconds } = error;
    return { outcome: { status: null, problem }, error: message, answer: null, latencyMs: Math.round(milliseconds) };
  }
}

/** Bytes of anybody as a text that the database and XML take: what is no character is left out. */
export const safeText = (bytes: Buffer): string => scrub(bytes.subarray(0, keptAnswer).toString('utf8'));
