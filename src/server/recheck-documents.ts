import type { GraphQLSchema } from 'graphql';
import type { EntityManager } from 'typeorm';
import { startWorkLoop, type Worker, type WorkLoop } from '../lib/work-loop.js';
import { writeOwnAudit } from '../publishing/write.queries.js';
import { disableForDocument, endpointsWithDocuments } from '../webhooks/endpoint.queries.js';
import type { Gateway } from './context.js';
import { documentProblem } from './document-problem.js';

/** Disables the endpoints whose documents a schema does not take any more, and gives their uuids with what is wrong. */
export async function recheckDocuments(
  manager: EntityManager,
  schema: () => GraphQLSchema,
  now: Date,
): Promise<{ endpoint: string; problem: string }[]> {
  const endpoints = await endpointsWithDocuments(manager);
  if (endpoints.length === 0) return [];
  const running = schema();
  const broken = endpoints.flatMap(({ uuid, document, variables, partnerCode }) => {
    const problem = documentProblem(running, document!, variables ?? {});
    return problem === null ? [] : [{ endpoint: uuid, partner: partnerCode, problem }];
  });
  for (const { endpoint, partner, problem } of broken)
    await manager.transaction(async (transaction) => {
      await disableForDocument(transaction, endpoint, now);
      await writeOwnAudit(transaction, 'start', { at: now, action: 'ENDPOINT_DISABLED', detail: { endpoint, partner, problem } });
    });
  return broken.map(({ endpoint, problem }) => ({ endpoint, problem }));
}

/** Looks at all documents once, at the start of a process: its schema may be another than that of the one before. */
export function startDocumentCheck(
  { gateway: { dataSource, clock }, log }: { gateway: Gateway; log: WorkLoop['log'] & { warn(facts: object, message: string): void } },
  schema: () => GraphQLSchema,
): Worker {
  let isDone = false;
  const turn = async (): Promise<boolean> => {
    if (isDone) return false;
    for (const facts of await recheckDocuments(dataSource.manager, schema, clock()))
      log.warn(facts, 'an endpoint is disabled: its document');
    isDone = true;
    return false;
  };
  const says = { fails: 'documents of endpoints cannot be looked at: tried again', worksAgain: 'documents of endpoints were looked at' };
  return startWorkLoop({ turn, pollMs: 3_600_000, log, says });
}
