import DataLoader from 'dataloader';
import { Article } from '../articles/article.js';
import type { ArticleLoaders } from '../articles/article.loaders.js';
import { type ServedText, withRevision } from '../articles/correction.js';
import type { DraftedStory, DraftLoaders } from '../articles/draft-loaders.js';
import { revisionKey } from '../articles/present.js';
import { type Revision, Significance, TranslationRow } from '../articles/translation.js';
import { Translation } from '../articles/translation.type.js';
import { byPosition, type CreditLoaders, type CreditOfParty } from '../credits/credit.loaders.js';
import type { PartyInRole } from '../credits/party-in-role.js';
import { planCredits } from '../credits/plan-credits.js';
import type { Caller } from '../desks/role.js';
import type { EditionContext } from '../editions/edition.loaders.js';
import { Refusal } from '../lib/errors.js';
import { asRow, type Read } from '../lib/load.js';
import type { TopicLoaders } from '../topics/topic.loaders.js';
import { newCredit } from './credit.queries.js';
import type { Draft } from './draft.js';
import { storiesAtWork } from './drafted-story.queries.js';
import { planText } from './plan-revision.js';
import { may } from './policy.js';
import type { Publication } from './publish.queries.js';
import type { StalenessLoaders } from './staleness.loaders.js';
import { lagsOfPlanned } from './staleness.queries.js';
import { mustStandAsDraft } from './standing-basis.js';
import { presentBasis, type StoredTranslation, type StoryFacts, storyFacts } from './story-facts.queries.js';

/** What reading a story at work asks of a request. */
interface Desk extends Pick<EditionContext, 'editions'> {
  read: Read;
  caller: Caller;
  load: Pick<ArticleLoaders, 'revision' | 'translationsOfArticle'> &
    Pick<StalenessLoaders, 'missedOfTranslation'> &
    Pick<CreditLoaders, 'creditsOfTranslation'> &
    Pick<TopicLoaders, 'person' | 'agency'>;
}

/** Reads of stories that a caller's desks work on: one statement for all keys of a tick, and seven for each story with anything to show. */
export function draftLoaders(desk: Desk): DraftLoaders {
  const draftedStory = new DataLoader<string, DraftedStory | null>(async (uuids) => {
    if (desk.read.asOf) throw new Refusal('BAD_USER_INPUT', { detail: 'drafts cannot be read as of an earlier moment' });
    const editions = Object.keys(desk.caller.roles);
    if (editions.length === 0) throw new Refusal('FORBIDDEN', {});
    const atWork = await storiesAtWork(desk.read, uuids, editions);
    return Promise.all(uuids.map(async (uuid) => (atWork.has(uuid) ? storyAtWork(uuid, desk) : null)));
  });
  return { draftedStory };
}

async function storyAtWork(uuid: string, desk: Desk): Promise<DraftedStory | null> {
  const { read, caller, load } = desk;
  const [facts, out, registry] = await Promise.all([
    storyFacts(read.manager, uuid),
    load.translationsOfArticle.load(uuid),
    desk.editions(),
  ]);
  if (!facts) return null;
  const home = facts.article.homeEditionCode;
  const article = asRow(Article, { ...facts.article, publishedAt: facts.article.publishedAt ?? read.now });
  const mine = [...facts.translations.values()].filter(
    ({ row }) =>
      may(caller, 'PREVIEW', { edition: row.editionCode, home }) &&
      (row.retractedAt === null || row.retractedAt > read.now) &&
      (registry.of(row.editionCode).active || row.isOriginal),
  );
  const atWork = await Promise.all(
    mine.map(async (stored) => {
      const edition = registry.of(stored.row.editionCode);
      const draft = facts.drafts.get(edition.code);
      const planned = draft && (await plannedText(draft, stored, facts, desk));
      if (planned) {
        const { row, ...textAndCredits } = planned;
        return Object.assign(new Translation(article, row, edition), textAndCredits);
      }
      return stored.row.publishedAt === null ? undefined : new Translation(article, stored.row, edition);
    }),
  );
  const byEdition = new Map([...out, ...atWork.flatMap((each) => each ?? [])].map((each) => [each.edition.code, each]));
  return { article, translations: [...byEdition.values()].sort((a, b) => (a.edition.code < b.edition.code ? -1 : 1)) };
}

/** The text, its row and who is credited as publishing the draft now would leave them; undefined where it would change nothing, or where what it is made from was taken back. */
async function plannedText(
  draft: Draft,
  stored: StoredTranslation,
  facts: StoryFacts,
  { read, load }: Desk,
): Promise<{ row: TranslationRow; text: ServedText; credits: CreditOfParty[] | undefined } | undefined> {
  const { manager, now } = read;
  const credits = draft.credits === null ? undefined : await creditsWith(draft.credits, draft, { read, load });
  const kept = await presentBasis(manager, facts, draft.editionCode);
  if (!(await standsAsDraft(manager, draft, kept))) return undefined;
  const plan = planned(draft, facts, kept, { now, sameCredits: !credits?.changed });
  if (!plan) return undefined;
  const { revision, translations, bases } = plan;
  const [lag] = await lagsOfPlanned(manager, [{ ...draft, revision: revision.number, bases }], now);
  const pending = (lag?.missed ?? []).filter(({ significance }) => significance === Significance.CORRECTION);
  const row = asRow(TranslationRow, {
    ...translations[0],
    pendingCorrectionAt: pending.length === 0 ? null : new Date(Math.min(...pending.map(({ publishedAt }) => publishedAt.getTime()))),
  });
  if (lag) load.missedOfTranslation.prime(row, lag);
  const before = stored.row.publishedAt === null ? undefined : await load.revision.load(revisionKey({ row: stored.row }));
  return { row, text: withRevision(revision, before), credits: credits?.all };
}

async function standsAsDraft(...draft: Parameters<typeof mustStandAsDraft>): Promise<boolean> {
  try {
    await mustStandAsDraft(...draft);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'BASIS_UNKNOWN') return false;
    throw error;
  }
}

/** Those credited for a text once its edition credits `wanted`, and whether that is a change. */
async function creditsWith(
  wanted: readonly PartyInRole[],
  { articleUuid, editionCode }: Draft,
  { read: { now }, load }: Pick<Desk, 'read' | 'load'>,
): Promise<{ all: CreditOfParty[]; changed: boolean }> {
  const slot = { articleUuid, editionCode };
  const present = await load.creditsOfTranslation.load(slot);
  const own = present.filter((each) => each.editionCode !== null);
  const { ended, added } = planCredits(own, wanted);
  const rows = await Promise.all(
    added.map(async (each) => {
      const { party } = each;
      const named = 'person' in party ? await load.person.load(party.person) : await load.agency.load(party.agency);
      return named && { ...newCredit(slot, each, now), party: named };
    }),
  );
  const all = [...present.filter((each) => !ended.includes(each)), ...rows.flatMap((each) => each ?? [])];
  return { all: all.sort(byPosition), changed: ended.length + added.length > 0 };
}

function planned(
  draft: Draft,
  facts: StoryFacts,
  kept: Draft['basis'] | undefined,
  when: { now: Date; sameCredits: boolean },
): (Publication & { revision: Revision }) | undefined {
  // A correction that cannot be published yet, because it says nothing to readers, is shown without what it will say.
  const wordless = draft.significance === Significance.CORRECTION && !draft.note?.trim();
  try {
    return planText(wordless ? { ...draft, significance: Significance.UPDATE } : draft, facts, kept, { author: draft.author, ...when });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'NOTHING_CHANGED') return undefined;
    throw error;
  }
}
