import { ArticleKind } from '../../articles/article.js';
import { RetractionKind } from '../../articles/tombstone.js';
import { Origin, Significance } from '../../articles/translation.js';
import type { RoleName } from '../../credits/compose-credits.js';
import type { Omission } from '../../rights/access.js';
import type { StoryCode } from './text.js';

/** What happens to a story in all its editions at once: a revision comes out, or it goes. */
export type Step = { at: Date } & ({ revision: Significance } | { gone: RetractionKind | 'EXPIRED' });

/** A story of the sandbox, without its words. */
export interface SandboxStory {
  code: StoryCode;
  kind: ArticleKind;
  urgency: number;
  topics: readonly string[];
  /** Who is credited beside the author and, where it is one, the translator. */
  credits: readonly [role: RoleName, party: string][];
  picture: boolean;
  /** Whether the text itself is left out. */
  summaryOnly: boolean;
  omitted: readonly Omission[];
  /** Of what is no original. */
  origin: Origin;
  steps: readonly Step[];
}

const { CORRECTION, UPDATE } = Significance;

type Happening = Significance | RetractionKind | 'EXPIRED';

const isRevision = (what: Happening): what is Significance => what in Significance;

const story = (code: StoryCode, own: Partial<SandboxStory>, steps: Readonly<Record<string, Happening>>): SandboxStory => ({
  ...{ code, kind: ArticleKind.NEWS, urgency: 5, topics: ['town'], credits: [], picture: false, summaryOnly: false, omitted: [] },
  origin: Origin.HUMAN,
  ...own,
  steps: Object.entries(steps).map(([time, what]): Step => {
    const at = new Date(`2026-10-${time}:00.000Z`);
    return isRevision(what) ? { at, revision: what } : { at, gone: what };
  }),
});

/** All stories: each shows what a reader of feeds must be able to take. Times are of October 2026. */
export const sandboxStories: readonly SandboxStory[] = [
  story(
    'ferry',
    {
      picture: true,
      credits: [
        ['WIRE', 'harbour-wire'],
        ['WIRE', 'coast-press'],
      ],
    },
    { '01T06:00': UPDATE, '01T19:30': UPDATE },
  ),
  story(
    'museum',
    { kind: ArticleKind.FEATURE, topics: ['culture'], omitted: [{ part: 'IMAGE', image: 'cellar', reason: 'IMAGES_NOT_INCLUDED' }] },
    { '02T07:00': UPDATE },
  ),
  story('bridge', { urgency: 3 }, { '02T08:00': UPDATE, '02T12:00': CORRECTION, '03T07:00': RetractionKind.KILL }),
  story('harvest', { credits: [['WIRE', 'coast-press']] }, { '03T09:00': UPDATE, '03T15:45': CORRECTION }),
  story('scripts', { kind: ArticleKind.EXPLAINER, topics: ['culture'] }, { '03T10:00': UPDATE }),
  story('storm', { urgency: 1 }, { '04T05:00': UPDATE, '04T18:00': 'EXPIRED' }),
  story(
    'council',
    {
      ...{ topics: ['town', 'culture'], origin: Origin.MACHINE_REVIEWED, summaryOnly: true },
      omitted: [{ part: 'TEXT', image: null, reason: 'LEVEL_SUMMARY' }],
    },
    { '04T11:00': UPDATE },
  ),
  story('survey', {}, { '04T13:00': UPDATE, '05T08:00': RetractionKind.WITHHOLD }),
];
