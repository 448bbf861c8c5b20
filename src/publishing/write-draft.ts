import { slugOf } from '../articles/slug.js';
import { Origin } from '../articles/translation.js';
import { Refusal } from '../lib/errors.js';
import { cleanNotes } from './checked-input.js';
import { mustKnowParties } from './credit.queries.js';
import { basisOf, type DeskText, type DeskTextMeaning, draftOf, mustStand } from './desk-text.js';
import { type Draft, DraftState, type SourceRevision } from './draft.js';
import { forgetDraft, openSlot, storeClaim, storeDraft } from './draft.queries.js';
import { EventKind } from './event.js';
import { writeEvents } from './event.queries.js';
import { mustStandAsBasis } from './standing-basis.js';
import { presentBasis, type StoryFacts } from './story-facts.queries.js';
import type { WriteContext } from './write.js';
import { writeStory } from './write-story.js';

/** One edition of one story, as mutations name it. */
export interface Named {
  articleUuid: string;
  edition: string;
  idempotencyKey?: string | null | undefined;
}

/** What a mutation of a draft answers: which one, at which version. Versions begin anew with each draft; when it was saved tells them apart. */
export interface DraftAnswer {
  articleUuid: string;
  editionCode: string;
  version: number;
  savedAt: string;
}

const claimHours = 4;

/** Takes the text of an edition upon the caller for some hours, with a draft that starts as the source it is to be made from. Throws CLAIMED, BASIS_UNKNOWN. */
export function translate(
  context: WriteContext,
  { sources, ...named }: Named & { sources: readonly string[] | null },
): Promise<DraftAnswer> {
  const { caller, now } = context;
  return writeStory(context, {
    ...{ ...named, action: 'TRANSLATE', input: { sources } },
    work: async (manager, facts) => {
      const slot = { articleUuid: named.articleUuid, editionCode: named.edition };
      mustStand(facts, named.edition);
      mustBeFree(facts, named.edition, context);
      const basis = basisOf(
        sources?.map((edition) => ({ edition, revision: facts.translations.get(edition)?.row.revision ?? 0 })),
        undefined,
        named.edition,
        facts,
      );
      await mustStandAsBasis(manager, slot, basis);
      await storeClaim(manager, slot, { holder: caller.name, now, until: new Date(now.getTime() + claimHours * 3_600_000) });
      await writeEvents(manager, [{ kind: EventKind.CLAIMED, at: now, ...slot }]);
      const before = facts.drafts.get(named.edition);
      if (before) return answerOf(before);
      const source = sourceText(basis, facts);
      await openSlot(manager, { ...slot, isOriginal: false, slug: slugOf(source.headline, named.articleUuid) });
      const draft = draftOf(slot, { ...source, slug: null }, {}, { before, basis, author: caller.name, now });
      await storeDraft(manager, draft);
      return answerOf(draft);
    },
  });
}

/** Gives back what `translate` took. */
export function releaseClaim(context: WriteContext, named: Named): Promise<Omit<DraftAnswer, 'version' | 'savedAt'>> {
  return writeStory(context, {
    ...{ ...named, action: 'TRANSLATE', input: 'release' },
    work: async (manager, facts) => {
      const slot = { articleUuid: named.articleUuid, editionCode: named.edition };
      mustBeFree(facts, named.edition, context);
      if (facts.claims.has(named.edition)) {
        await storeClaim(manager, slot, null);
        await writeEvents(manager, [{ kind: EventKind.CLAIM_ENDED, at: context.now, ...slot }]);
      }
      return slot;
    },
  });
}

/** Saves a draft over the version the desk has seen (0 for none); `asked` is what `text` was read from, by which a repeated request is told. Throws DRAFT_MOVED_ON, CLAIMED, IS_RETRACTED, BASIS_UNKNOWN. */
export function saveDraft(
  context: WriteContext,
  {
    text,
    asked,
    meaning,
    expectedVersion,
    ...named
  }: Named & { text: DeskText; asked: unknown; meaning: DeskTextMeaning; expectedVersion: number },
): Promise<DraftAnswer> {
  const { caller, now } = context;
  return writeStory(context, {
    ...{ ...named, action: 'SAVE_DRAFT', input: { asked, meaning, expectedVersion } },
    work: async (manager, facts) => {
      const slot = { articleUuid: named.articleUuid, editionCode: named.edition };
      const before = facts.drafts.get(named.edition);
      mustStand(facts, named.edition);
      mustBeFree(facts, named.edition, context);
      mustBeVersion(before, expectedVersion);
      const isOriginal = named.edition === facts.article.homeEditionCode;
      await openSlot(manager, { ...slot, isOriginal, slug: slugOf(text.headline, named.articleUuid) });
      const basis = basisOf(meaning.basis, before?.basis, named.edition, facts);
      // What a draft was begun from may have gone since: its desk can still save it, and names another basis before it is published.
      if (basis.length > 0 && (meaning.basis || !before))
        await mustStandAsBasis(manager, slot, basis, { present: await presentBasis(manager, facts, named.edition) });
      await mustKnowParties(manager, meaning.credits ?? []);
      const draft = draftOf(slot, text, meaning, { before, basis, author: caller.name, now });
      await storeDraft(manager, draft);
      return answerOf(draft);
    },
  });
}

