import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { Refusal } from '../lib/errors.js';
import type { Operation } from '../live/asked.js';
import { costOf, mostCost } from './cost.js';
import { documentLimits, refuseDocument, refuseVariables } from './measure-document.js';

/** What a client sends to begin a subscription. */
export interface SubscribePayload {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
}

/** Reads what a client sends to begin a subscription; throws what it is refused with. */
export type ReadSubscription = (payload: SubscribePayload) => Operation;

/** Several problems of one document. */
export class DocumentProblems extends Error {
  constructor(readonly problems: readonly GraphQLError[]) {
    super('the document is not valid');
  }
}

interface Options {
  introspection: boolean;
  development: boolean;
}

const mostRemembered = 1000;
const longestRemembered = 10_000;

/** Measures and checks documents as `/graphql` does, each text once while it is remembered: clients send the same few, and share what is read of them. */
export function makeReadSubscription(schema: GraphQLSchema, options: Options): ReadSubscription {
  const passed = new Map<string, DocumentNode>();
  return ({ query: source, variables = {}, operationName }) => {
    if (typeof source !== 'string') throw new Refusal('BAD_REQUEST', { detail: 'query is the text of a subscription' });
    if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables))
      throw new Refusal('BAD_REQUEST', { detail: 'variables is an object' });
    const refusal = (passed.has(source) ? undefined : refuseDocument(source)) ?? refuseVariables(variables);
    if (refusal) throw refusal;
    const document = passed.get(source) ?? checked(schema, source, options);
    if (source.length <= longestRemembered) {
      if (passed.size >= mostRemembered) passed.clear();
      passed.set(source, document);
    }
    const operation = operationIn(document, typeof operationName === 'string' ? operationName : undefined);
    const given = (variables ?? {}) as Record<string, unknown>;
    const cost = costOf(schema, document, operation, given);
    if (cost > mostCost) throw new Refusal('DOCUMENT_TOO_COSTLY', { cost, max: mostCost });
    return { schema, document, operation, source, variables: given };
  };
}

function checked(schema: GraphQLSchema, source: string, { introspection, development }: Options): DocumentNode {
  const document = parsed(source);
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const problems = problemsIn(() => validate(schema, document, rules, { maxErrors: 10 }));
  if (problems.length === 0) return document;
  // Suggestions tell names of the schema.
  const said = ({ message }: GraphQLError): string =>
    introspection || development ? message : message.replace(/ ?Did you mean(.+?)\?$/u, '');
  throw new DocumentProblems(
    problems.map((each) => new GraphQLError(said(each), { nodes: each.nodes ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })),
  );
}

/** The library throws what it finds where a directive of a subscription's field has a variable. */
function problemsIn(find: () => readonly GraphQLError[]): readonly GraphQLError[] {
  try {
    return find();
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function parsed(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: documentLimits.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { message, source: of, positions } = error;
    throw new GraphQLError(message, { source: of ?? null, positions: positions ?? null, extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}

function operationIn(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (!operation)
    throw new GraphQLError('the document has several operations, or none of that name', {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
    });
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
    throw new Refusal('BAD_REQUEST', { detail: 'here are subscriptions alone: send queries and mutations to /graphql by POST' });
  return operation;
}
