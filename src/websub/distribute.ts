import { hubUrl } from '../feeds/addresses.js';
import { OutsideFailure } from '../lib/outside/call.js';
import { unseal } from '../publishing/seal.js';
import type { HubPlace, HubTopics } from './hub-topics.js';
import { retryAt } from './retry-schedule.js';
import { secretPurpose, signatureOf } from './signature.js';
import {
  type DueSubscription,
  endSubscription,
  postponeSubscription,
  returnSubscription,
  settleSubscription,
} from './subscriptions.queries.js';
import type { TopicContent } from './topic-content.js';

/** How long a subscriber may take to answer. */
export const distributeTimeoutMs = 10_000;

/** Sends a subscriber what its topic is now (WebSub §7), and notes what came of it: 2xx is success, 410 its end, and a redirect is a failure like any other. */
export async function distribute(
  subscription: DueSubscription,
  place: HubPlace & { topics: HubTopics; signal: AbortSignal },
): Promise<void> {
  const { gateway, topics, signal } = place;
  const { manager } = gateway.dataSource;
  const { uuid, topicPath, topic, lookedAt } = subscription;
  const content = await topics.content(topicPath, topic, lookedAt);
  // Who subscribed to what is for nobody any more has been told so.
  if (!content) return;
  const { etag } = content;
  if (etag === subscription.etag) return settleSubscription(manager, uuid, { etag, status: null, now: gateway.clock() });
  const { status, error } = await send(subscription, content, place);
  const now = gateway.clock();
  if (status !== null && status >= 200 && status < 300) {
    if (topic.partnerCode !== null) gateway.noteHoldings?.(topic.partnerCode, 'WEBSUB', content.texts);
    return settleSubscription(manager, uuid, { etag, status, now });
  }
  if (status === 410) return endSubscription(manager, uuid);
  if (signal.aborted) return returnSubscription(manager, uuid);
  const nextAt = retryAt(subscription.attempts + 1, now, Math.random());
  return postponeSubscription(manager, uuid, { etag, nextAt, status, error, now });
}

async function send(
  { callback, topicPath, secret, algorithm }: DueSubscription,
  { body, contentType }: TopicContent,
  { gateway: { publicUrl, secretsKey }, call, signal }: HubPlace & { signal: AbortSignal },
): Promise<{ status: number | null; error: string | null }> {
  const key = secret === null ? undefined : unseal(secret, secretPurpose(topicPath, callback), secretsKey);
  // Unsigned it would be taken for somebody else's.
  if (secret !== null && !key) return { status: null, error: 'SECRET_UNREADABLE' };
  const headers = {
    'content-type': contentType,
    link: `<${hubUrl(publicUrl)}>; rel="hub", <${publicUrl}${topicPath}>; rel="self"`,
    ...(key && { 'x-hub-signature': signatureOf(body, key, algorithm) }),
  };
  try {
    const { status } = await call({ url: callback, method: 'POST', headers, body, timeoutMs: distributeTimeoutMs, mostBytes: 0, signal });
    return { status, error: null };
  } catch (error) {
    if (error instanceof OutsideFailure) return { status: null, error: error.problem };
    throw error;
  }
}
