import type { OutsideProblem } from '../lib/outside/call.js';
import { DeliveryState } from './delivery.js';
import { pauseAfter, retryAfter, usualThrottleMs } from './schedule.js';

/** What came of one attempt: an answer, or none and why. */
export type Outcome =
  | { status: number; retryAfter: string | undefined; problem: null }
  | { status: null; problem: OutsideProblem | 'NOT_WRITTEN' };

/** What follows from an attempt for the delivery and for its endpoint. */
export interface Judgement {
  state: DeliveryState.DELIVERED | DeliveryState.FAILED | DeliveryState.PENDING;
  /** PENDING: when it is tried again. */
  nextAt: Date | null;
  endpoint: {
    took: boolean;
    /** It is not there any more, and says so. */
    isGone: boolean;
    /** Until when it is left alone. */
    notBefore: Date | null;
  };
}

/** Overloaded, or what stands before it is. */
const overloaded = [429, 502, 504];

/** Judges an attempt, of which `attempts` have been made with it: 2xx is success, anything else a failure, a redirect too. */
export function judgeAnswer(outcome: Outcome, { attempts, now, chance }: { attempts: number; now: Date; chance: number }): Judgement {
  const { status } = outcome;
  if (status !== null && status >= 200 && status < 300)
    return { state: DeliveryState.DELIVERED, nextAt: null, endpoint: { took: true, isGone: false, notBefore: null } };
  const pause = pauseAfter(attempts, chance);
  const asked = status === null ? null : retryAfter(outcome.retryAfter, now);
  const isOverloaded = status !== null && overloaded.includes(status);
  const notBefore = asked ?? (isOverloaded ? new Date(now.getTime() + usualThrottleMs) : null);
  const endpoint = { took: false, isGone: status === 410, notBefore };
  if (pause === null) return { state: DeliveryState.FAILED, nextAt: null, endpoint };
  return { state: DeliveryState.PENDING, nextAt: new Date(now.getTime() + pause), endpoint };
}
