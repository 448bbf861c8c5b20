import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DeliveryState } from '../../src/webhooks/delivery.js';
import { judgeAnswer } from '../../src/webhooks/judge-answer.js';
import { longestRetryAfterMs, pauseAfter, pauses, retryAfter } from '../../src/webhooks/schedule.js';

const now = new Date('2026-11-23T12:00:00.000Z');

test('the schedule is that of Standard Webhooks and lasts 75 hours', () => {
  expect(pauses.map((pause) => pause / 1_000)).toEqual([0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  expect(Math.floor(pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000)).toBe(75);
});

test('a pause is that of the schedule, a fifth shorter or longer at most, and after ten attempts there is none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, chance) => {
      const pause = pauseAfter(attempts, chance);
      if (attempts >= 10) return pause === null;
      const usual = pauses[attempts]!;
      return pause !== null && pause >= Math.floor(usual * 0.8) && pause <= Math.ceil(usual * 1.2);
    }),
  );
  expect(pauseAfter(1, 0.5)).toBe(5_000);
});

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    [' 1 ', 1_000],
    ['Mon, 23 Nov 2026 12:10:00 GMT', 600_000],
    ['999999999999999999999', longestRetryAfterMs],
    ['Fri, 01 Jan 2100 00:00:00 GMT', longestRetryAfterMs],
  ])('%s is so long', (header, milliseconds) => {
    expect(retryAfter(header, now)).toEqual(new Date(now.getTime() + milliseconds));
  });

  test.each([
    undefined,
    '',
    '0',
    '-5',
    '1.5',
    '1e3',
    'soon',
    '2026-11-23T12:10:00Z',
    'Mon, 23 Nov 2026 11:00:00 GMT',
    'Xxx, 99 Xxx 2026 12:10:00 GMT',
  ])('%s is none', (header) => {
    expect(retryAfter(header, now)).toBeNull();
  });

  test('whatever is written there, a receiver is left alone for a day at most', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((at) => at.toUTCString()),
        ),
        (header) => {
          const at = retryAfter(header, now);
          return at === null || (at > now && at.getTime() <= now.getTime() + longestRetryAfterMs);
        },
      ),
    );
  });
});

test('2xx alone is success, and every other answer or none is a failure that is repeated', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), fc.integer({ min: 1, max: 12 }), (status, attempts) => {
      const judged = judgeAnswer({ status, retryAfter: undefined, problem: null }, { attempts, now, chance: 0.5 });
      const took = status >= 200 && status <= 299;
      const state = took ? DeliveryState.DELIVERED : attempts >= 10 ? DeliveryState.FAILED : DeliveryState.PENDING;
      expect(judged).toMatchObject({ state, endpoint: { took, isGone: status === 410 } });
      expect(judged.endpoint.notBefore !== null).toBe([429, 502, 504].includes(status));
      expect(judged.nextAt === null).toBe(state !== DeliveryState.PENDING);
    }),
  );
  const none = judgeAnswer({ status: null, problem: 'TIMEOUT' }, { attempts: 1, now, chance: 0.5 });
  expect(none).toMatchObject({ state: 'PENDING', nextAt: new Date(now.getTime() + 5_000), endpoint: { took: false, notBefore: null } });
});
