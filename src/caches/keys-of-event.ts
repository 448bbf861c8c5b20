import { EventKind } from '../publishing/event.js';
import { editionKey, storyKey, surrogateKeys } from './surrogate-keys.js';

/** What of an event says which answers it changes. */
export interface KeyedEvent {
  kind: EventKind;
  articleUuid: string | null;
  editionCode: string | null;
}

type KeysOf = (event: KeyedEvent) => string[];

const { everything, feeds, sitemaps, graphql, media } = surrogateKeys;

const nothing: KeysOf = () => [];
const all: KeysOf = () => [everything];
const ofStory: KeysOf = ({ articleUuid }) => (articleUuid === null ? [] : [storyKey(articleUuid)]);
/** A text came, changed or went: other editions' entries and pages lead to it, wait for it or are stale by it. */
const text: KeysOf = (event) => [...ofStory(event), feeds, sitemaps, graphql];
/** What may also take a picture away. */
const story: KeysOf = (event) => [...text(event), media];
/** What an edition owes changes its own notices alone. */
const owed: KeysOf = (event) => [...ofStory(event), ...(event.editionCode === null ? [feeds] : [editionKey(event.editionCode)]), graphql];

const keysByKind: Readonly<Record<EventKind, KeysOf>> = {
  [EventKind.PUBLISHED]: text,
  [EventKind.REVISED]: text,
  // Who translated from the edition inherits it.
  [EventKind.CONFIRMED]: text,
  [EventKind.OBLIGATION_OPENED]: owed,
  [EventKind.OBLIGATION_SETTLED]: owed,
  [EventKind.OBLIGATION_CANCELLED]: owed,
  [EventKind.STORY_CHANGED]: story,
  // Its headline may stand beside texts of any story.
  [EventKind.RETRACTED]: all,
  [EventKind.RESTORED]: all,
  [EventKind.EMBARGO_SET]: story,
  [EventKind.EMBARGO_LIFTED]: text,
  [EventKind.EXPIRY_SET]: story,
  [EventKind.EXPIRED]: story,
  // Neither readers nor caches are told who works on a text, or what a partner may have.
  [EventKind.CLAIMED]: nothing,
  [EventKind.CLAIM_ENDED]: nothing,
  [EventKind.ENTITLEMENTS_CHANGED]: nothing,
  [EventKind.NOTICE_CHANGED]: nothing,
  [EventKind.TAKEDOWN_OPENED]: nothing,
  [EventKind.TAKEDOWN_OVERDUE]: nothing,
  [EventKind.TAKEDOWN_SETTLED]: nothing,
  [EventKind.OBLIGATION_OVERDUE]: nothing,
  [EventKind.CLAIM_EXPIRING]: nothing,
  [EventKind.REGISTRY_CHANGED]: all,
  [EventKind.NOTICE_STARTED]: all,
  [EventKind.NOTICE_ENDED]: all,
};

/** The keys of the answers to everybody that an event changes. */
export const keysOfEvent = (event: KeyedEvent): string[] => keysByKind[event.kind](event);
