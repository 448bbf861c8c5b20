import type { FindCaller } from '../desks/find-caller.js';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';

/** Keys and tokens that open connections, asked for again while they do. */
export interface KeyWatch {
  /** Calls `lost` once the header opens nothing any more, or for another caller than it did; gives the way to stop. */
  watch(authorization: string, caller: Caller, lost: () => void): () => void;
  stop(): void;
}

const lookEveryMs = 2_000;

interface Watched {
  caller: Caller;
  lost: Set<() => void>;
}

/** Looks every two seconds, at each header once however many connections it opened. What cannot be looked up now is looked up the next time. */
export function makeKeyWatch(findCaller: FindCaller): KeyWatch {
  const watched = new Map<string, Watched>();
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    for (const [authorization, { caller, lost }] of [...watched]) {
      if (await stillOpens(findCaller, authorization, caller)) continue;
      watched.delete(authorization);
      for (const each of [...lost]) each();
    }
    looking = false;
  };
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return {
    watch(authorization, caller, lost) {
      const of = watched.get(authorization) ?? { caller, lost: new Set() };
      watched.set(authorization, of);
      of.lost.add(lost);
      return () => {
        of.lost.delete(lost);
        if (of.lost.size === 0 && watched.get(authorization) === of) watched.delete(authorization);
      };
    },
    stop: () => clearInterval(timer),
  };
}

async function stillOpens(findCaller: FindCaller, authorization: string, { kind, id }: Caller): Promise<boolean> {
  try {
    const { caller } = await findCaller(authorization);
    return caller.kind === kind && caller.id === id;
  } catch (error) {
    return !(error instanceof Refusal);
  }
}
