import { z } from 'zod';
import { articleUrn } from '../articles/urn.js';
import { Refusal } from '../lib/errors.js';
import { checkedInput } from '../publishing/checked-input.js';
import { setTimers, writeEvents } from '../publishing/event.queries.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { type WriteContext, write } from '../publishing/write.js';
import { type TakedownAction, TakedownState } from './takedown.js';
import { answerOrder } from './takedown.queries.js';
import { takedownSettled, takedownTimer } from './takedown-events.js';
import { takedownOf } from './takedown-list.queries.js';

/** What a partner says it did. */
export interface Acknowledgement {
  uuid: string;
  action: TakedownAction;
  url: string | null;
  note: string | null;
  idempotencyKey: string | null;
}

const noteShape = z.string().max(2_000, 'has more than 2,000 characters');

/**
 * Writes down what a partner has done about an order, or that it will do nothing; the last answer stands. One that was cancelled stays so. Throws FORBIDDEN, NOT_FOUND for none, and
 * for another partner's, REASON_REQUIRED for a refusal without a word, FIELD_REFUSED, TEXT_REFUSED, KEY_REUSED.
 */
export async function acknowledgeTakedown(context: WriteContext, { idempotencyKey, ...given }: Acknowledgement): Promise<{ uuid: string }> {
  const { caller, now, dataSource } = context;
  const { uuid, action, url } = given;
  mustBeAllowed(caller, 'ACKNOWLEDGE_TAKEDOWN');
  const found = await takedownOf(dataSource, uuid);
  if (!found || (caller.kind === 'PARTNER' && found.row.partnerCode !== caller.partner)) throw new Refusal('NOT_FOUND', {});
  const note = given.note === null ? null : checkedInput(noteShape, given.note, 'note') || null;
  if (action === 'REFUSED' && note === null) throw new Refusal('REASON_REQUIRED', {});
  const { articleUuid, partnerCode } = found.row;
  return write(context, {
    ...{ action: 'ACKNOWLEDGE_TAKEDOWN', articles: [articleUuid], input: { uuid, action, url, note }, idempotencyKey },
    work: async (manager) => {
      const state = action === 'REFUSED' ? TakedownState.REFUSED : TakedownState.SETTLED;
      const order = await answerOrder(manager, { uuid, action, url, note, state, by: caller.name, at: now });
      if (order) {
        await setTimers(manager, [takedownTimer(order, null)]);
        await writeEvents(manager, [takedownSettled(order, now)]);
      }
      return { uuid, takedown: uuid, partner: partnerCode, article: articleUrn(found.story), answer: action, url, note };
    },
  });
}
