import { Webhook } from 'standardwebhooks';

/** The headers by which a receiver knows who sends a message and when (Standard Webhooks): one signature by each secret, of the very bytes of the body. */
export function signedHeaders({
  id,
  at,
  body,
  secrets,
}: {
  id: string;
  /** Of this attempt. */
  at: Date;
  /** UTF-8. */
  body: Buffer;
  /** `whsec_…`, the newest first. */
  secrets: readonly string[];
}): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
