/** Codes and the values their sentences need (`locales/<tag>/errors.json`); a code, once published, keeps its meaning. */
export interface ErrorValues {
  BAD_REQUEST: { detail: string };
  BAD_USER_INPUT: { detail: string };
  INVALID_LANGUAGE_TAG: { value: string };
  INVALID_TERRITORY: { value: string };
  INVALID_URL: { value: string };
  INVALID_CURSOR: Record<string, never>;
  CURSOR_EXPIRED: { startUrl?: string };
  CURSOR_OUTDATED: { startUrl?: string };
  UNKNOWN_EDITION: { value: string };
  EDITION_CLOSED: { value: string };
  STORY_UNKNOWN: Record<string, never>;
  REVISION_MOVED_ON: { revision: number };
  REVISION_UNKNOWN: { revision: number };
  NO_EARLIER_REVISION: Record<string, never>;
  DRAFT_MOVED_ON: { version: number; articleId?: string };
  NO_DRAFT: { articleId?: string };
  TEXT_REFUSED: { field: string; offset: number };
  NOTE_REQUIRED: Record<string, never>;
  REASON_REQUIRED: Record<string, never>;
  IS_RETRACTED: { articleId?: string };
  NOT_RETRACTED: Record<string, never>;
  CLAIMED: { holder: string; until: string };
  BASIS_UNKNOWN: { edition: string; revision: number };
  SLUG_TAKEN: { slug: string };
  KEY_REUSED: Record<string, never>;
  TIME_PASSED: Record<string, never>;
  ORIGINAL_FIRST: Record<string, never>;
  NOT_PUBLISHED: Record<string, never>;
  NOTHING_CHANGED: Record<string, never>;
  UNKNOWN_NAME: { value: string; field?: string };
  VERSION_MOVED_ON: { version: number };
  FIELD_REFUSED: { field: string; detail: string };
  FORBIDDEN: Record<string, never>;
  EDITION_AND_LOCALES: Record<string, never>;
  FIRST_AND_LAST: Record<string, never>;
  PAGE_SIZE: { max: number };
  TOO_MANY_VALUES: { max: number };
  DOCUMENT_TOO_DEEP: { max: number };
  DOCUMENT_TOO_COSTLY: { cost: number; max: number };
  DOCUMENT_TOO_LONG: { max: number };
  TOO_MANY_ALIASES: { max: number };
  REQUEST_TIMEOUT: { seconds: number };
  BODY_TOO_LARGE: { max: number };
  RATE_LIMITED: Record<string, never>;
  SERVICE_UNAVAILABLE: Record<string, never>;
  NOT_FOUND: Record<string, never>;
  UNAUTHENTICATED: Record<string, never>;
}

export type ErrorCode = keyof ErrorValues;

/** A failure the caller can act on: thrown with a code and values, worded at the edge in the caller's language. */
export class Refusal<C extends ErrorCode = ErrorCode> extends Error {
  constructor(
    readonly code: C,
    readonly values: ErrorValues[C],
  ) {
    super(code);
    this.name = 'Refusal';
  }
}
