import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, inSandbox } from '../desks/role.js';
import type { FeedName } from '../feeds/addresses.js';
import { feedOf } from '../feeds/feed.js';
import type { FeedCaller, FeedEdge } from '../feeds/feed.routes.js';
import { Refusal } from '../lib/errors.js';
import { checkedOutsideUrl, type OutsideAllowance } from '../lib/outside/outside-url.js';
import { seal } from '../publishing/seal.js';
import { readHubForm } from './hub-form.js';
import type { HubPlace } from './hub-topics.js';
import { acceptIntent } from './intents.queries.js';
import { secretPurpose } from './signature.js';
import { pathOf, topicNameOf } from './topic-name.js';

const formType = 'application/x-www-form-urlencoded';
const longestForm = 16_384;
const retryAfterSeconds = 60;

/** What the hub's door needs. */
export interface HubDoor {
  gateway: HubPlace['gateway'];
  callerOf: FeedEdge['callerOf'];
  /** Which callbacks are let in beside https to the open internet. */
  outside: OutsideAllowance;
}

/** `/hub` (WebSub): takes what subscribers ask for, to be verified; 202 once it is written down. Register it in a scope of its own. */
export function hubRoutes(app: FastifyInstance, { gateway, callerOf, outside }: HubDoor): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, { parseAs: 'string', bodyLimit: longestForm }, (_, body, done) => done(null, body));
  app.post('/hub', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    if (typeof request.body !== 'string') throw new Refusal('BAD_USER_INPUT', { detail: `the hub takes ${formType}` });
    const { mode, topic, secret, algorithm, leaseSeconds, ...form } = readHubForm(request.body);
    const callback = checkedOutsideUrl(form.callback, { field: 'hub.callback', ...outside });
    const found = await callerOf(request, reply);
    const name = topicNameOf(topic, gateway.publicUrl);
    if (!name) throw new Refusal('BAD_USER_INPUT', { detail: 'hub.topic is the rel="self" address of a feed that names this hub' });
    if (mode === 'subscribe') mustBeTheirs(name, found.caller);
    await feedOf(name, found.context);
    const path = pathOf(name);
    const result = await acceptIntent(gateway.dataSource.manager, {
      name,
      now: gateway.clock(),
      intent: {
        ...{
          callback,
          callbackHost: new URL(callback).host,
          mode,
          algorithm,
          grantedSeconds: leaseSeconds,
          askedBy: askerOf(found, request),
        },
        secret: secret === null ? null : seal(Buffer.from(secret), secretPurpose(path, callback), gateway.secretsKey),
      },
    });
    if (result === 'ACCEPTED') return reply.code(202).send();
    reply.header('retry-after', retryAfterSeconds);
    throw new Refusal(result === 'FULL' ? 'SERVICE_UNAVAILABLE' : 'RATE_LIMITED', {});
  });
}

/** A partner's own feed is for who shows its key. Throws UNAUTHENTICATED without one, FORBIDDEN with another's or with one of the sandbox. */
function mustBeTheirs({ partner }: FeedName, caller: Caller): void {
  if (inSandbox(caller)) throw new Refusal('FORBIDDEN', {});
  if (partner === undefined || (caller.kind === 'PARTNER' && caller.partner === partner)) return;
  throw new Refusal(caller.kind === 'PUBLIC' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {});
}

const askerOf = ({ caller }: FeedCaller, { ip }: FastifyRequest): string =>
  caller.kind === 'PARTNER' ? `partner:${caller.partner}` : caller.kind === 'PUBLIC' ? ip : caller.id;
