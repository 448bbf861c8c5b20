import { Agent, request } from 'node:http';
import { type CallOutside, OutsideFailure } from '../../src/lib/outside/call.js';

const agent = new Agent({ keepAlive: false });

/** Calls an address of this machine. */
export const callLocal: CallOutside = ({ url, method, headers, body, timeoutMs, mostBytes, signal: outer }) =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const passed = (): number => performance.now() - began;
    const signal = outer ? AbortSignal.any([outer, AbortSignal.timeout(timeoutMs)]) : AbortSignal.timeout(timeoutMs);
    const fail = (error: Error): void =>
      reject(new OutsideFailure(signal.aborted ? 'TIMEOUT' : 'CONNECTION_FAILED', error.message, passed()));
    const sent = request(url, { method, headers: { ...headers, 'content-length': body?.length ?? 0 }, agent, signal }, async (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      try {
        for await (const chunk of answer) {
          chunks.push(chunk as Buffer);
          length += (chunk as Buffer).length;
          if (length >= mostBytes) break;
        }
      } catch (error) {
        return fail(error as Error);
      }
      resolve({
        status: answer.statusCode!,
        headers: answer.headers as Record<string, string>,
        body: Buffer.concat(chunks).subarray(0, mostBytes),
        milliseconds: passed(),
      });
    });
    sent.on('error', fail).end(body);
  });
