import { type Encoding, encodings } from './accept-encoding.js';

const suffix = new RegExp(`-(?:${encodings.join('|')})"$`, 'u');
const tagsIn = (header: string): string[] => header.split(',').map((each) => each.trim());
const plainTag = (tag: string): string => tag.replace(/^W\//u, '').replace(suffix, '"');

/** The entity tag of a representation in an encoding: two that differ in their bytes share no strong one (RFC 9110 §8.8.3.3). */
export const encodedTag = (tag: string, encoding: Encoding | null): string =>
  encoding === null || !tag.startsWith('"') ? tag : `${tag.slice(0, -1)}-${encoding}"`;

/** An `If-None-Match` that holds, beside each tag of an encoding, the one of the text itself, by which a route knows what is held. */
export const withPlainTags = (ifNoneMatch: string): string =>
  tagsIn(ifNoneMatch)
    .flatMap((tag) => (suffix.test(tag) ? [tag, plainTag(tag)] : [tag]))
    .join(', ');

/** The tag of a 304: the one that was sent, and for who sent none of this text the one they would be given with it. */
export function heldTag(tag: string, ifNoneMatch: string | undefined, encoding: Encoding | null): string {
  const given = encodedTag(tag, encoding);
  const held = tagsIn(ifNoneMatch ?? '').filter((each) => plainTag(each) === plainTag(tag));
  return held.includes(given) ? given : (held[0] ?? given);
}
