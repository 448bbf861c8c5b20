import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { FastifyBaseLogger } from 'fastify';
import { GraphQLError, type GraphQLSchema, Kind, OperationTypeNode } from 'graphql';
import { Refusal } from '../lib/errors.js';
import type { Context } from './context.js';
import { costOf, mostCost } from './cost.js';
import { documentLimits } from './measure-document.js';
import { type ErrorReader, isCallersMistake, isForbidden, isMalformedRequest, wordError } from './word-errors.js';

/** What Apollo carries through an operation: the context of resolvers, and who is told of errors. */
export interface OperationContext extends Context {
  errorReader: ErrorReader;
  log: FastifyBaseLogger;
}

/** The GraphQL server over a schema; every setting that has a default by environment is given here. */
export const makeApollo = (
  schema: GraphQLSchema,
  {
    introspection,
    development,
    plugins = [],
  }: { introspection: boolean; development: boolean; plugins?: ApolloServerPlugin<OperationContext>[] },
): ApolloServer<OperationContext> =>
  new ApolloServer<OperationContext>({
    schema,
    introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection && !development,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: documentLimits.tokens },
    // Who sends more mistakes than these is not helped by a longer list of them.
    validationOptions: { maxErrors: 10 },
    executionOptions: { maxCoercionErrors: 10 },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      limitCost,
      wordErrors,
      ...plugins,
    ],
  });

/** The field that failed, by its own name and not by one the caller gave it. */
const fieldOf = ({ nodes: [node] = [] }: GraphQLError): string | undefined => (node?.kind === Kind.FIELD ? node.name.value : undefined);

/** Refuses an operation that costs too much with the variables it came with, before anything runs. */
const limitCost: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, operation, request }) {
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
          const refusal = new Refusal('BAD_REQUEST', { detail: 'subscriptions are sent over WebSocket, or to /graphql/stream' });
          throw new GraphQLError(refusal.code, { originalError: refusal, extensions: { http: { status: 400 } } });
        }
        const cost = operation ? costOf(schema, document, operation, request.variables ?? {}) : 0;
        if (cost <= mostCost) return;
        const originalError = new Refusal('DOCUMENT_TOO_COSTLY', { cost, max: mostCost });
        throw new GraphQLError(originalError.code, { originalError, extensions: { http: { status: 400 } } });
      },
    };
  },
};

/** Words every error in the caller's language, and logs those that are ours. */
const wordErrors: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue, errors = [], request }) {
        if (response.body.kind !== 'single' || errors.length === 0) return;
        for (const error of errors) {
          if (!isCallersMistake(error)) contextValue.log.error({ err: error.originalError ?? error, path: error.path }, 'operation failed');
          // In the log and not in the audit, which whoever is refused could fill.
          if (isForbidden(error)) contextValue.log.warn({ caller: contextValue.caller.id, action: fieldOf(error) }, 'refused');
        }
        response.http.headers.set('cache-control', 'no-store');
        response.body.singleResult.errors = errors.map((error) => wordError(error, contextValue.errorReader));
        // Legacy clients read `application/json` as "200, look inside" (GraphQL over HTTP, "Legacy watershed").
        const legacy = !request.http?.headers.get('accept')?.includes('application/graphql-response+json');
        const wellFormed = errors.every((error) => isCallersMistake(error) && !isMalformedRequest(error));
        if (legacy && response.http.status === 400 && wellFormed) response.http.status = 200;
      },
    };
  },
};