/** What becomes of a draft without a change of its words. */
export type Step =
  | { action: 'SUBMIT' }
  | { action: 'REVIEW'; accepted: boolean; changeNote: string | null }
  | { action: 'SCHEDULE'; at: Date };

/** Hands a draft in, reviews it, or sets the time at which it publishes itself. Throws NO_DRAFT, DRAFT_MOVED_ON, TIME_PASSED, TEXT_REFUSED. */
export function advanceDraft(
  context: WriteContext,
  { step, expectedVersion, ...named }: Named & { step: Step; expectedVersion: number },
): Promise<DraftAnswer> {
  return writeStory(context, {
    ...{ ...named, action: step.action, input: { step, expectedVersion } },
    work: async (manager, facts) => {
      mustStand(facts, named.edition);
      const before = mustHaveDraft(facts, named.edition);
      mustBeVersion(before, expectedVersion);
      const draft = { ...before, ...stepped(before, step, context), version: before.version + 1 };
      await storeDraft(manager, draft);
      return answerOf(draft);
    },
  });
}

/** Throws a draft away; what is published stays. */
export function discardDraft(
  context: WriteContext,
  { expectedVersion, ...named }: Named & { expectedVersion: number },
): Promise<DraftAnswer> {
  return writeStory(context, {
    ...{ ...named, action: 'SAVE_DRAFT', input: { expectedVersion, discard: true } },
    work: async (manager, facts) => {
      mustBeFree(facts, named.edition, context);
      const before = mustHaveDraft(facts, named.edition);
      mustBeVersion(before, expectedVersion);
      await forgetDraft(manager, before);
      return answerOf(before);
    },
  });
}

function stepped(before: Draft, step: Step, { caller, now }: WriteContext): Partial<Draft> {
  if (step.action === 'SUBMIT') return { state: DraftState.IN_REVIEW, scheduledFor: null };
  if (step.action === 'SCHEDULE') {
    if (step.at <= now) throw new Refusal('TIME_PASSED', {});
    return { state: DraftState.SCHEDULED, scheduledFor: step.at };
  }
  const changeNote = cleanNotes({ changeNote: step.changeNote }).changeNote || before.changeNote;
  if (!step.accepted) return { state: DraftState.DRAFT, scheduledFor: null, changeNote };
  const origin = before.origin === Origin.HUMAN ? Origin.HUMAN : Origin.MACHINE_REVIEWED;
  return { state: DraftState.IN_REVIEW, scheduledFor: null, changeNote, origin, reviewer: caller.name };
}

/** What is answered of a draft. */
export const answerOf = ({ articleUuid, editionCode, version, savedAt }: Draft): DraftAnswer => ({
  ...{ articleUuid, editionCode, version },
  savedAt: savedAt.toISOString(),
});

/** The text a translator starts from: the first source's. */
function sourceText([first]: readonly SourceRevision[], { translations, article }: StoryFacts): Omit<DeskText, 'slug'> {
  const source = translations.get(first?.edition ?? article.homeEditionCode)?.text;
  if (!first || !source) throw new Refusal('ORIGINAL_FIRST', {});
  return { headline: source.headline, dek: source.dek, body: source.body };
}

/** Throws NO_DRAFT. */
export function mustHaveDraft({ drafts }: StoryFacts, edition: string): Draft {
  const draft = drafts.get(edition);
  if (!draft) throw new Refusal('NO_DRAFT', {});
  return draft;
}

/** Throws DRAFT_MOVED_ON. */
export function mustBeVersion(draft: Draft | undefined, expected: number): void {
  const version = draft?.version ?? 0;
  if (version !== expected) throw new Refusal('DRAFT_MOVED_ON', { version });
}

/** Throws CLAIMED while somebody else works on the text; their own editors may go over it. */
function mustBeFree({ claims }: StoryFacts, edition: string, { caller, now }: WriteContext): void {
  const claim = claims.get(edition);
  if (claim && claim.until > now && claim.holder !== caller.name && caller.roles[edition] === 'TRANSLATOR')
    throw new Refusal('CLAIMED', { holder: claim.holder, until: claim.until.toISOString() });
}
