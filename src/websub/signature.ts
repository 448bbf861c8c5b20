import { createHmac } from 'node:crypto';

/** The hashes of WebSub §8.1. */
export const hubAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export type HubAlgorithm = (typeof hubAlgorithms)[number];

/** The value of `X-Hub-Signature`: the method, and the HMAC of the body in hexadecimal (WebSub §7.1). */
export const signatureOf = (body: Buffer, secret: Buffer, algorithm: HubAlgorithm): string =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;

/** What a secret is sealed for: it opens nothing for another subscription. */
export const secretPurpose = (topicPath: string, callback: string): string => JSON.stringify(['hub', topicPath, callback]);
