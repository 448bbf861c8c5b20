import { Refusal } from '../lib/errors.js';
import { type HubAlgorithm, hubAlgorithms } from './signature.js';

/** What a subscriber sends (WebSub §5.1), read but not yet looked up. */
export interface HubForm {
  mode: 'subscribe' | 'unsubscribe';
  callback: string;
  topic: string;
  leaseSeconds: number;
  secret: string | null;
  algorithm: HubAlgorithm;
}

const [hour, day] = [3_600, 86_400];
/** In seconds: what is asked for is brought within them. */
const lease = { shortest: hour, usual: 10 * day, longest: 30 * day };
const longestSecret = 199;

/**
 * Reads the form of a request to the hub. `hub.algorithm`, which is ours, chooses the hash of signatures; parameters that nobody knows are left alone.
 * Throws BAD_USER_INPUT.
 */
export function readHubForm(text: string): HubForm {
  const form = new URLSearchParams(text);
  const one = (name: string): string | null => {
    if (form.getAll(name).length > 1) throw new Refusal('BAD_USER_INPUT', { detail: `${name} is given once` });
    return form.get(name);
  };
  const needed = (name: string): string => one(name) || refuse(`${name} is missing`);
  const mode = needed('hub.mode');
  if (mode !== 'subscribe' && mode !== 'unsubscribe') return refuse('hub.mode is subscribe or unsubscribe');
  const algorithm = one('hub.algorithm') ?? 'sha256';
  if (!isAlgorithm(algorithm)) return refuse(`hub.algorithm is one of ${hubAlgorithms.join(', ')}`);
  const secret = one('hub.secret') || null;
  if (secret !== null && Buffer.byteLength(secret) > longestSecret) return refuse('hub.secret is shorter than 200 bytes');
  const asked = one('hub.lease_seconds') || String(lease.usual);
  if (!/^\d{1,12}$/u.test(asked)) return refuse('hub.lease_seconds is a whole number of seconds');
  const leaseSeconds = Math.min(Math.max(Number(asked), lease.shortest), lease.longest);
  return { mode, callback: needed('hub.callback'), topic: needed('hub.topic'), leaseSeconds, secret, algorithm };
}

const isAlgorithm = (name: string): name is HubAlgorithm => (hubAlgorithms as readonly string[]).includes(name);

function refuse(detail: string): never {
  throw new Refusal('BAD_USER_INPUT', { detail });
}
