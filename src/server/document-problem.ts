import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  getVariableValues,
  isListType,
  isNonNullType,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  specifiedRules,
  typeFromAST,
  validate,
} from 'graphql';
import type { Refusal } from '../lib/errors.js';
import { documentVariables } from '../webhooks/document-variables.js';
import { longestDocument } from '../webhooks/endpoint-shape.js';
import { costOf, mostCost } from './cost.js';
import { refuseDocument, refuseVariables } from './measure-document.js';

/** A document that can be executed, with what it costs. */
export interface ReadDocument {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/** A document of a partner's own as a query that can be executed over a schema, or why it cannot, in few words of English. */
export function readDocument(schema: GraphQLSchema, source: string): ReadDocument | string {
  if (source.length > longestDocument) return `has more than ${longestDocument} characters`;
  const refusal = refuseDocument(source);
  if (refusal) return wordsOf(refusal);
  const parsed = parsedDocument(source);
  if (typeof parsed === 'string') return parsed;
  const [operation, ...others] = parsed.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== OperationTypeNode.QUERY || others.length > 0) return 'expected one query';
  if (operation.directives?.length) return 'a query that is sent has no directives';
  const [error] = validate(schema, parsed, [...specifiedRules, NoSchemaIntrospectionCustomRule], { maxErrors: 1 });
  return error ? error.message : { document: parsed, operation };
}

function parsedDocument(source: string): DocumentNode | string {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

/** What variables of the gateway may be when a document is looked at before there is an event. */
const samples = {
  event: '00000000-0000-4000-8000-000000000000',
  article: 'urn:newsml:meridian.example:20261101:00000000-0000-4000-8000-000000000000',
  translation: 'urn:newsml:meridian.example:20261101:00000000-0000-4000-8000-000000000000.en',
  edition: 'en',
} satisfies Record<keyof typeof documentVariables, string>;

/** Why a document with its own variables cannot be what an endpoint is sent, in few words of English; null where it can. */
export function documentProblem(schema: GraphQLSchema, source: string, own: Record<string, unknown>): string | null {
  const read = readDocument(schema, source);
  if (typeof read === 'string') return read;
  const { document, operation } = read;
  const wrong = refuseVariables(own);
  if (wrong) return wordsOf(wrong);
  const declared = operation.variableDefinitions ?? [];
  for (const [name, expected] of Object.entries(documentVariables)) {
    if (Object.hasOwn(own, name)) return `the variable ${name} is set by the gateway`;
    const definition = declared.find(({ variable }) => variable.name.value === name);
    const type = definition && typeFromAST(schema, definition.type);
    const bare = type && isNonNullType(type) ? type.ofType : type;
    if (bare && (isListType(bare) || getNamedType(bare).name !== expected)) return `the variable ${name} is of type ${expected}`;
  }
  const unknown = Object.keys(own).find((name) => !declared.some(({ variable }) => variable.name.value === name));
  if (unknown !== undefined) return `the query has no variable ${unknown.slice(0, 100)}`;
  const { errors } = getVariableValues(schema, declared, { ...own, ...samples }, { maxErrors: 1 });
  if (errors) return errors[0]!.message.slice(0, 500);
  const cost = costOf(schema, document, operation, { ...own, ...samples });
  return cost > mostCost ? `costs ${cost} points, of ${mostCost} at most` : null;
}

/** `TOO_MANY_ALIASES: max 60`. */
const wordsOf = ({ code, values }: Refusal): string =>
  [
    code,
    Object.entries(values)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', '),
  ]
    .filter(Boolean)
    .join(': ');
