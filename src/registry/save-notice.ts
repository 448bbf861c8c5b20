import type { EntityManager } from 'typeorm';
import type { Caller } from '../desks/role.js';
import { type Editions, loadEditions } from '../editions/edition.loaders.js';
import { speakerOf } from '../editions/speaker.js';
import { Image } from '../images/image.js';
import { Refusal } from '../lib/errors.js';
import type { Wording } from '../lib/wording.js';
import { type Channel, NoticeKind, NoticePlacement, NoticeRow } from '../notices/notice.js';
import { checkedInput } from '../publishing/checked-input.js';
import { setTimers } from '../publishing/event.queries.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { passNotice } from '../publishing/timer-work.queries.js';
import { noticeTimers } from '../publishing/timers.js';
import { type WriteContext, write } from '../publishing/write.js';
import { keep, mustBeAsSaved, type Saved, type SaveRequest, seenRow } from './keep.js';
import { keptRow } from './kept-row.queries.js';
import { type NoticeValues, noticeShape } from './notice-shape.js';
import { registryLock } from './save-edition.js';

/**
 * Adds a notice to the registry or changes it; `recall`: partners are to take texts down, or correct them, that carry an earlier version of one that must be carried. Throws FORBIDDEN, FIELD_REFUSED, UNKNOWN_NAME, VERSION_MOVED_ON, IS_RETRACTED for its picture.
 */
export function saveNotice(
  context: WriteContext & { wording: Wording },
  { given, recall, expectedVersion, idempotencyKey }: SaveRequest & { given: NoticeValues; recall: boolean },
): Promise<Saved> {
  const { caller, now, wording } = context;
  mustAnswerFor(caller, given.editions);
  const notice = rowOf(checkedInput(noticeShape, given));
  const { code } = notice;
  const whose = new Set<string | null>();
  return write(context, {
    ...{ action: caller.kind === 'OPERATOR' ? 'SAVE_NOTICE_FOR_ALL' : 'SAVE_NOTICE', articles: [], idempotencyKey },
    ...{ locks: [registryLock, `notice:${code}`], input: { notice, expectedVersion, ...(recall && { recall }) } },
    again: mustBeAsSaved(NoticeRow, { code }),
    work: async (manager) => {
      const before = await seenRow(manager, NoticeRow, { code }, expectedVersion);
      // Nobody takes another edition's notice away by naming only their own.
      if (before) mustAnswerFor(caller, before.editions);
      for (const { editions } of [notice, ...(before ? [before] : [])])
        for (const each of editions.length > 0 ? editions : [null]) whose.add(each);
      mustBeTold(notice, await loadEditions({ manager }), wording);
      // One that was taken back later leaves the notice as it was: its desk may go on changing the rest.
      if (notice.imageCode !== before?.imageCode) await mustStandAsPicture(manager, notice.imageCode);
      await passNotice(manager, code, now);
      await setTimers(manager, noticeTimers(notice, now));
      const [edition] = notice.editions.length === 1 ? notice.editions : [];
      const told = { mustCarry: notice.mustCarry, ...(recall && { recall }) };
      return keep(manager, { told, kind: 'notice', code, row: NoticeRow, values: notice, before, now, ...(edition && { edition }) });
    },
    // The CHIEFs of all whose readers it is or was for may read that it was changed.
    places: () => [...whose].map((edition) => ({ articleUuid: null, edition })),
  });
}

/** Throws IS_RETRACTED, UNKNOWN_NAME for a picture that cannot be shown with a notice. */
async function mustStandAsPicture(manager: EntityManager, code: string | null): Promise<void> {
  const image = code === null ? null : await keptRow(manager, Image, { code });
  if (image === undefined) throw new Refusal('UNKNOWN_NAME', { value: String(code), field: 'image' });
  if (image && image.retractedAt !== null) throw new Refusal('IS_RETRACTED', {});
}

/** Throws FORBIDDEN unless the caller answers for a notice to the readers of some editions; of none named, that is of all. */
function mustAnswerFor(caller: Caller, editions: readonly string[]): void {
  if (editions.length === 0) mustBeAllowed(caller, 'SAVE_NOTICE_FOR_ALL');
  for (const edition of editions) mustBeAllowed(caller, 'SAVE_NOTICE', { edition });
}

const rowOf = ({ image, kind, placement, effectiveFrom, effectiveUntil, ...notice }: NoticeValues): Omit<NoticeRow, 'version'> => ({
  ...notice,
  ...{ kind: NoticeKind[kind], placement: NoticePlacement[placement], channels: notice.channels as Channel[], imageCode: image },
  ...{ effectiveFrom: new Date(effectiveFrom), effectiveUntil: effectiveUntil === null ? null : new Date(effectiveUntil) },
});

/** Throws FIELD_REFUSED, UNKNOWN_NAME for a notice that names an edition there is not, or that its legal language cannot word as it is. */
function mustBeTold(notice: Omit<NoticeRow, 'version'>, editions: Editions, wording: Wording): void {
  const unknown = notice.editions.find((code) => !editions.find(code));
  if (unknown !== undefined) throw new Refusal('UNKNOWN_NAME', { value: unknown, field: 'editions' });
  const [unworded] = unwordedIn(notice, editions, wording);
  if (unworded) throw new Refusal('FIELD_REFUSED', unworded);
}

/** What of a notice cannot be told in its legal language, by the field that says so. */
function unwordedIn(notice: Omit<NoticeRow, 'version'>, editions: Editions, wording: Wording): { field: string; detail: string }[] {
  const { legalLanguage, wording: key, linkWording, values } = notice;
  const edition = editions.speaking(legalLanguage);
  if (!edition || !wording.tags.includes(edition.tag)) return [{ field: 'legalLanguage', detail: `no edition speaks ${legalLanguage}` }];
  const { say } = speakerOf(wording, edition);
  const lacks = (name: string): string => `no edition words "${name}" in its legal language ${legalLanguage}`;
  if (!say.has('notices', key)) return [{ field: 'wording', detail: lacks(key) }];
  if (linkWording !== null && !say.has('notices', linkWording)) return [{ field: 'linkWording', detail: lacks(linkWording) }];
  const takes = say.takes('notices', key).filter((name) => name !== 'publisher');
  return [
    ...takes.filter((name) => values[name] === undefined).map((name) => `the wording takes ${name}`),
    ...Object.keys(values)
      .filter((name) => !takes.includes(name) || !say.has('notices', `${name}_other`))
      .map((name) => `the wording takes no ${name}`),
  ].map((detail) => ({ field: 'values', detail }));
}
