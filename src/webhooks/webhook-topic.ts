import { registerEnumType } from 'type-graphql';

/** What an endpoint may be told of; `type` of a body is the value in lower case with a dot: `text.published`. */
export enum WebhookTopic {
  TEXT_PUBLISHED = 'TEXT_PUBLISHED',
  TEXT_REVISED = 'TEXT_REVISED',
  TEXT_CORRECTED = 'TEXT_CORRECTED',
  TEXT_CHANGED = 'TEXT_CHANGED',
  TEXT_RETRACTED = 'TEXT_RETRACTED',
  TEXT_RESTORED = 'TEXT_RESTORED',
  TEXT_ENDED = 'TEXT_ENDED',
  NOTICE_CHANGED = 'NOTICE_CHANGED',
  TAKEDOWN_OPENED = 'TAKEDOWN_OPENED',
  TAKEDOWN_OVERDUE = 'TAKEDOWN_OVERDUE',
  TAKEDOWN_SETTLED = 'TAKEDOWN_SETTLED',
  ENTITLEMENTS_CHANGED = 'ENTITLEMENTS_CHANGED',
  CORRECTION_OWED = 'CORRECTION_OWED',
  CORRECTION_OVERDUE = 'CORRECTION_OVERDUE',
  SOURCE_RETRACTED = 'SOURCE_RETRACTED',
  TRANSLATION_WANTED = 'TRANSLATION_WANTED',
  CLAIM_EXPIRING = 'CLAIM_EXPIRING',
  ENDPOINT_TEST = 'ENDPOINT_TEST',
}
registerEnumType(WebhookTopic, {
  name: 'WebhookTopic',
  description: 'What an endpoint may be told of.',
  valuesConfig: {
    TEXT_PUBLISHED: { description: 'Partners: a text is out (`text.published`).' },
    TEXT_REVISED: { description: 'Partners: its words are others (`text.revised`).' },
    TEXT_CORRECTED: { description: 'Partners: an error was corrected (`text.corrected`).' },
    TEXT_CHANGED: { description: 'Partners: something else about it has changed (`text.changed`).' },
    TEXT_RETRACTED: { description: 'Partners: it was taken back (`text.retracted`). Always told, whether it is chosen or not.' },
    TEXT_RESTORED: { description: 'Partners: it is there again (`text.restored`).' },
    TEXT_ENDED: { description: 'Partners: it came to its end, or is not theirs any more (`text.ended`). Always told.' },
    NOTICE_CHANGED: { description: 'Partners: a notice that must be carried has changed (`notice.changed`). Always told.' },
    TAKEDOWN_OPENED: { description: 'Partners: there is an order to remove or correct something (`takedown.opened`). Always told.' },
    TAKEDOWN_OVERDUE: { description: 'Partners: such an order has not been answered in time (`takedown.overdue`). Always told.' },
    TAKEDOWN_SETTLED: { description: 'Partners: such an order was answered, or needs no answer any more (`takedown.settled`).' },
    ENTITLEMENTS_CHANGED: { description: 'Partners: what they may have has changed (`entitlements.changed`).' },
    CORRECTION_OWED: { description: 'Desks: a source was corrected, and the edition owes its readers an update (`correction.owed`).' },
    CORRECTION_OVERDUE: { description: 'Desks: the time for such an update has passed (`correction.overdue`).' },
    SOURCE_RETRACTED: { description: 'Desks: a source of a text of the edition was taken back (`source.retracted`).' },
    TRANSLATION_WANTED: { description: 'Desks: a story of urgency 1 or 2 is out that the edition has not (`translation.wanted`).' },
    CLAIM_EXPIRING: { description: 'Desks: a claim will run out soon (`claim.expiring`).' },
    ENDPOINT_TEST: { description: 'Both: a test that was asked for (`endpoint.test`). Nobody can choose it.' },
  },
});

/** What desks may choose, and only they. */
export const deskTopics: ReadonlySet<WebhookTopic> = new Set([
  ...[WebhookTopic.CORRECTION_OWED, WebhookTopic.CORRECTION_OVERDUE, WebhookTopic.SOURCE_RETRACTED],
  ...[WebhookTopic.TRANSLATION_WANTED, WebhookTopic.CLAIM_EXPIRING],
]);

/** What partners may choose, and only they. */
export const partnerTopics: ReadonlySet<WebhookTopic> = new Set(
  Object.values(WebhookTopic).filter((topic) => !deskTopics.has(topic) && topic !== WebhookTopic.ENDPOINT_TEST),
);
