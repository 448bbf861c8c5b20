import type { BlockData } from '../../articles/body.js';
import { contentHash } from '../../articles/content-hash.js';
import { renderHtml, renderText } from '../../articles/render-body.js';
import { retractionWording } from '../../articles/tombstone.js';
import { Origin, Significance } from '../../articles/translation.js';
import { type CreditFacts, composeByline, composeCreditLine, creditsOfEdition } from '../../credits/compose-credits.js';
import type { Edition } from '../../editions/edition.js';
import type { Speaker } from '../../editions/speaker.js';
import { composeNotices, type TextFacts } from '../../notices/compose-notices.js';
import { directionOf } from '../../topics/name-in.js';
import type { FeedContext } from '../feed-context.js';
import type { EntryAlternate, Gone, Item } from '../item.js';
import { entryEdition, entryName } from '../present-item.js';
import { homeEdition, sandboxEditions, sandboxTopics, wordsOf } from './editions.js';
import { type StoryThen, storyUrn, textUrn } from './log.js';
import { pictureOf } from './picture.js';
import { credited, sandboxNotices, sandboxParties } from './registry.js';
import type { SandboxStory, Step } from './stories.js';

type Speak = Pick<FeedContext, 'speak' | 'publicUrl'>;
type Published = Extract<Step, { revision: Significance }>;

/** A story of the sandbox in an edition as every format takes it: the same composers word it as a real one. */
export function presentThen({ story, steps, event }: StoryThen, edition: Edition, context: Speak): (Item | Gone) & { event: string } {
  const revisions = steps.filter((step): step is Published => 'revision' in step);
  const { at } = steps.at(-1)!;
  const gone = 'gone' in steps.at(-1)! ? (steps.at(-1) as Extract<Step, { gone: unknown }>).gone : null;
  const of = {
    ...{ id: textUrn(story, edition.code), articleId: storyUrn(story), revision: revisions.length, edition: entryEdition(edition) },
    event: event.id,
  };
  if (gone === null) return { ...of, ...textOf(story, revisions, edition, context) };
  const title = context.speak(edition).say.text('notices', retractionWording[gone === 'EXPIRED' ? 'WITHHOLD' : gone]);
  return { ...of, kind: gone, retractedAt: at, title, note: wordsOf[edition.code]!.stories[story.code].retraction ?? null };
}

type Own = 'id' | 'articleId' | 'revision' | 'edition' | 'event';

function textOf(story: SandboxStory, revisions: readonly Published[], edition: Edition, context: Speak): Omit<Item, Own> {
  const { second, correction: note = '', ...first } = wordsOf[edition.code]!.stories[story.code];
  const { headline, dek, paragraphs } = revisions.length > 1 ? { ...first, ...second } : first;
  const [publishedAt, { at: updatedAt, revision: significance }] = [revisions[0]!.at, revisions.at(-1)!];
  const isOriginal = edition.code === homeEdition;
  const origin = isOriginal ? Origin.HUMAN : story.origin;
  const corrected = revisions.findIndex(({ revision }) => revision === Significance.CORRECTION);
  const correction = corrected < 0 ? null : { note, revision: corrected + 1 };
  const data = paragraphs.map(
    (each, index): BlockData => ({
      ...{ key: `p${index + 1}`, type: 'paragraph' },
      spans: typeof each === 'string' ? [{ text: each }] : [...each],
    }),
  );
  const speaker = context.speak(edition);
  const { say } = speaker;
  const facts = creditsOfEdition(creditsOf(story, edition.code, origin), edition.code);
  const label = correction ? 'correction' : story.urgency === 1 ? 'breakingNews' : null;
  return {
    ...{ url: pageOf(story, edition), headline, dek, body: story.summaryOnly ? null : bodyOf(data) },
    ...{ kind: story.kind, urgency: story.urgency, kicker: label && say.text('labels', label) },
    ...{ byline: composeByline(facts, 'WEB', say), creditLine: composeCreditLine(facts, 'WEB', say) },
    credits: facts.map(({ role, party, name }) => ({ role, id: sandboxParties[party]!.id, name, lang: edition.tag })),
    notices: noticesOf({ origin, correction: correction && { ...correction, at: revisions[corrected]!.at } }, edition, speaker, updatedAt),
    ...{ topics: story.topics.map((code) => entryName(sandboxTopics.get(code)!, edition)), people: [], places: [] },
    ...{ image: story.picture ? pictureOf(edition, context) : null, publishedAt, updatedAt, publishedAtText: say.dateTime(publishedAt) },
    ...{ origin, isOriginal, significance, correction, alternates: alternatesOf(story, edition) },
    rights: { holder: edition.publisherName, notice: `© ${publishedAt.getUTCFullYear()} ${edition.publisherName}` },
    ...{ expiresAt: null, territories: [], usageTerms: null },
    ...{ omitted: story.omitted, contentHash: contentHash({ headline, dek, body: data }) },
  };
}

const pageOf = ({ code }: SandboxStory, { siteUrl }: Edition): string => `${siteUrl}/a/${code}.html`;

function bodyOf(data: readonly BlockData[]): Item['body'] {
  const parts = { pictures: new Map(), stories: new Map(), directionOf, absolute: (path: string) => path };
  return { html: renderHtml(data, parts), text: renderText(data, parts), showsLead: false };
}

const creditsOf = ({ credits }: SandboxStory, edition: string, origin: Origin): CreditFacts[] => [
  credited('AUTHOR', 'mira-salt', edition),
  ...(edition === homeEdition || origin !== Origin.HUMAN ? [] : [credited('TRANSLATOR', 'timur-lamp', edition)]),
  ...credits.map(([role, party]) => credited(role, party, edition)),
];

function noticesOf(text: Pick<TextFacts, 'origin' | 'correction'>, { code }: Edition, speaker: Speaker, now: Date): Item['notices'] {
  const facts = { ...text, substitute: null, pendingCorrectionAt: null, staleSince: null };
  const request = { territory: 'UNKNOWN', channel: 'FEED', editions: [code], now };
  const notices = composeNotices(sandboxNotices, facts, request, { reader: speaker, text: speaker, legal: () => undefined });
  return notices.map((each) => ({ ...each, picture: null }));
}

const alternatesOf = (story: SandboxStory, { code: own }: Edition): EntryAlternate[] =>
  sandboxEditions.active
    .filter(({ code }) => code !== own)
    .map((each) => ({
      ...{ id: textUrn(story, each.code), edition: each.code, lang: each.tag, hreflang: each.hreflang },
      ...{ url: pageOf(story, each), isOriginal: each.code === homeEdition },
    }));
