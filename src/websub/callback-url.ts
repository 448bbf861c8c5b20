/** What the hub asks a callback when it verifies an intent (WebSub §5.3), or tells it (§5.2). */
export interface CallbackQuery {
  mode: string;
  topic: string;
  challenge?: string;
  leaseSeconds?: number;
  reason?: string;
}

/** A callback with the hub's parameters behind its own, which stay as they are, byte by byte. */
export function callbackUrl(callback: string, { mode, topic, challenge, leaseSeconds, reason }: CallbackQuery): string {
  const given = {
    ...{ 'hub.mode': mode, 'hub.topic': topic },
    ...{ 'hub.challenge': challenge, 'hub.lease_seconds': leaseSeconds, 'hub.reason': reason },
  };
  const query = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  const joint = callback.includes('?') ? (/[?&]$/u.test(callback) ? '' : '&') : '?';
  return `${callback}${joint}${query.join('&')}`;
}
