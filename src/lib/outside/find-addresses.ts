import { type LookupAddress, promises } from 'node:dns';

/** Finds all addresses of a name, those of IPv4 first. Rejects when there is none, or once `signal` is aborted. */
export type FindAddresses = (name: string, signal: AbortSignal) => Promise<LookupAddress[]>;

const localhost = /(^|\.)localhost\.?$/u;

/**
 * Asks the name servers of this machine, and only them: the file of hosts is the machine's own affair. Unlike `dns.lookup` it holds none of the few threads
 * that files and ciphers wait for as well, so that names whose servers are silent hold up nothing, and it ends when it is told to.
 */
export const findAddresses: FindAddresses = async (name, signal) => {
  // RFC 6761 §6.3: of these no server is asked.
  if (localhost.test(name)) return [{ address: '127.0.0.1', family: 4 }];
  const resolver = new promises.Resolver({ timeout: 2_000, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = [...found(v4, 4), ...found(v6, 6)];
    if (addresses.length === 0) throw (v4 as PromiseRejectedResult).reason;
    return addresses;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

const found = (result: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
  result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
