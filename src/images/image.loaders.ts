import type DataLoader from 'dataloader';
import type { Edition } from '../editions/edition.js';
import type { Editions } from '../editions/edition.loaders.js';
import { manyBy, oneBy, type Read } from '../lib/load.js';
import { ImageRendition, Image as ImageRow, ImageWording } from './image.js';
import { Image } from './image.type.js';

export interface ImageLoaders {
  image: DataLoader<string, ImageRow | null>;
  renditionsOfImage: DataLoader<string, ImageRendition[]>;
  wordingsOfImage: DataLoader<string, ImageWording[]>;
}

export const imageLoaders = (read: Read): ImageLoaders => ({
  // As it is now: one that was taken back is gone as of every moment.
  image: oneBy({ ...read, asOf: undefined }, ImageRow, 'code'),
  renditionsOfImage: manyBy(read, ImageRendition, 'imageCode', 'width'),
  wordingsOfImage: manyBy(read, ImageWording, 'imageCode', 'editionCode'),
});

/**
 * A picture as the readers of `edition` see it, worded by it, else by `home`, else by any edition, openly.
 * Null when it is retracted, or nobody has worded it: a picture without an alt text is not published.
 */
export async function imageIn(
  load: ImageLoaders,
  code: string,
  edition: Edition,
  home: Edition,
  editions: Editions,
  now: Date,
): Promise<Image | null> {
  const [row, renditions, wordings] = await Promise.all([
    load.image.load(code),
    load.renditionsOfImage.load(code),
    load.wordingsOfImage.load(code),
  ]);
  const wording =
    wordings.find((each) => each.editionCode === edition.code) ??
    wordings.find((each) => editions.of(each.editionCode).tag === edition.tag) ??
    wordings.find((each) => each.editionCode === home.code) ??
    wordings[0];
  if (!row || !wording || (row.retractedAt !== null && row.retractedAt <= now)) return null;
  const { tag: lang, direction } = editions.of(wording.editionCode);
  const { focalX, focalY } = row;
  return Object.assign(new Image(), {
    code,
    edition,
    alt: wording.alt,
    caption: wording.caption,
    lang,
    direction,
    focalX,
    focalY,
    renditions: renditions.toReversed(),
  });
}
