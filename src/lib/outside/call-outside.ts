import type { LookupAddress } from 'node:dns';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type CallOutside, type OutsideAnswer, OutsideFailure, type OutsideProblem, type OutsideRequest } from './call.js';
import { type FindAddresses, findAddresses } from './find-addresses.js';
import { isPublicAddress } from './is-public-address.js';
import { hostOf, isAddress, type OutsideAllowance, readOutsideUrl } from './outside-url.js';

/** How others are called. */
export interface CallOptions extends OutsideAllowance {
  /** The machine's name servers when left out. */
  find?: FindAddresses | undefined;
  /** Certificates to trust instead of the well-known ones (PEM). */
  ca?: string | undefined;
}

const longestDetail = 200;

/** Makes the one way to addresses that others have given. */
export function makeCallOutside({ find = findAddresses, ca, ...allowance }: CallOptions): CallOutside {
  return async (asked) => {
    const began = performance.now();
    const passed = (): number => Math.round(performance.now() - began);
    const patience = patienceOf(asked);
    try {
      const url = readOutsideUrl(asked.url, allowance);
      if (typeof url === 'string') throw new Problem('ADDRESS_REFUSED', url);
      const addresses = await Promise.race([addressesOf(url, { find, allowance, signal: patience.signal }), patience.over]);
      const answer = await Promise.race([send(asked, { url, addresses, ca, signal: patience.signal }), patience.over]);
      return { ...answer, milliseconds: passed() };
    } catch (error) {
      const { problem, message } = patience.signal.aborted ? (patience.signal.reason as Problem) : problemOf(error);
      throw new OutsideFailure(problem, message.slice(0, longestDetail), passed());
    } finally {
      patience.end();
    }
  };
}

class Problem extends Error {
  constructor(
    readonly problem: OutsideProblem,
    detail: string,
  ) {
    super(detail);
  }
}

const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('CONNECTION_FAILED', error instanceof Error ? error.message : String(error));

interface Patience {
  signal: AbortSignal;
  /** Rejects once it is over. */
  over: Promise<never>;
  end(): void;
}

/** Lasts until the time is over or who calls gives up. */
function patienceOf({ timeoutMs, signal: outer }: OutsideRequest): Patience {
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(new Problem('CONNECTION_FAILED', 'given up'));
  const late = setTimeout(() => controller.abort(new Problem('TIMEOUT', `no answer within ${timeoutMs} ms`)), timeoutMs);
  const over = new Promise<never>((_, reject) => controller.signal.addEventListener('abort', () => reject(controller.signal.reason)));
  // It may be over before anybody waits.
  over.catch(() => {});
  if (outer?.aborted) giveUp();
  outer?.addEventListener('abort', giveUp, { once: true });
  return {
    ...{ signal: controller.signal, over },
    end: () => {
      clearTimeout(late);
      outer?.removeEventListener('abort', giveUp);
    },
  };
}

/** What the host of an address stands for. One address that leads inward condemns the name: who has it both ways means no good. */
async function addressesOf(
  url: URL,
  { find, allowance, signal }: { find: FindAddresses; allowance: OutsideAllowance; signal: AbortSignal },
): Promise<LookupAddress[]> {
  const host = hostOf(url);
  // Read and judged by `readOutsideUrl`.
  if (isAddress(host)) return [{ address: host, family: host.includes(':') ? 6 : 4 }];
  const addresses = await find(host, signal).catch((): LookupAddress[] => []);
  if (addresses.length === 0) throw new Problem('NAME_UNKNOWN', 'the name of the host is not known');
  if (!allowance.allowInward && !addresses.every(({ address }) => isPublicAddress(address)))
    throw new Problem('ADDRESS_REFUSED', 'the name of the host leads inward');
  return addresses;
}

interface Destination {
  url: URL;
  addresses: LookupAddress[];
  ca: string | undefined;
  signal: AbortSignal;
}

type Answered = Omit<OutsideAnswer, 'milliseconds'>;

/** One request over a connection of its own, to one of the addresses. */
function send({ method, headers, body, mostBytes }: OutsideRequest, { url, addresses, ca, signal }: Destination): Promise<Answered> {
  const isTls = url.protocol === 'https:';
  const connection = { keepAlive: false, maxCachedSessions: 0 };
  const options: RequestOptions & { rejectUnauthorized: boolean; ca?: string } = {
    ...{ method, host: hostOf(url), port: url.port || (isTls ? 443 : 80), path: url.pathname + url.search, signal },
    headers: { ...headers, ...(body && { 'content-length': body.length }) },
    // What was found is asked for, never the name again.
    lookup: lookupOf(addresses),
    agent: isTls ? new HttpsAgent(connection) : new HttpAgent(connection),
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
  };
  return new Promise((resolve, reject) => {
    const request: ClientRequest = (isTls ? httpsRequest : httpRequest)(options);
    // Also by an answer that changes protocols, which is nobody's wish here.
    const closed = (): void => reject(new Problem('CONNECTION_FAILED', 'the connection was closed without an answer'));
    request.on('error', reject).on('close', closed);
    request.on('response', (response) => {
      // A connection may be closed before what came by it is read.
      request.off('close', closed);
      readAnswer(response, mostBytes)
        .then(resolve, reject)
        .finally(() => request.destroy());
    });
    request.end(body);
  });
}

const lookupOf =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_, { all }, callback) => {
    const [first] = addresses;
    process.nextTick(() => (all ? callback(null, [...addresses]) : callback(null, first!.address, first!.family)));
  };

/** Status, headers, and the beginning of the body: what comes beyond that is not read. */
async function readAnswer(response: IncomingMessage, mostBytes: number): Promise<Answered> {
  const chunks: Buffer[] = [];
  let left = mostBytes;
  if (left > 0)
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) break;
    }
  const headers = Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')] as const);
  return { status: response.statusCode!, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}
