import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { parseAcceptLanguage } from '../editions/accept-language.js';
import { planLocale, resolveLocale } from '../editions/resolve-locale.js';
import { type ErrorCode, Refusal } from '../lib/errors.js';
import { isUnavailable } from '../lib/unavailable.js';
import type { Say, Wording } from '../lib/wording.js';

/** One error as callers see it, in GraphQL answers and in those of other routes alike. */
export interface WordedError extends GraphQLFormattedError {
  extensions: { code: string; requestId: string; stacktrace?: string[]; startUrl?: string };
}

/** Who is told, and how much. */
export interface ErrorReader {
  say: Say;
  requestId: string;
  /** Only then a stack trace is shown. */
  development: boolean;
}

const longestHeader = 1000;

/** Errors, and only errors, are worded by Accept-Language: the first language it names that has wording, else English. */
export function sayForErrors(wording: Wording, acceptLanguage: string | undefined): Say {
  const folders = wording.tags.map((tag) => ({ code: tag, tag, primary: true, fallbacks: [], equivalents: [] }));
  const { ranges } = parseAcceptLanguage((acceptLanguage ?? '').slice(0, longestHeader));
  const plan = planLocale({ locales: ranges, policy: 'LOOKUP' }, folders);
  const tag =
    resolveLocale({ ...plan, steps: plan.steps.filter((step) => step.edition !== null) }, new Set(wording.tags), '').served ?? 'en';
  return wording.say({ tag, formatLocale: tag, calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' });
}

/** A refusal worded for its reader. */
export function wordRefusal(refusal: Refusal, reader: ErrorReader): WordedError {
  return {
    message: reader.say.text('errors', refusal.code, { ...refusal.values }),
    extensions: {
      code: refusal.code,
      requestId: reader.requestId,
      ...('startUrl' in refusal.values && { startUrl: refusal.values.startUrl }),
    },
  };
}

/**
 * Codes of the GraphQL server that mean the caller's mistake, and their sentences; their English detail is kept: it names the field or
 * the token. Apollo's clients know PERSISTED_QUERY_NOT_SUPPORTED: they send the whole document then.
 */
const detailed = {
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  OPERATION_RESOLUTION_FAILURE: 'OPERATION_RESOLUTION_FAILURE',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_REQUEST',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_REQUEST',
} as const;
type DetailedCode = keyof typeof detailed;

/** An error of an operation, worded. What is not the caller's mistake says nothing about itself outside development. */
export function wordError(error: GraphQLError, reader: ErrorReader): WordedError {
  const { path, locations, originalError } = error;
  const where = { ...(path ? { path } : {}), ...(locations ? { locations } : {}) };
  const refusal = refusalIn(error);
  if (refusal) return { ...wordRefusal(refusal, reader), ...where };
  const code = codeOf(error);
  if (code)
    return {
      message: reader.say.text('errors', detailed[code], {
        detail: isUnusableValue(originalError) ? 'a value is out of range' : shortened(error.message),
      }),
      ...where,
      extensions: { code, requestId: reader.requestId },
    };
  const stacktrace = reader.development ? { stacktrace: (originalError ?? error).stack?.split('\n') ?? [] } : {};
  const unavailable: ErrorCode | 'INTERNAL_SERVER_ERROR' = isUnavailable(originalError) ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
  return {
    message: reader.say.text('errors', unavailable),
    ...where,
    extensions: { code: unavailable, requestId: reader.requestId, ...stacktrace },
  };
}

/** Whether the caller brought the error about: nothing to log as a failure of ours. */
export const isCallersMistake = (error: GraphQLError): boolean => refusalIn(error) !== undefined || codeOf(error) !== undefined;

/** Whether the caller tried what is not theirs to do. */
export const isForbidden = (error: GraphQLError): boolean => refusalIn(error)?.code === 'FORBIDDEN';

/** Whether the request was none of GraphQL over HTTP: a 400 for every client, also for one that reads `application/json`. */
export const isMalformedRequest = (error: GraphQLError): boolean => error.extensions.code === 'BAD_REQUEST';

function codeOf({ extensions, message, originalError }: GraphQLError): DetailedCode | undefined {
  // The library gives the last of too many errors in variables no code.
  if (message.startsWith('Too many errors processing variables') || isUnusableValue(originalError)) return 'BAD_USER_INPUT';
  return Object.hasOwn(detailed, String(extensions.code)) ? (extensions.code as DetailedCode) : undefined;
}

const longestDetail = 500;

/** A detail repeats what the caller sent, which may be a whole body. */
const shortened = (detail: string): string =>
  detail.length > longestDetail ? `${detail.slice(0, longestDetail).replace(/[\uD800-\uDBFF]$/u, '')}…` : detail;

function refusalIn(error: Error | undefined): Refusal | undefined {
  if (error === undefined || error instanceof Refusal) return error;
  return error instanceof GraphQLError ? refusalIn(error.originalError ?? undefined) : undefined;
}

// PostgreSQL's names for a value that is no text, no number or date in range, or nothing of its type; the statements themselves are ours.
const unusableValueCodes = new Set(['22021', '22003', '22008', '22P02']);

function isUnusableValue(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as Error & { code?: string; driverError?: unknown };
  return unusableValueCodes.has(code ?? '') || isUnusableValue(driverError);
}
