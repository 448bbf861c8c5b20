import type { EntityManager } from 'typeorm';
import type { RetractionKind } from '../articles/tombstone.js';
import { Refusal } from '../lib/errors.js';
import { EventKind } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import {
  forgetPictureTombstone,
  isInNotice,
  pictureRow,
  type StoryOfPicture,
  setPictureRetracted,
  storiesShowing,
} from './picture.queries.js';
import { type Action, mayInAll, mustBeAllowedAnywhere } from './policy.js';
import type { ForAudit } from './retract.js';
import { storeTombstones } from './retract.queries.js';
import { type WriteContext, write } from './write.js';

/** A picture that is to be taken back wherever it is shown. */
export interface PictureRequest {
  image: string;
  kind: RetractionKind;
  /** What readers are told, by language tag. */
  notes: Record<string, string>;
  idempotencyKey?: string | null | undefined;
}

/** What was taken or brought back, and the stories that show it. */
export interface PictureAnswer extends ForAudit {
  image: string;
  stories: StoryOfPicture[];
}

/**
 * Takes a picture away wherever it is shown: as lead picture, in texts, with notices, and its files. Throws UNKNOWN_NAME, FORBIDDEN unless the
 * caller may in the home edition of every story that shows it, IS_RETRACTED; SERVICE_UNAVAILABLE where ever more stories begin to show it.
 */
export function retractPicture(context: WriteContext, { image, kind, notes, idempotencyKey }: PictureRequest): Promise<PictureAnswer> {
  const { now } = context;
  return overStories(
    context,
    'RETRACT_IMAGE',
    { image, input: { kind, notes }, forAudit: { kind }, idempotencyKey },
    async (manager, retractedAt, stories) => {
      if (retractedAt !== null) throw new Refusal('IS_RETRACTED', {});
      await setPictureRetracted(manager, image, { at: now, now });
      await storeTombstones(manager, [{ imageCode: image, kind, retractedAt: now, notes }]);
      await tell(manager, stories, { kind: EventKind.RETRACTED, at: now, data: { image, kind } });
    },
  );
}

/** Brings a picture back. Throws as above, REASON_REQUIRED, NOT_RETRACTED. */
export function restorePicture(
  context: WriteContext,
  { image, reason, idempotencyKey }: Pick<PictureRequest, 'image' | 'idempotencyKey'> & { reason: string },
): Promise<PictureAnswer> {
  const { now } = context;
  return overStories(
    context,
    'RESTORE_IMAGE',
    { image, input: { reason }, forAudit: { reason }, idempotencyKey },
    async (manager, retractedAt, stories) => {
      if (reason.trim() === '') throw new Refusal('REASON_REQUIRED', {});
      if (retractedAt === null) throw new Refusal('NOT_RETRACTED', {});
      await setPictureRetracted(manager, image, { at: null, now });
      await forgetPictureTombstone(manager, image);
      await tell(manager, stories, { kind: EventKind.RESTORED, at: now, data: { image, reason } });
    },
  );
}

/** The stories that the retraction of a picture would touch. Throws UNKNOWN_NAME, FORBIDDEN, IS_RETRACTED. */
export async function previewPicture(context: WriteContext, image: string): Promise<PictureAnswer> {
  const { manager } = context.dataSource;
  mustBeAllowedAnywhere(context.caller, 'RETRACT_IMAGE');
  const { retractedAt, stories } = await mayTouch(manager, context, 'RETRACT_IMAGE', image);
  if (retractedAt !== null) throw new Refusal('IS_RETRACTED', {});
  return { image, stories };
}

/** Other stories show the picture than those that were locked: nothing was changed. */
class MoreStories extends Error {}

/** How often stories may be found to have joined before the desk is asked to try again. */
const mostAttempts = 3;

async function overStories(
  context: WriteContext,
  action: Action,
  {
    image,
    input,
    forAudit,
    idempotencyKey,
  }: { image: string; input: object; forAudit: ForAudit; idempotencyKey: string | null | undefined },
  work: (manager: EntityManager, retractedAt: Date | null, stories: readonly StoryOfPicture[]) => Promise<void>,
): Promise<PictureAnswer> {
  mustBeAllowedAnywhere(context.caller, action);
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    // Stories are locked before all else: those that show it must be known before the transaction, and looked for again inside.
    const locked = (await storiesShowing(context.dataSource.manager, image)).map(({ uuid }) => uuid);
    try {
      return await write(context, {
        ...{ action, articles: [], also: locked, input: { image, ...input }, idempotencyKey },
        again: (manager) => mayTouch(manager, context, action, image),
        work: async (manager) => {
          const { retractedAt, stories } = await mayTouch(manager, context, action, image, true);
          if (stories.some(({ uuid }) => !locked.includes(uuid))) throw new MoreStories();
          await work(manager, retractedAt, stories);
          // A notice stands with any story.
          const everywhere = stories.length === 0 || (await isInNotice(manager, image));
          for (const uuid of everywhere ? [null] : stories.map((story) => story.uuid)) await dropFromCaches(manager, uuid, context.now);
          return { image, stories, ...forAudit };
        },
      });
    } catch (error) {
      if (!(error instanceof MoreStories)) throw error;
    }
  }
  throw new Refusal('SERVICE_UNAVAILABLE', {});
}

async function mayTouch(manager: EntityManager, { caller }: WriteContext, action: Action, image: string, lock = false) {
  const row = await pictureRow(manager, image, lock);
  if (!row) throw new Refusal('UNKNOWN_NAME', { value: image.slice(0, 100) });
  // A statement of its own: it sees what was committed while the lock was waited for.
  const stories = await storiesShowing(manager, image);
  const homes = stories.map(({ home }) => home);
  if (!mayInAll(caller, action, homes)) throw new Refusal('FORBIDDEN', {});
  return { retractedAt: row.retractedAt, stories };
}

/** One event for each story that shows it; one of the picture alone where none does. */
const tell = (
  manager: EntityManager,
  stories: readonly StoryOfPicture[],
  event: { kind: EventKind; at: Date; data: object },
): Promise<void> =>
  writeEvents(
    manager,
    (stories.length > 0 ? stories.map(({ uuid }) => uuid) : [null]).map((articleUuid) => ({
      ...event,
      data: { ...event.data },
      articleUuid,
    })),
  );
