import type { EntityManager } from 'typeorm';
import type { EventRow } from '../publishing/event.js';
import { insertDeliveries, type NewDelivery, overtake } from './delivery.queries.js';
import type { PlannedEndpoint } from './endpoint-planning.queries.js';
import type { MessageSources } from './message-source.js';
import { takesAll } from './topics-of-event.js';

/** What planning goes by. */
export interface Planning {
  /** What wants of an event is asked of, and nothing else. */
  sources: { [Of in keyof MessageSources]: Pick<MessageSources[Of], 'wants'> };
  now: Date;
}

/**
 * Makes a delivery of each event for each endpoint that might be told of it, in the order of the events, and gives how many are new: one that is there, by the id of its
 * message, stays as it is. What a retraction overtakes is given up. Nobody's rights are asked and nothing is written yet.
 */
export async function planDeliveries(
  manager: EntityManager,
  events: readonly EventRow[],
  endpoints: readonly PlannedEndpoint[],
  { sources, now }: Planning,
): Promise<number> {
  const planned = events.flatMap((event) =>
    endpoints.flatMap(({ endpoint, delaySeconds }): NewDelivery[] => {
      const topic = (endpoint.partnerCode === null ? sources.desk : sources.partner).wants(event, endpoint);
      if (topic === null) return [];
      return [
        {
          ...{ endpointUuid: endpoint.uuid, messageId: event.uuid, eventSeq: event.seq, articleUuid: event.articleUuid, topic },
          ...{ nextAt: new Date(event.at.getTime() + delaySeconds * 1000), createdAt: now },
        },
      ];
    }),
  );
  if (planned.length === 0) return 0;
  const made = await insertDeliveries(manager, planned);
  const retractions = events.filter(takesAll);
  if (retractions.length > 0)
    await overtake(manager, { seqs: retractions.map(({ seq }) => seq), endpoints: endpoints.map(({ endpoint }) => endpoint.uuid), now });
  return made;
}
