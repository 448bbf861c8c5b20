import { readdirSync, readFileSync } from 'node:fs';
import type { ApolloServerPlugin } from '@apollo/server';
import { Kind, parse } from 'graphql';
import { Counter, Histogram, type Registry } from 'prom-client';
import { inPackage } from '../lib/root.js';
import type { OperationContext } from './graphql.js';
import { isCallersMistake } from './word-errors.js';

/** The names of the operations in `schema/operations`: the only ones that become labels, for anybody may send any name. */
export function knownOperations(): Set<string> {
  const folder = inPackage('schema', 'operations');
  const documents = readdirSync(folder).map((file) => parse(readFileSync(`${folder}/${file}`, 'utf8')));
  return new Set(
    documents.flatMap(({ definitions }) =>
      definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION && each.name ? [each.name.value] : [])),
    ),
  );
}

/** Counts operations as they are answered, by name where it is known. */
export function countOperations(registry: Registry, known: ReadonlySet<string>): ApolloServerPlugin<OperationContext> {
  const requests = new Counter({
    name: 'dragoman_operations_total',
    help: 'Operations answered, by name where it is one of schema/operations, and by how it went: ok, refused, failed.',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'dragoman_operation_seconds',
    help: 'How long an operation took.',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    async requestDidStart() {
      const started = performance.now();
      return {
        async willSendResponse({ operationName, errors = [] }) {
          const operation = operationName != null && known.has(operationName) ? operationName : 'other';
          const outcome = errors.length === 0 ? 'ok' : errors.every(isCallersMistake) ? 'refused' : 'failed';
          requests.inc({ operation, outcome });
          seconds.observe({ operation }, (performance.now() - started) / 1000);
        },
      };
    },
  };
}
