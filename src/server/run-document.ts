import { type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Wording } from '../lib/wording.js';
import type { RunDocument } from '../webhooks/run-document.js';
import { costOf, mostCost } from './cost.js';
import { type ReadDocument, readDocument } from './document-problem.js';
import { type ErrorReader, isCallersMistake, sayForErrors, wordError } from './word-errors.js';

/** What documents are executed with. */
export interface RunningDocuments {
  /** Asked for once, when the first document is run. */
  schema: () => GraphQLSchema;
  wording: Wording;
  /** For one document. */
  timeoutMs: number;
}

const mostRemembered = 500;

/**
 * Executes partners' documents as a request of theirs would be, in at most `timeoutMs`. What is wrong with the document or its variables is in the JSON, in English. Throws
 * where the gateway fails or takes too long.
 */
export function makeRunDocument({ schema, wording, timeoutMs }: RunningDocuments): RunDocument {
  let made: GraphQLSchema | undefined;
  const running = (): GraphQLSchema => {
    made ??= schema();
    return made;
  };
  const read = new Map<string, ReadDocument | string>();
  const reading = (source: string): ReadDocument | string => {
    const known = read.get(source) ?? readDocument(running(), source);
    if (read.size >= mostRemembered) read.clear();
    read.set(source, known);
    return known;
  };
  const reader: ErrorReader = { say: sayForErrors(wording, undefined), requestId: 'webhook', development: false };
  return async (source, variables, context) => {
    const found = reading(source);
    if (typeof found === 'string') return refused(found);
    const { document, operation } = found;
    const cost = costOf(running(), document, operation, variables);
    if (cost > mostCost) return refused(`costs ${cost} points, of ${mostCost} at most`);
    const args = { schema: running(), document, variableValues: variables, contextValue: context, options: { maxCoercionErrors: 3 } };
    return worded(await inTime(execute(args), timeoutMs), reader);
  };
}

/** The answer as JSON. Throws what is no mistake of whoever wrote the document. */
function worded({ data, errors }: ExecutionResult, reader: ErrorReader): string {
  const ours = errors?.find((error) => !isCallersMistake(error) && error.path !== undefined);
  if (ours) throw ours.originalError ?? ours;
  return JSON.stringify({
    ...(data !== undefined && { data }),
    ...(errors && { errors: errors.map((error) => wordError(coded(error), reader)) }),
  });
}

/** What is wrong with variables has no code of its own. */
const coded = (error: GraphQLError): GraphQLError =>
  isCallersMistake(error) ? error : new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT' } });

const refused = (message: string): string => JSON.stringify({ errors: [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });

async function inTime(execution: ExecutionResult | Promise<ExecutionResult>, milliseconds: number): Promise<ExecutionResult> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`the document was not answered in ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([execution, tooLate]);
  } finally {
    clearTimeout(late);
  }
}
