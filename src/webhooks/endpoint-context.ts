import type DataLoader from 'dataloader';
import type { GraphQLSchema } from 'graphql';
import type { OutsideAllowance } from '../lib/outside/outside-url.js';
import type { DeskContext } from '../publishing/desk-context.js';
import type { StateCounts } from './deliveries.queries.js';
import type { EndpointRow } from './endpoint.js';

export interface EndpointLoaders {
  /** By the partner's code, the oldest first. */
  endpointsOfPartner: DataLoader<string, EndpointRow[]>;
  /** By the code of the edition, the oldest first. */
  endpointsOfEdition: DataLoader<string, EndpointRow[]>;
  /** By the endpoint's uuid. */
  deliveryCounts: DataLoader<string, StateCounts>;
}

/** Why a document cannot be what an endpoint is sent, in few words of English; null where it can. */
export type DocumentProblem = (schema: GraphQLSchema, document: string, variables: Record<string, unknown>) => string | null;

/** What resolvers of endpoints ask of a request. */
export interface EndpointContext extends DeskContext {
  load: DeskContext['load'] & EndpointLoaders;
  /** Seals the secrets of endpoints. */
  secretsKey: Buffer;
  /** Which addresses endpoints may have beside https to the open internet. */
  outside: OutsideAllowance;
  documentProblem: DocumentProblem;
}
