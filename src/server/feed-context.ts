import { type Caller, publicCaller } from '../desks/role.js';
import type { FeedContext } from '../feeds/feed-context.js';
import type { ContextOf } from '../push/context-of.js';
import { type Context, type Gateway, makeContext, type Sender } from './context.js';
import { scopeFor } from './scope-for.js';
import { sayForErrors } from './word-errors.js';

/** A request's context with what feeds ask of it. */
export function feedContext(gateway: Gateway, sender: Sender): Context & FeedContext {
  const { cursorKey } = gateway;
  const context = makeContext(gateway, sender);
  // All of an answer is of one moment, however long it takes.
  const renew = (): FeedContext => feedContext({ ...gateway, clock: () => context.read.now }, sender);
  return Object.assign(context, { cursorKey, renew });
}

/** Contexts for who is told without asking: `name` stands for who tells, in logs. */
export const contextOf =
  (gateway: Gateway, name: string): ContextOf =>
  async (partner) => {
    const caller: Caller =
      partner === null ? publicCaller : { kind: 'PARTNER', id: `partner:${partner}`, name: partner, partner, test: false, roles: {} };
    const scope = await scopeFor(gateway, caller);
    if (scope && !scope.partner.active) return null;
    return feedContext(gateway, { caller, requestId: name, sayError: sayForErrors(gateway.wording, undefined), scope });
  };
