import type { ApolloServerPlugin } from '@apollo/server';
import {
  DirectiveLocation,
  type DocumentNode,
  type FieldNode,
  GraphQLDirective,
  GraphQLError,
  GraphQLNonNull,
  type GraphQLSchema,
  getDirectiveValues,
  getVariableValues,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { makeWordingAsOf } from '../lib/wording-as-of.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { type Gateway, makeContext } from './context.js';
import type { OperationContext } from './graphql.js';

/** `@asOf(at:)` on a query: all of it is read as it was served at a moment. */
export const asOfDirective = new GraphQLDirective({
  name: 'asOf',
  description: `Reads the whole query as it was served at a moment that has passed; for desks and operators, FORBIDDEN for others.

As of then are: texts with their revisions, significance, \`updatedAt\` and kickers; credits and notices; what editions, people, agencies, places and topics are called and how editions are set; the words of pictures; every sentence of the gateway’s own. Of editions, names and the words of pictures the oldest version known stands for what is older still; a notice counts only if it was there.

As they are now are: addresses; until when a text may be shown; what a story is and names (kind, urgency, picture, topics, people, places, agencies, recommended stories); the files of pictures.

Who may see what is a matter of now: what has been taken back since or is under embargo is hidden as of every moment, and what was taken back and restored is read as if it had never been away. What was not out by then is null. Lists of stories, \`staleness\`, \`missed\` and whatever else is known of now alone are refused: BAD_USER_INPUT.`,
  locations: [DirectiveLocation.QUERY],
  args: { at: { type: new GraphQLNonNull(GraphQLDateTimeISO), description: 'The moment.' } },
});

/** What a query may begin with as of an earlier moment: what is added later is of now alone until it stands here. */
export const readableAsOf: ReadonlySet<string> = new Set(
  'agencies agency article articleBySlug articleByUrl edition editions negotiateEdition node nodes person place topic topics viewer'.split(
    ' ',
  ),
);

/** Of what is reached from there, that which is known of now alone. */
export const unreadableAsOf: ReadonlySet<string> = new Set(
  'Translation.missed Translation.staleness Translation.revisions Translation.revisionDiff'.split(' '),
);

/** Makes the context of an operation with `@asOf` one of that moment, before anything is read. */
export function readAsOf(gateway: Gateway): ApolloServerPlugin<OperationContext> {
  const wordingAsOf = makeWordingAsOf(gateway.wording);
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          const at = operation && momentOf(schema, operation, request.variables ?? {});
          if (!at) return;
          const { read } = contextValue;
          try {
            mustBeAllowed(contextValue.caller, 'READ_AS_OF');
            if (at > read.now) throw new Refusal('BAD_USER_INPUT', { detail: '@asOf names a moment that has not come yet' });
            mustBeReadable(schema, document, operation);
          } catch (error) {
            throw error instanceof Refusal ? requestError(error) : error;
          }
          const then = { at, wording: await wordingAsOf(read, at) };
          // The object stays: it is what resolvers will be given.
          Object.assign(contextValue, makeContext(gateway, { ...contextValue, signal: read.signal }, then));
        },
      };
    },
  };
}

/** The moment an operation reads as of; undefined without one, or where its variables are wrong: then it will not be run. */
function momentOf(schema: GraphQLSchema, operation: OperationDefinitionNode, given: Record<string, unknown>): Date | undefined {
  if (!operation.directives?.some(({ name }) => name.value === asOfDirective.name)) return undefined;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 1 });
  return coerced && (getDirectiveValues(asOfDirective, operation, coerced)?.at as Date);
}

/** Throws BAD_USER_INPUT for a field that is known of now alone, wherever the operation has it. */
function mustBeReadable(schema: GraphQLSchema, document: DocumentNode, { name }: OperationDefinitionNode): void {
  const types = new TypeInfo(schema);
  const look = ({ name: { value: field } }: FieldNode): void => {
    const type = types.getParentType()?.name;
    const readable = field.startsWith('__') || (type === 'Query' ? readableAsOf.has(field) : !unreadableAsOf.has(`${type}.${field}`));
    if (!readable) throw new Refusal('BAD_USER_INPUT', { detail: `${type}.${field} cannot be read as of an earlier moment` });
  };
  visit(separateOperations(document)[name?.value ?? '']!, visitWithTypeInfo(types, { Field: { enter: look } }));
}

const requestError = (originalError: Refusal): GraphQLError =>
  new GraphQLError(originalError.code, { originalError, extensions: { http: { status: 400 } } });
