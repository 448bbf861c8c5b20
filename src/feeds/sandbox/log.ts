import { v5 } from 'uuid';
import { articleUrn, translationUrn, type UrnParts } from '../../articles/urn.js';
import { type SandboxStory, type Step, sandboxStories } from './stories.js';

/** The publisher in the URNs of the sandbox; no real one has it. */
export const sandboxDomain = 'sandbox.example';

// Any uuid, as long as it stays the same.
const namespace = 'b0c1c7de-6c0c-5a3e-9d57-0a1f5f2f4c11';
const made = (...parts: readonly string[]): string => v5(parts.join(' '), namespace);

/** A story of the sandbox with all that has happened to it up to a place in its log. */
export interface StoryThen {
  story: SandboxStory;
  /** In their order; never empty. */
  steps: readonly Step[];
  /** Of the last of them. */
  event: { id: string; seq: number };
}

const log = sandboxStories
  .flatMap((story) => story.steps.map((step, index) => ({ story, step, index })))
  .sort((a, b) => a.step.at.getTime() - b.step.at.getTime())
  .map((entry, index) => ({ ...entry, seq: index + 1 }));

/** The number of the last event: nothing will ever follow it. */
export const endOfSandbox = log.length;

/** What happened behind a place in the log, up to another, oldest first: each story once, as it was at the end of that, by its last event. */
export function toldBetween(after: number, upTo: number): StoryThen[] {
  const last = new Map(log.filter(({ seq }) => seq > after && seq <= upTo).map((entry) => [entry.story.code, entry]));
  return [...last.values()]
    .sort((a, b) => a.seq - b.seq)
    .map(({ story, index, seq }) => ({
      ...{ story, steps: story.steps.slice(0, index + 1) },
      event: { id: made('event', story.code, `${index}`), seq },
    }));
}

const partsOf = ({ code, steps: [first] }: SandboxStory): UrnParts => ({
  domain: sandboxDomain,
  issuedOn: first!.at.toISOString().slice(0, 10).replaceAll('-', ''),
  uuid: made('story', code),
});

/** The URN of a story. */
export const storyUrn = (story: SandboxStory): string => articleUrn(partsOf(story));

/** The URN of a story in an edition. */
export const textUrn = (story: SandboxStory, edition: string): string => translationUrn(partsOf(story), edition);
