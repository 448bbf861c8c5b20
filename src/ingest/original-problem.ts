/** When a story, or an edition of it, is out, and whether it was taken back. */
export interface Times {
  publishedAt: Date | null;
  retractedAt: Date | null;
}

/**
 * Why readers would see a story without its original, in words for the operator; undefined when they never would. A story is out from its own
 * publication to its own retraction, whatever its editions say, and every answer counts on its original being out as long.
 */
export function originalProblem(story: Times, original: Times | undefined, edition: string): string | undefined {
  if (!original) return `the original, in edition ${edition}, is missing`;
  if (story.retractedAt) return undefined;
  if (original.retractedAt) return `the original, in edition ${edition}, is retracted and the story is not`;
  if (!story.publishedAt) return undefined;
  if (!original.publishedAt) return `the original, in edition ${edition}, is a draft and the story is published`;
  if (original.publishedAt <= story.publishedAt) return undefined;
  const [late, early] = [original.publishedAt, story.publishedAt].map((time) => time.toISOString());
  return `the original, in edition ${edition}, is published at ${late}, later than the story, at ${early}`;
}
