import type { SpanData } from '../../articles/body.js';

/** The codes of the sandbox's stories. */
export const storyCodes = ['ferry', 'museum', 'bridge', 'harvest', 'scripts', 'storm', 'council', 'survey'] as const;
export type StoryCode = (typeof storyCodes)[number];

/** A text of the sandbox in one revision, paragraph by paragraph. */
export interface TextWords {
  headline: string;
  dek: string;
  paragraphs: readonly (string | readonly SpanData[])[];
}

/** A text in one language: as it came out first, what its second revision changed, and what its readers are told. */
export interface SandboxText extends TextWords {
  second?: Partial<TextWords>;
  /** What the correction says. */
  correction?: string;
  /** What the editors say of the retraction. */
  retraction?: string;
}

/** Everything an edition of the sandbox says. */
export interface SandboxWords {
  stories: Readonly<Record<StoryCode, SandboxText>>;
  picture: { alt: string; caption: string };
}
