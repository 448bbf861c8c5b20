import { createHash } from 'node:crypto';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import { lockArticles } from './event.queries.js';
import { type Action, mustBeAllowedAnywhere } from './policy.js';
import { passDue } from './timer-work.queries.js';
import { answerOf, keepAnswer, type Place, writeAudit } from './write.queries.js';

/** What every mutation has: who asks, when, and how it is told that something was committed. */
export interface WriteContext {
  dataSource: DataSource;
  caller: Caller;
  requestId: string;
  now: Date;
  /** Wakes the relay: an event waits. */
  committed(): void;
}

/** One mutation: what is written in the audit and compared when its key comes again. */
export interface Write<Answer> {
  action: Action;
  /** The stories it touches, by uuid: locked before anything else. */
  articles: readonly string[];
  /** What else it changes, by name (`notice:about`): locked with them. */
  locks?: readonly string[];
  /** Stories that what it names touches besides, as they were found: locked and audited as well, and no part of what was asked. */
  also?: readonly string[] | undefined;
  edition?: string | undefined;
  /** All that was asked, without the key. */
  input: unknown;
  idempotencyKey?: string | null | undefined;
  /**
   * Asked before an answer is given again. Throws FORBIDDEN for who may no longer, where the edition alone does not decide, and VERSION_MOVED_ON
   * where what it names was changed since.
   */
  again?(manager: EntityManager, answer: Answer): Promise<unknown>;
  /** Does the work. Throws a Refusal to change nothing. */
  work(manager: EntityManager): Promise<Answer>;
  /** Where it was done, for the audit; `edition` of each of the stories when left out. */
  places?(answer: Answer): readonly Place[];
}

/**
 * Runs a mutation for who may do it anywhere, in one transaction: the stories are locked first, an answer given before under the same key is given again, what has come
 * to its time in them is written before the work, and the audit beside it. `Answer` is JSON: it is what a repeated request gets. Throws FORBIDDEN, KEY_REUSED,
 * UNKNOWN_NAME, SLUG_TAKEN and whatever `work` throws.
 */
export async function write<Answer extends object>(
  context: WriteContext,
  { work, again, places, ...mutation }: Write<Answer>,
): Promise<Answer> {
  const { caller, now, requestId } = context;
  const { action, articles, also = [], locks = [], edition, idempotencyKey: key } = mutation;
  mustBeAllowedAnywhere(caller, action, edition);
  const request = createHash('sha256')
    .update(JSON.stringify([action, articles, edition, mutation.input]))
    .digest('hex');
  const touched = [...articles, ...also];
  const transaction = context.dataSource.transaction(async (manager) => {
    // A key without a story, as for a new one, is locked by itself: of two requests with one key the second meets the first one's answer.
    await lockArticles(manager, [...touched, ...locks, ...(key == null ? [] : [`${caller.id} ${key}`])]);
    const before = key == null ? undefined : await answerOf(manager, { caller: caller.id, key, now });
    if (before && before.request !== request) throw new Refusal('KEY_REUSED', {});
    if (before) {
      await again?.(manager, before.answer as Answer);
      return before.answer as Answer;
    }
    await passDue(manager, touched, now);
    const given = await work(manager);
    const detail = { ...(given as object) };
    const all = (touched.length > 0 ? touched : [null]).map((articleUuid) => ({ articleUuid, edition: edition ?? null }));
    const done = { at: now, caller: caller.name, callerId: caller.id, action, requestId, detail };
    await writeAudit(manager, places?.(given) ?? all, done);
    if (key != null) await keepAnswer(manager, { caller: caller.id, key, request, answer: detail, at: now });
    return given;
  });
  const answer = await transaction.catch((error) => {
    throw refusalOf(error) ?? error;
  });
  context.committed();
  return answer;
}

/** What the desk can do about a constraint of the database that its input met; undefined for any other failure. */
function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { code, detail = '', table } = error.driverError as Error & { code?: string; detail?: string; table?: string };
  // Of several columns the last one is meant; what a desk calls something may have commas and brackets itself.
  const { columns = '', values = '' } = /\((?<columns>[^)]*)\)=\((?<values>.*)\)/su.exec(detail)?.groups ?? {};
  const value = values
    .split(', ')
    .slice(columns.split(', ').length - 1)
    .join(', ');
  if (code === '23503') return new Refusal('UNKNOWN_NAME', { value });
  return code === '23505' && (table === 'translation' || table === 'former_slug') ? new Refusal('SLUG_TAKEN', { slug: value }) : undefined;
}
