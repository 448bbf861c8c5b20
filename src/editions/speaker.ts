import type { Say, Wording } from '../lib/wording.js';
import type { Direction, Edition } from './edition.js';

/** An edition speaking to its readers: its wording, and what every text of it must declare. */
export interface Speaker {
  lang: string;
  direction: Direction;
  publisher: string;
  say: Say;
}

/** The speaker of an edition. One that shares its language with the primary edition may override single wordings. */
export const speakerOf = (wording: Wording, edition: Edition): Speaker => ({
  lang: edition.tag,
  direction: edition.direction,
  publisher: edition.publisherName,
  say: wording.say({ ...edition, override: edition.primary ? undefined : edition.code }),
});
