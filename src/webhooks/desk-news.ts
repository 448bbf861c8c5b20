import type { Translation } from '../articles/translation.type.js';
import { articleUrn } from '../articles/urn.js';
import type { FeedContext } from '../feeds/feed-context.js';
import type { EventRow } from '../publishing/event.js';
import { draftsMadeFrom, madeFromRevision, sourcesOf } from '../publishing/staleness.queries.js';
import { type DeskFacts, deskFacts } from './desk-facts.queries.js';
import { wantedUrgency } from './desk-topic.js';
import type { EndpointRow } from './endpoint.js';
import { WebhookTopic } from './webhook-topic.js';
import type { DeskWording } from './write-desk-message.js';

/** What an event tells the desk of an edition, as things stand now. */
export interface DeskNews {
  wording: DeskWording;
  /** URN of the story. */
  article: string;
  /** The edition and revision that it is about, with its text where everybody may read that; null for the whole story. */
  source: { edition: string; revision: number | null; text: Translation | null } | null;
  /** The edition's own text, where everybody may read it. */
  own: Translation | null;
  /** By when something is owed, or a claim ends. */
  by: Date | null;
  holder: string | null;
}

/** For how long a story is wanted, in milliseconds: as long as it is known who was told of it. */
const wantedForMs = 30 * 86_400_000;

/** What one desk is to be told of one event. */
export interface DeskQuestion {
  event: EventRow;
  topic: WebhookTopic;
  endpoint: EndpointRow;
}

/**
 * What an event tells a desk now; SUPERSEDED where it is done or undone meanwhile, NOTHING where it never was the edition's concern. A story under embargo is told of without its words.
 */
export async function deskNewsOf(question: DeskQuestion, context: FeedContext): Promise<DeskNews | 'NOTHING' | 'SUPERSEDED'> {
  const { event, topic, endpoint } = question;
  const [articleUuid, edition] = [event.articleUuid!, endpoint.editionCode!];
  const about = aboutOf(event, topic);
  const asked = { articleUuid, edition, endpoint: endpoint.uuid, seq: event.seq, source: about.edition, revision: about.revision };
  const facts = await deskFacts(context.read, asked);
  if (!facts) return 'NOTHING';
  const texts = await context.load.visibleOfArticle.load(articleUuid);
  const textIn = (code: string): Translation | null => texts.find((each) => each.edition.code === code) ?? null;
  const news = (wording: DeskWording, source: string | null, more: Partial<DeskNews> = {}): DeskNews => ({
    ...{ wording, article: articleUrn(facts), own: textIn(edition), by: null, holder: null },
    source: source === null ? null : { edition: source, revision: about.revision, text: textIn(source) },
    ...more,
  });
  switch (topic) {
    case WebhookTopic.CORRECTION_OWED:
    case WebhookTopic.CORRECTION_OVERDUE: {
      const wording = topic === WebhookTopic.CORRECTION_OWED ? 'correctionOwed' : 'correctionOverdue';
      return facts.owedBy ? news(wording, about.edition, { by: facts.owedBy }) : 'SUPERSEDED';
    }
    case WebhookTopic.CLAIM_EXPIRING:
      if (facts.claimedUntil?.toISOString() !== event.data.until) return 'SUPERSEDED';
      return news('claimExpiring', facts.home === edition ? null : facts.home, { by: facts.claimedUntil, holder: facts.claimedBy });
    case WebhookTopic.SOURCE_RETRACTED: {
      if (!facts.isGone) return 'SUPERSEDED';
      if (!(await isMadeFrom(asked, facts, context))) return 'NOTHING';
      if (about.edition === null) return news('storyRetracted', null);
      return news(about.revision === null ? 'sourceRetracted' : 'revisionRetracted', about.edition);
    }
    default: {
      const out = textIn(about.edition ?? facts.home) ?? texts[0] ?? null;
      if (!out || !isWanted(facts, context.read.now)) return 'NOTHING';
      const source = { edition: out.edition.code, revision: out.revision, text: out };
      return news('translationWanted', out.edition.code, { source });
    }
  }
}

/** The source that an event is about. */
function aboutOf({ editionCode, revision, data }: EventRow, topic: WebhookTopic): { edition: string | null; revision: number | null } {
  if (topic === WebhookTopic.CORRECTION_OWED || topic === WebhookTopic.CORRECTION_OVERDUE)
    return { edition: data.source as string, revision: data.sourceRevision as number };
  if (topic === WebhookTopic.CLAIM_EXPIRING) return { edition: null, revision: null };
  return { edition: editionCode, revision };
}

/** Whether a story is urgent and young, and the edition has neither a text of it nor somebody at work on one; told once. */
const isWanted = ({ urgency, outAt, hasText, claimedBy, wasWanted }: DeskFacts, now: Date): boolean =>
  urgency <= wantedUrgency &&
  !hasText &&
  claimedBy === null &&
  !wasWanted &&
  outAt !== null &&
  now.getTime() - outAt.getTime() < wantedForMs;

/** Whether the edition's text, published or drafted, was made from what was taken back, at whatever remove. Who took back a whole story at home knows. */
async function isMadeFrom(
  { articleUuid, edition, source, revision }: { articleUuid: string; edition: string; source: string | null; revision: number | null },
  { home, hasText, hasDraft }: DeskFacts,
  { read: { manager } }: FeedContext,
): Promise<boolean> {
  if (!hasText && !hasDraft) return false;
  if (source === null) return edition !== home;
  if ((await draftsMadeFrom(manager, { articleUuid, editionCode: source, number: revision })).has(edition)) return true;
  if (revision !== null) return (await madeFromRevision(manager, { articleUuid, editionCode: source, number: revision })).has(edition);
  return (await sourcesOf(manager, articleUuid)).some((each) => each.editionCode === edition && each.sourceEditionCode === source);
}
