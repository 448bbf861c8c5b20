import type { EntityManager } from 'typeorm';
import { Edition } from '../editions/edition.js';
import { Editions, loadEditions } from '../editions/edition.loaders.js';
import { speakerOf } from '../editions/speaker.js';
import { Refusal } from '../lib/errors.js';
import type { Wording } from '../lib/wording.js';
import { loadNotices } from '../notices/notice.loaders.js';
import { checkedInput } from '../publishing/checked-input.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { type WriteContext, write } from '../publishing/write.js';
import { checkBeside, formerAddresses } from './check-edition.js';
import { type EditionValues, editionShape } from './edition-shape.js';
import { type Before, keep, mustBeAsSaved, type Saved, type SaveRequest, seenRow } from './keep.js';
import { hasTexts, keptRow } from './kept-row.queries.js';
import { missingWording } from './missing-wording.js';

/** What editions and notices hold of each other is asked and changed by one at a time. */
export const registryLock = 'registry';

/** Founds an edition or changes it. `insteadOf` gives up its place as the primary one of the tag. Throws FORBIDDEN, FIELD_REFUSED, UNKNOWN_NAME, VERSION_MOVED_ON. */
export function saveEdition(
  context: WriteContext & { wording: Wording },
  { given, insteadOf, expectedVersion, idempotencyKey }: SaveRequest & { given: EditionValues; insteadOf: string | null },
): Promise<Saved> {
  const { caller, now, wording } = context;
  mustBeAllowed(caller, 'SAVE_EDITION');
  const values = checkedInput(editionShape, given);
  mustSpeak(values, wording);
  const { code } = values;
  return write(context, {
    ...{ action: 'SAVE_EDITION', articles: [], locks: [registryLock, `edition:${code}`], edition: code, idempotencyKey },
    input: { values, insteadOf, expectedVersion },
    again: mustBeAsSaved(Edition, { code }),
    work: async (manager) => {
      const before = await seenRow(manager, Edition, { code }, expectedVersion);
      if (insteadOf !== null) await handOver(manager, insteadOf, { to: values, now });
      await mustKeepIndexed(manager, values, before);
      const others = (await loadEditions({ manager })).all.filter((each) => each.code !== code);
      checkBeside(values, others, before?.tag);
      const edition = { ...values, formerArticleUrls: formerAddresses(values, before) } as Edition;
      const editions = new Editions([...others, Object.assign(new Edition(), edition)]);
      const [missing] = missingWording(editions, await loadNotices({ manager }), wording);
      if (missing !== undefined) throw new Refusal('FIELD_REFUSED', { field: 'tag', detail: missing });
      return keep(manager, { kind: 'edition', code, row: Edition, values: edition, before, now, edition: code });
    },
    places: () => (insteadOf === null ? [code] : [code, insteadOf]).map((edition) => ({ articleUuid: null, edition })),
  });
}

/** Throws FIELD_REFUSED where nothing here can write dates and lists as the edition does. */
function mustSpeak(edition: EditionValues, wording: Wording): void {
  if (!wording.tags.includes(edition.tag)) return;
  try {
    speakerOf(wording, Object.assign(new Edition(), edition)).say.dateTime(new Date(0));
  } catch (error) {
    throw new Refusal('FIELD_REFUSED', { field: 'formatLocale', detail: (error as Error).message });
  }
}

/** Throws FIELD_REFUSED for a change of what the edition's texts are written and indexed in. */
async function mustKeepIndexed(manager: EntityManager, edition: EditionValues, before: Before<Edition>): Promise<void> {
  const changed = before && (['tag', 'searchConfig'] as const).find((field) => before[field] !== edition[field]);
  if (changed && (await hasTexts(manager, edition.code)))
    throw new Refusal('FIELD_REFUSED', { field: changed, detail: `the edition has texts in ${before[changed]}` });
}

/** The primary edition of a tag gives its place, and its `hreflang`, to another one. */
async function handOver(manager: EntityManager, code: string, { to, now }: { to: EditionValues; now: Date }): Promise<void> {
  const before = await keptRow(manager, Edition, { code });
  if (!before || before.code === to.code || before.tag !== to.tag || !before.primary)
    throw new Refusal('FIELD_REFUSED', { field: 'insteadOf', detail: `${code} is not another primary edition of ${to.tag}` });
  const { version: _, ...values } = Object.assign(new Edition(), before, { primary: false, hreflang: null });
  await keep(manager, { kind: 'edition', code, row: Edition, values, before, now, edition: code });
}
