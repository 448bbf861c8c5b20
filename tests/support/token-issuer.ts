import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** A key of an issuer: signs, and is published under its id. */
export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  published: JWK;
}

/** A new key pair for an algorithm. */
export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, published: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** A token signed with a key; `header` says more than the algorithm and the id, or something else. */
export const signed = ({ kid, alg, privateKey }: SigningKey, claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);

/** An issuer's key set on HTTP. */
export interface IssuerServer {
  url: string;
  /** What it publishes from now on. */
  publish(keys: readonly JWK[]): void;
  /** How it answers from now on instead. */
  answer(status: number, body: string): void;
  /** How often it was asked. */
  asked(): number;
  close(): Promise<void>;
}

/** Starts one on a port of the system's choice. */
export async function issuerServer(...keys: SigningKey[]): Promise<IssuerServer> {
  let [status, body] = [200, JSON.stringify({ keys: keys.map(({ published }) => published) })];
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status, { 'content-type': 'application/jwk-set+json', location: '/elsewhere' }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    publish: (published) => {
      [status, body] = [200, JSON.stringify({ keys: published })];
    },
    answer: (...given) => {
      [status, body] = given;
    },
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
