import { randomBytes, timingSafeEqual } from 'node:crypto';
import { OutsideFailure } from '../lib/outside/call.js';
import { type CallbackQuery, callbackUrl } from './callback-url.js';
import type { HubPlace, HubTopics } from './hub-topics.js';
import { confirmEnd, confirmSubscription, type DueIntent, dropIntent, postponeIntent } from './intents.queries.js';
import { askAgainAt } from './retry-schedule.js';

/** How long a subscriber may take to answer, and a little more until another process asks. */
export const verifyTimeoutMs = 10_000;

/**
 * Asks a subscriber whether it wants what was asked for in its name, and does it if so (WebSub §5.3); or tells it that it is denied (§5.2). Until it has
 * said so, what it had stays in force.
 */
export async function verifyIntent(intent: DueIntent, place: HubPlace & { topics: HubTopics; signal: AbortSignal }): Promise<void> {
  const { gateway, topics } = place;
  const { manager } = gateway.dataSource;
  const topic = gateway.publicUrl + intent.topicPath;
  const content = intent.mode === 'subscribe' ? await topics.content(intent.topicPath, intent.topic, null) : undefined;
  if (intent.mode === 'denied' || content === null) {
    const reason = intent.reason ?? 'this feed is not for its subscribers any more';
    await ask(intent, { mode: 'denied', topic, reason }, place);
    await dropIntent(manager, intent.uuid);
    return;
  }
  const challenge = randomBytes(24).toString('base64url');
  const leaseSeconds = intent.mode === 'subscribe' ? { leaseSeconds: intent.grantedSeconds } : {};
  const said = await ask(intent, { mode: intent.mode, topic, challenge, ...leaseSeconds }, place);
  if (said === 'NO_ANSWER') {
    const nextAt = place.signal.aborted ? gateway.clock() : askAgainAt(intent.attempts + 1, gateway.clock());
    await (nextAt ? postponeIntent(manager, intent.uuid, nextAt) : dropIntent(manager, intent.uuid));
  } else if (!isSame(said, challenge)) await dropIntent(manager, intent.uuid);
  else if (content) await confirmSubscription(manager, intent, { etag: content.etag, now: gateway.clock() });
  else await confirmEnd(manager, intent);
}

/** The body of a success; nothing of any other answer, and NO_ANSWER where there may be another one later. */
async function ask(
  { callback }: DueIntent,
  query: CallbackQuery,
  { call, signal }: HubPlace & { signal: AbortSignal },
): Promise<Buffer | 'NO_ANSWER'> {
  const url = callbackUrl(callback, query);
  try {
    const { status, body } = await call({ url, method: 'GET', headers: {}, timeoutMs: verifyTimeoutMs, mostBytes: 256, signal });
    if (status >= 500 || status === 429) return 'NO_ANSWER';
    return status >= 200 && status < 300 ? body : Buffer.alloc(0);
  } catch (error) {
    if (error instanceof OutsideFailure) return error.problem === 'ADDRESS_REFUSED' ? Buffer.alloc(0) : 'NO_ANSWER';
    throw error;
  }
}

const isSame = (said: Buffer, challenge: string): boolean =>
  said.length === challenge.length && timingSafeEqual(said, Buffer.from(challenge));
