import type { Article, ArticleKind } from '../articles/article.js';
import { RetractionKind, type TombstoneRow, tombstoneRow } from '../articles/tombstone.js';
import type { RevisionBasis } from '../articles/translation.js';
import { CreditRole, type CreditRow } from '../credits/credit.js';
import type { Values } from '../lib/insert-rows.js';
import { articleUuid, partUuid } from './ids.js';
import { originalProblem, type Times } from './original-problem.js';
import { leftAsItIs, planTranslation, type TranslationPlan } from './plan-translation.js';
import type { Story } from './story.js';
import type { StoredTranslation } from './story.queries.js';

/** A story that cannot be written as it is; the message says why, in words for the operator. */
export class StoryRefused extends Error {
  override name = 'StoryRefused';
}

/** What is to be written of one story, beside its own row. */
export interface StoryPlan {
  uuid: string;
  translations: TranslationPlan[];
  bases: RevisionBasis[];
  credits: CreditRow[];
  tombstones: TombstoneRow[];
}

const time = (instant: string | null | undefined): Date | null => (instant == null ? null : new Date(instant));

/** The story's own row; `now` dates the URN of a draft without embargo. */
export function articleRow(story: Story, { domain, now }: { domain: string; now: Date }): Values<Article> {
  const issued = time(story.publishedAt) ?? time(story.embargoUntil) ?? now;
  return {
    uuid: articleUuid(story.id),
    domain,
    issuedOn: issued.toISOString().slice(0, 10).replaceAll('-', ''),
    homeEditionCode: story.homeEdition,
    kind: story.kind as ArticleKind,
    urgency: story.urgency,
    imageCode: story.image ?? null,
    publishedAt: time(story.publishedAt),
    embargoUntil: time(story.embargoUntil),
    retractedAt: time(story.retracted?.at),
    foreignId: story.id,
  };
}

/** What is there already of a story; `article` is undefined for a new one. */
export interface StoredStory {
  article: Values<Article> | undefined;
  translations: readonly StoredTranslation[];
}

/** What is to be written of a story, given what is there of it: nothing, while it is taken back. Throws StoryRefused. */
export function planStory(story: Story, stored: StoredStory, now: Date): StoryPlan {
  const home = stored.article?.homeEditionCode ?? story.homeEdition;
  if (home !== story.homeEdition) throw new StoryRefused(`its original is in edition ${home} and cannot move to ${story.homeEdition}`);
  const uuid = articleUuid(story.id);
  const storedOf = new Map(stored.translations.map((each) => [each.editionCode, each]));
  if (stored.article?.retractedAt) {
    const left = story.translations.map((given) => leftAsItIs(given, storedOf.get(given.edition)));
    return { uuid, translations: left, bases: [], credits: [], tombstones: [] };
  }
  const plans = new Map<string, TranslationPlan>();
  for (const given of story.translations) {
    if (plans.has(given.edition)) throw new StoryRefused(`edition ${given.edition} is given twice`);
    plans.set(given.edition, planTranslation(given, { story, uuid, stored: storedOf.get(given.edition), now }));
  }
  const problem = originalProblem(timesOf(story, stored.article), plans.get(home)?.row ?? storedOf.get(home), home);
  if (problem) throw new StoryRefused(problem);
  const translations = [...plans.values()];
  return {
    uuid,
    translations,
    bases: translations.flatMap((plan) => basesOf(plan, home, plans, storedOf)),
    credits: [null, ...story.translations.filter(({ edition }) => !storedOf.get(edition)?.retractedAt)].flatMap((translation) =>
      creditsOf(story, uuid, translation),
    ),
    tombstones: [null, ...story.translations].flatMap((translation) => tombstoneOf(story, uuid, translation)),
  };
}

/** What will hold of the story's times once it is written: nothing that is there is taken back. */
const timesOf = (story: Story, stored: Times | undefined): Times => ({
  publishedAt: stored?.publishedAt ?? time(story.publishedAt),
  retractedAt: stored?.retractedAt ?? time(story.retracted?.at),
});

function basesOf(
  { given, revisions, shift }: TranslationPlan,
  home: string,
  plans: ReadonlyMap<string, TranslationPlan>,
  stored: ReadonlyMap<string, StoredTranslation>,
): RevisionBasis[] {
  const newest = plans.get(home)?.revision ?? stored.get(home)?.revision;
  return revisions.flatMap(({ articleUuid, editionCode, number }) => {
    const named = given.revisions[number - 1 - shift]!.basis.map(({ edition, revision }) => {
      const last = plans.get(edition)?.revision ?? stored.get(edition)?.revision ?? 0;
      const source = revision + (plans.get(edition)?.shift ?? 0);
      if (source < 1 || source > last) {
        throw new StoryRefused(`${editionCode} is made from revision ${revision} of ${edition}, which the story does not have`);
      }
      return { sourceEditionCode: edition, sourceNumber: source };
    });
    const assumed = editionCode === home || newest === undefined ? [] : [{ sourceEditionCode: home, sourceNumber: newest }];
    return (named.length > 0 ? named : assumed).map((source) => ({ articleUuid, editionCode, number, ...source }));
  });
}

type Part = Story['translations'][number] | null;

const creditsOf = (story: Story, uuid: string, translation: Part): CreditRow[] =>
  (translation ?? story).credits.map((credit, position) => {
    const personCode = 'person' in credit ? credit.person : null;
    const agencyCode = 'agency' in credit ? credit.agency : null;
    const editionCode = translation?.edition ?? null;
    return {
      uuid: partUuid('credit', story.id, editionCode, credit.role, personCode, agencyCode),
      articleUuid: uuid,
      editionCode,
      imageCode: null,
      role: CreditRole[credit.role],
      personCode,
      agencyCode,
      position,
    };
  });

function tombstoneOf(story: Story, uuid: string, translation: Part): TombstoneRow[] {
  const { retracted } = translation ?? story;
  if (!retracted) return [];
  const editionCode = translation?.edition ?? null;
  return [
    tombstoneRow({
      uuid: partUuid('tombstone', story.id, editionCode),
      articleUuid: uuid,
      editionCode,
      kind: RetractionKind[retracted.kind],
      retractedAt: new Date(retracted.at),
      notes: retracted.note ?? {},
    }),
  ];
}
