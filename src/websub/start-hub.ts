import { startWorkLoop, type Worker, type WorkLoop } from '../lib/work-loop.js';
import { distribute, distributeTimeoutMs } from './distribute.js';
import { type HubPlace, type HubTopics, makeHubTopics } from './hub-topics.js';
import { claimIntents } from './intents.queries.js';
import { claimSubscriptions } from './subscriptions.queries.js';
import { claimTopic, releaseTopic, tidyHub } from './topics.queries.js';
import { verifyIntent, verifyTimeoutMs } from './verify-intent.js';

/** How many of each are under way at once, in one process: those that have failed must not keep others waiting. */
const most = { verified: 20, sent: 50, failing: 20 };
const pollMs = 400;
const tidyEveryMs = 60_000;
// A topic or a claim that nobody has finished by then was a process's that is gone.
const graceMs = 20_000;
/** What is told late changes without an event. */
const lateEveryMs = 15_000;

/** Verifies intents, looks at topics that may have changed, and sends what is new to who subscribes, until it is stopped. */
export function startHub(place: HubPlace, { log }: Pick<WorkLoop, 'log'>): Worker {
  const { clock, dataSource } = place.gateway;
  const { manager } = dataSource;
  const abandon = new AbortController();
  const at = { ...place, topics: makeHubTopics(place), signal: abandon.signal };
  const underWay = { verified: new Set<Promise<void>>(), sent: new Set<Promise<void>>(), failing: new Set<Promise<void>>() };
  const begin = (kind: keyof typeof underWay, work: Promise<void>): void => {
    const done = work
      .catch((err: unknown) => log.error({ err }, 'the hub could not finish what it was at'))
      .finally(() => {
        underWay[kind].delete(done);
        loop.wake();
      });
    underWay[kind].add(done);
  };
  let tidiedAt = Number.NEGATIVE_INFINITY;
  const turn = async (): Promise<boolean> => {
    const now = clock();
    if (Math.abs(now.getTime() - tidiedAt) >= tidyEveryMs) {
      await tidyHub(manager, now);
      tidiedAt = now.getTime();
    }
    const looked = await lookAtTopic(at, log);
    const until = (ms: number): Date => new Date(now.getTime() + ms + graceMs);
    const free = (kind: keyof typeof underWay): number => most[kind] - underWay[kind].size;
    let begun = 0;
    if (free('verified') > 0) {
      const intents = await claimIntents(manager, { now, until: until(verifyTimeoutMs), most: free('verified') });
      for (const intent of intents) begin('verified', verifyIntent(intent, at));
      begun += intents.length;
    }
    for (const kind of ['sent', 'failing'] as const) {
      if (free(kind) <= 0) continue;
      const asked = { now, until: until(distributeTimeoutMs), most: free(kind), failing: kind === 'failing' };
      const due = await claimSubscriptions(manager, asked);
      for (const subscription of due) begin(kind, distribute(subscription, at));
      begun += due.length;
    }
    return looked || begun > 0;
  };
  const says = { fails: 'the hub cannot work and tries again', worksAgain: 'the hub works again' };
  const loop = startWorkLoop({ turn, pollMs, log, says });
  return {
    wake: loop.wake,
    async stop(withinMs) {
      const late = setTimeout(() => abandon.abort(), Math.max(withinMs - 1_000, 0));
      await loop.stop(withinMs);
      await Promise.all(Object.values(underWay).flatMap((each) => [...each]));
      clearTimeout(late);
    },
  };
}

/** Looks at the topic that has waited longest, if one waits: whoever has something else is then due. */
async function lookAtTopic({ gateway, topics }: HubPlace & { topics: HubTopics }, log: WorkLoop['log']): Promise<boolean> {
  const { manager } = gateway.dataSource;
  const now = gateway.clock();
  const until = new Date(now.getTime() + graceMs);
  const topic = await claimTopic(manager, now, until);
  if (!topic) return false;
  const content = await topics.content(topic.path, topic, 'ANEW').catch((err: unknown) => {
    // It is looked at again when the claim has run out; others are not held up by it.
    log.error({ err, topic: topic.path }, 'the hub could not read a topic');
    return undefined;
  });
  if (content === undefined) return true;
  await releaseTopic(manager, topic.path, { until, next: content?.isLate ? new Date(now.getTime() + lateEveryMs) : null });
  return true;
}
