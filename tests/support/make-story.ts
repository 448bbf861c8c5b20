import type { BlockData } from '../../src/articles/body.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { type Story, type StoryInput, story } from '../../src/ingest/story.js';
import { writeStories } from '../../src/ingest/write-stories.js';
import { type TestGateway, testNow } from './gateway.js';

const domain = 'meridian.example';

type Translation = StoryInput['translations'][number];
type TranslationPart = Partial<Omit<Translation, 'edition' | 'revisions'>> & { headline?: string; blocks?: BlockData[] };
type StoryPart = Partial<Omit<StoryInput, 'translations'>> & { id: string; editions?: Record<string, TranslationPart> };

/** A paragraph. */
export const paragraph = (text: string, key = 'p1'): BlockData => ({ key, type: 'paragraph', spans: [{ text }] });

/** A story as an importer gives it; what a test does not say is filled in. Its home is the first of `editions`. */
export function makeStory({ editions = { en: {} }, ...given }: StoryPart): Story {
  const translations = Object.entries(editions).map(([edition, { headline = `${given.id} in ${edition}`, blocks, ...rest }]) => ({
    edition,
    ...rest,
    revisions: [{ headline, blocks: blocks ?? [paragraph(`The text of ${given.id} in ${edition}.`)] }],
  }));
  return story.parse({ homeEdition: Object.keys(editions)[0], publishedAt: '2026-11-01T08:00:00Z', ...given, translations });
}

/** Writes stories as an import does. */
export const write = ({ dataSource }: Pick<TestGateway, 'dataSource'>, stories: readonly Story[]) =>
  writeStories(dataSource.manager, stories, { domain, now: testNow });

/** The URN that a story gets, or its version in an edition. */
export function urnOf({ id, publishedAt, embargoUntil }: Story, edition?: string): string {
  const day = new Date(publishedAt ?? embargoUntil ?? testNow).toISOString().slice(0, 10).replaceAll('-', '');
  return `urn:newsml:${domain}:${day}:${articleUuid(id)}${edition === undefined ? '' : `.${edition}`}`;
}
