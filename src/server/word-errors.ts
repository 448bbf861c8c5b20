import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { parseAcceptLanguage } from '../editions/accept-language.js';
import { planLocale, resolveLocale } from '../editions/resolve-locale.js';
import { type ErrorCode, Refusal } from '../lib/errors.js';
import type { Say, Wording } from '../lib/wording.js';

/** One error as callers see it, in GraphQL answers and in those of other routes alike. */
export interface WordedError extends GraphQLFormattedError {
  extensions: { code: string; requestId: string; stacktrace?: string[] };
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
  const tag = resolveLocale({ ...plan, steps: plan.steps.filter((step) => step.edition !== null) }, new Set(wording.tags), '').served ?? 'en';
  return wording.say({ tag, formatLocale: tag, calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' });
}

/** A refusal worded for its reader. */
export function wordRefusal(refusal: Refusal, reader: ErrorReader): WordedError {
  return { message: reader.say.text('errors', refusal.code, { ...refusal.values }), extensions: { code: refusal.code, requestId: reader.requestId } };
}

/** Codes of the GraphQL server that mean the caller's mistake; their English detail is kept, it names the field or the token. */
const detailed = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'BAD_USER_INPUT', 'BAD_REQUEST'] as const;

/** An error of an operation, worded. What is not the caller's mistake says nothing about itself outside development. */
export function wordError(error: GraphQLError, reader: ErrorReader): WordedError {
  const { path, locations, originalError } = error;
  const where = { ...(path ? { path } : {}), ...(locations ? { locations } : {}) };
  const refusal = refusalIn(error);
  if (refusal) return { ...wordRefusal(refusal, reader), ...where };
  const code = detailed.find((each) => each === error.extensions.code);
  if (code) return { message: reader.say.text('errors', code, { detail: error.message }), ...where, extensions: { code, requestId: reader.requestId } };
  const stacktrace = reader.development ? { stacktrace: (originalError ?? error).stack?.split('\n') ?? [] } : {};
  const unavailable: ErrorCode | 'INTERNAL_SERVER_ERROR' = isUnavailable(originalError) ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
  return { message: reader.say.text('errors', unavailable), ...where, extensions: { code: unavailable, requestId: reader.requestId, ...stacktrace } };
}

/** Whether the caller brought the error about: nothing to log as a failure of ours. */
export const isCallersMistake = (error: GraphQLError): boolean =>
  refusalIn(error) !== undefined || detailed.some((code) => code === error.extensions.code);

function refusalIn(error: Error | undefined): Refusal | undefined {
  if (error === undefined || error instanceof Refusal) return error;
  return error instanceof GraphQLError ? refusalIn(error.originalError ?? undefined) : undefined;
}

const unavailableCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', '57P01', '57P02', '57P03', '53300', '08006', '08001']);

/** Whether the database cannot be reached at all, or has no connection to spare. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as Error & { code?: string; driverError?: unknown };
  return unavailableCodes.has(code ?? '') || /timeout exceeded when trying to connect|Connection terminated/u.test(error.message) || isUnavailable(driverError);
}
