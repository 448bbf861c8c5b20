import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { Image, ImageRendition, ImageWording } from '../images/image.js';
import { Refusal } from '../lib/errors.js';
import { checkedInput } from '../publishing/checked-input.js';
import { mustKnowParties, replaceCredits } from '../publishing/credit.queries.js';
import { pictureRow } from '../publishing/picture.queries.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { type WriteContext, write } from '../publishing/write.js';
import { fileOfAnother, renditionsOf, replaceRenditions } from './image.queries.js';
import { type ImageValues, savedImageShape, wordingShape } from './image-shape.js';
import { keep, mustBeAsSaved, type Saved, type SaveRequest, seenRow } from './keep.js';
import { storeKept } from './kept-row.queries.js';
import { termsAfter } from './redistributed-shape.js';

/**
 * Adds a picture to the registry or changes it, without any edition's words. Throws FORBIDDEN, FIELD_REFUSED, UNKNOWN_NAME, VERSION_MOVED_ON,
 * IS_RETRACTED.
 */
export function saveImage(
  context: WriteContext,
  { given, expectedVersion, idempotencyKey }: SaveRequest & { given: ImageValues },
): Promise<Saved> {
  const { caller, now } = context;
  mustBeAllowed(caller, 'SAVE_IMAGE');
  const { renditions, credits, ...asked } = checkedInput(savedImageShape, given);
  const { code } = asked;
  const urls = renditions.map(({ url }) => url);
  return write(context, {
    // Two pictures that are given one file in the same minute meet at that file.
    ...{ action: 'SAVE_IMAGE', articles: [], locks: [`image:${code}`, ...urls.map((url) => `file:${url}`)], idempotencyKey },
    input: { image: asked, renditions, credits, expectedVersion },
    again: mustBeAsSaved(Image, { code }),
    work: async (manager) => {
      await mustNotBeRetracted(manager, code);
      const before = await seenRow(manager, Image, { code }, expectedVersion);
      const image = { ...asked, ...termsAfter(caller, asked, before) };
      await mustKnowParties(manager, credits);
      // A file that two pictures have would outlive the retraction of one of them.
      const taken = await fileOfAnother(manager, code, urls);
      if (taken !== undefined) throw new Refusal('FIELD_REFUSED', { field: 'renditions', detail: `another picture has, or had, ${taken}` });
      // Files and credits name the picture: it must be there first.
      if (!before) await storeKept(manager, Image, { ...image, changedAt: now });
      const files = renditions.map((file) => Object.assign(new ImageRendition(), { ...file, imageCode: code }));
      const otherFiles = !sameFiles(await renditionsOf(manager, code), files);
      if (otherFiles) await replaceRenditions(manager, code, files);
      const otherCredits = await replaceCredits(manager, { imageCode: code }, credits, now);
      return keep(manager, { kind: 'image', code, row: Image, values: image, before, now, touched: otherFiles || otherCredits });
    },
  });
}

const sameFiles = (one: readonly ImageRendition[], other: readonly ImageRendition[]): boolean => {
  const named = (files: readonly ImageRendition[]) => Object.fromEntries(files.map((file) => [`${file.ratio} ${file.width}`, { ...file }]));
  return isDeepStrictEqual(named(one), named(other));
};

/** Throws IS_RETRACTED; whoever takes the picture back waits until the transaction ends. */
async function mustNotBeRetracted(manager: EntityManager, code: string): Promise<void> {
  const row = await pictureRow(manager, code, true);
  if (row && row.retractedAt !== null) throw new Refusal('IS_RETRACTED', {});
}

/** What an edition says about a picture. Throws FORBIDDEN, FIELD_REFUSED, UNKNOWN_NAME, VERSION_MOVED_ON, IS_RETRACTED. */
export function saveImageWording(
  context: WriteContext,
  {
    image,
    edition,
    given,
    expectedVersion,
    idempotencyKey,
  }: SaveRequest & { image: string; edition: string; given: { alt: string; caption: string | null } },
): Promise<Saved> {
  const { caller, now } = context;
  mustBeAllowed(caller, 'SAVE_IMAGE_WORDING', { edition });
  const words = checkedInput(wordingShape, { ...given, caption: given.caption || null });
  return write(context, {
    ...{ action: 'SAVE_IMAGE_WORDING', articles: [], locks: [`image:${image}.${edition}`], edition, idempotencyKey },
    input: { image, words, expectedVersion },
    again: mustBeAsSaved(ImageWording, { imageCode: image, editionCode: edition }),
    work: async (manager) => {
      const picture = await pictureRow(manager, image, false);
      if (!picture) throw new Refusal('UNKNOWN_NAME', { value: image, field: 'image' });
      if (picture.retractedAt !== null) throw new Refusal('IS_RETRACTED', {});
      const key = { imageCode: image, editionCode: edition };
      const before = await seenRow(manager, ImageWording, key, expectedVersion);
      return keep(manager, { kind: 'image', code: image, row: ImageWording, values: { ...key, ...words }, before, now, edition });
    },
  });
}
