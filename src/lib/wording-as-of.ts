import type { Read } from './load.js';
import { makeWording, type Say, type Wording } from './wording.js';
import { hashOf } from './wording-version.js';
import { bundlesThen, foldersThen } from './wording-version.queries.js';

/** How the gateway worded things at a moment. */
export type WordingAsOf = (read: Omit<Read, 'now'>, at: Date) => Promise<Wording>;

const mostRemembered = 4;

/** Finds former wordings; `own` is the running process's. What was worded before anything was stored is worded as stored first. */
export function makeWordingAsOf(own: Wording): WordingAsOf {
  const ownHashes = new Map([...own.bundles].map(([tag, bundle]) => [tag, hashOf(bundle)]));
  // A desk asks for the same moment again and again.
  const made = new Map<string, Wording>([[nameOf(ownHashes), own]]);
  return async (read, at) => {
    const stored = await foldersThen(read, at);
    // A folder that no start has stored, as where the database could not be written, is worded as now.
    const hashes = new Map(ownHashes);
    for (const { tag, hash } of stored) {
      if (hash === null) hashes.delete(tag);
      else hashes.set(tag, hash);
    }
    const name = nameOf(hashes);
    const known = made.get(name);
    if (known) return known;
    const others = stored.filter(({ tag, hash }) => hash !== null && hash !== ownHashes.get(tag));
    const bundles = new Map([...own.bundles].filter(([tag]) => hashes.has(tag)));
    for (const [tag, bundle] of await bundlesThen(read, others)) bundles.set(tag, bundle);
    const wording = completed(await makeWording(bundles), own);
    // The first stays: it is the process's own.
    if (made.size > mostRemembered) made.delete([...made.keys()][1]!);
    made.set(name, wording);
    return wording;
  };
}

const nameOf = (hashes: ReadonlyMap<string, string>): string =>
  [...hashes]
    .map(([tag, hash]) => `${tag} ${hash}`)
    .sort()
    .join();

/** Former wordings; what this program says and they had no words for, it says in those of now. */
const completed = (then: Wording, now: Wording): Wording => ({
  ...then,
  say: (voice): Say => {
    const before = then.say(voice);
    return { ...before, text: (namespace, ...said) => (before.has(namespace, said[0]) ? before : now.say(voice)).text(namespace, ...said) };
  },
});
