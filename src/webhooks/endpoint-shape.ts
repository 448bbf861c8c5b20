import { z } from 'zod';
import { formats } from '../feeds/formats.js';
import { code, distinct } from '../lib/code.js';
import { Refusal } from '../lib/errors.js';
import { checkedInput } from '../publishing/checked-input.js';
import { PayloadShape } from './endpoint.js';
import type { EndpointSettings } from './endpoint.queries.js';
import { deskTopics, partnerTopics, type WebhookTopic } from './webhook-topic.js';

/** The most deliveries that are under way to one endpoint. */
export const mostConcurrency = 20;
/** The longest document, in UTF-16 units. */
export const longestDocument = 4_000;
const longestDescription = 200;

/** What its owner says of an endpoint, as it comes in. */
export interface EndpointWish {
  url: string;
  description: string;
  topics: readonly WebhookTopic[];
  editions: readonly string[];
  payload: PayloadShape;
  format: string | null;
  document: string | null;
  variables: Record<string, unknown> | null;
  concurrency: number;
}

const shape = z.object({
  url: z.string().min(1, 'is empty'),
  description: z.string().max(longestDescription),
  topics: z.array(z.string()).min(1, 'is empty').refine(distinct, 'names something twice'),
  editions: z.array(code).max(100).refine(distinct, 'names something twice'),
  concurrency: z.number().int().min(1).max(mostConcurrency),
});

/** Extensions of the formats that a text alone can be written in. */
export const fullFormats: readonly string[] = formats.filter(({ item }) => item !== undefined).map(({ extension }) => extension);

/**
 * Settings as they are stored, but that the address and the document are not judged yet. Throws FIELD_REFUSED for what is not for its owner, does not fit, or is not for
 * the payload, and TEXT_REFUSED.
 */
export function checkedSettings(wish: EndpointWish, owner: 'PARTNER' | 'DESK'): EndpointSettings {
  const { url, description, topics, editions, concurrency } = checkedInput(shape, {
    ...{
      url: wish.url,
      description: wish.description,
      topics: [...wish.topics],
      editions: [...wish.editions],
      concurrency: wish.concurrency,
    },
  });
  const [own, whose] = owner === 'PARTNER' ? [partnerTopics, 'partners'] : [deskTopics, 'desks'];
  const wrong = wish.topics.find((topic) => !own.has(topic));
  if (wrong !== undefined) throw new Refusal('FIELD_REFUSED', { field: 'topics', detail: `${wrong} is no topic of ${whose}` });
  if (owner === 'DESK') mustBeThin(wish);
  return { url, description, topics, editions: [...editions].sort(), concurrency, ...payloadOf(wish) };
}

/** A desk is told of its own edition, in words of the gateway. */
function mustBeThin({ editions, payload }: EndpointWish): void {
  if (editions.length > 0) throw new Refusal('FIELD_REFUSED', { field: 'editions', detail: 'a desk is told of its own edition' });
  if (payload !== PayloadShape.THIN) throw new Refusal('FIELD_REFUSED', { field: 'payload', detail: 'expected THIN for a desk' });
}

function payloadOf({
  payload,
  format,
  document,
  variables,
}: EndpointWish): Pick<EndpointSettings, 'payload' | 'format' | 'document' | 'variables'> {
  const refuse = (field: string, detail: string): never => {
    throw new Refusal('FIELD_REFUSED', { field, detail });
  };
  if (payload !== PayloadShape.FULL && format !== null) refuse('format', 'is for FULL only');
  if (payload !== PayloadShape.DOCUMENT && document !== null) refuse('document', 'is for DOCUMENT only');
  if (payload !== PayloadShape.DOCUMENT && variables !== null) refuse('variables', 'are for DOCUMENT only');
  if (payload === PayloadShape.FULL && !fullFormats.includes(format ?? '')) refuse('format', `expected one of ${fullFormats.join(', ')}`);
  if (payload === PayloadShape.DOCUMENT && !document?.trim()) refuse('document', 'is empty');
  if ((document?.length ?? 0) > longestDocument) refuse('document', `has more than ${longestDocument} characters`);
  return { payload, format, document, variables };
}
