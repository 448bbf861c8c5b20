import { composeImageCredit } from '../../credits/compose-credits.js';
import type { Edition } from '../../editions/edition.js';
import { AspectRatio } from '../../images/image.js';
import type { FeedContext } from '../feed-context.js';
import type { EntryPicture } from '../item.js';
import { wordsOf } from './editions.js';
import { credited } from './registry.js';

const sizes = { RATIO_16X9: { width: 1280, height: 720 }, RATIO_1X1: { width: 720, height: 720 } };

/** The files of the picture: their names below `/partners/`, and what is in them. */
export const pictureFiles: ReadonlyMap<string, string> = new Map(
  Object.values(sizes).map(({ width, height }) => [nameOf(width, height), drawing(width, height)]),
);

/** The one picture of the sandbox, in the words of an edition. */
export function pictureOf(edition: Edition, { speak, publicUrl }: Pick<FeedContext, 'speak' | 'publicUrl'>): EntryPicture {
  const { tag: lang, direction, code } = edition;
  return {
    ...{ code: 'lamp', ...wordsOf[code]!.picture, lang, direction },
    creditLine: composeImageCredit([credited('PHOTO', 'coast-press', code)], speak(edition).say),
    renditions: Object.entries(sizes).map(([ratio, { width, height }]) => ({
      ...{ url: `${publicUrl}/partners/${nameOf(width, height)}`, ratio: ratio as AspectRatio, width, height },
      contentType: 'image/svg+xml',
    })),
  };
}

function nameOf(width: number, height: number): string {
  return `lamp-${width}x${height}.svg`;
}

function drawing(width: number, height: number): string {
  const [x, y] = [width / 2, height / 2];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="${width}" height="${height}" fill="#12263a"/><rect y="${y + 120}" width="${width}" height="${y - 120}" fill="#0a1622"/>
<circle cx="${x}" cy="${y}" r="150" fill="#f6c453" opacity=".25"/><circle cx="${x}" cy="${y}" r="60" fill="#f6c453"/>
</svg>
`;
}
