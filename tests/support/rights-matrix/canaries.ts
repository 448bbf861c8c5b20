import { articleUuid } from '../../../src/ingest/ids.js';
import { images } from '../sample-registry.js';
import type { InformationClass } from './classes.js';

/** The states of a story that the matrix knows; the last three are out, and for the partner that may have little. */
export const states = ['public', 'embargoed', 'restricted', 'retracted', 'draft', 'culture', 'excluded', 'fresh'] as const;
export type State = (typeof states)[number];

/** Words that stand in one story and in one class of what it says, and nowhere else. */
export const word = (state: State, what: string): string => `zq${state}${what}`;

/** The picture of a story, which no other shows: from the samples, so that its file is there, but for the draft’s. */
export const pictures: Partial<Record<State, string>> = {
  ...{ public: 'saiga', embargoed: 'alphabets', restricted: 'foreign-ministry', retracted: 'aral-sea', draft: 'zqdraftpicture' },
};

/** What gives away that somebody has learned something of a class of a story; counts are asked for and not looked for. */
export function canariesOf(state: State, uuid: string): Partial<Record<InformationClass, readonly string[]>> {
  const image = images.find(({ code }) => code === pictures[state]);
  return {
    identity: [uuid, word(state, 'subject')],
    headline: [word(state, 'headline'), word(state, 'slug')],
    text: [word(state, 'dek'), word(state, 'body')],
    image: [...(pictures[state] ? [`/media/${pictures[state]}-`] : []), ...(image ? [image.wordings['en']!.alt.slice(0, 24)] : [])],
    credit: [word(state, 'author')],
    notice: [word(state, 'notice')],
    staleness: [word(state, 'missed')],
    draft: [word(state, 'draft')],
    audit: [word(state, 'former')],
  };
}

/** The id of an imported story. */
export const uuidOf = (state: State): string => articleUuid(`matrix-${state}`);

/** The edition a story is at home in. */
export const homeOf = (state: State): 'en' | 'ru' => (state === 'culture' || state === 'excluded' || state === 'fresh' ? 'ru' : 'en');
