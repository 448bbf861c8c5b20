import { randomUUID } from 'node:crypto';
import { Article } from '../articles/article.js';
import { slugOf } from '../articles/slug.js';
import { CreditRole } from '../credits/credit.js';
import { storyCredit } from '../credits/party-in-role.js';
import { Refusal } from '../lib/errors.js';
import { insertRows } from '../lib/insert-rows.js';
import { namedLists, replaceNamed } from './article-facts.queries.js';
import { checkedInput } from './checked-input.js';
import { replaceCredits } from './credit.queries.js';
import { creditsOfInput } from './credit-input.js';
import { type DeskText, draftOf } from './desk-text.js';
import { openSlot, storeDraft } from './draft.queries.js';
import { setTimers } from './event.queries.js';
import { mustBeAllowed } from './policy.js';
import { type ArticleFactsInput, factsShape } from './update-article.js';
import { type WriteContext, write } from './write.js';
import { answerOf, type DraftAnswer } from './write-draft.js';

/** A new story as its home edition makes it. */
export interface NewArticle extends Omit<ArticleFactsInput, 'credits'> {
  edition: string;
  /** People who wrote it, and agencies whose copy is used: its credits in all editions. */
  authors: readonly string[];
  wires: readonly string[];
  embargoUntil: Date | null;
  text: DeskText;
  idempotencyKey?: string | null | undefined;
}

/** Makes a story with the draft of its original. Nothing of it is seen before it is published. Throws UNKNOWN_NAME, FIELD_REFUSED, FORBIDDEN, TIME_PASSED. */
export function createArticle(context: WriteContext, domain: string, given: NewArticle): Promise<DraftAnswer> {
  const { caller, now } = context;
  const { edition, text, idempotencyKey, ...facts } = given;
  const { embargoUntil, authors, wires, ...asked } = facts;
  mustBeAllowed(caller, 'CREATE_ARTICLE', { edition, home: edition });
  const { image: imageCode, kind, urgency, ...named } = checkedInput(factsShape, asked);
  const credits = [
    ...creditsOfInput(
      authors.map((person) => ({ role: CreditRole.AUTHOR, person })),
      storyCredit,
      'authors',
    ),
    ...creditsOfInput(
      wires.map((agency) => ({ role: CreditRole.WIRE, agency })),
      storyCredit,
      'wires',
    ),
  ];
  if (embargoUntil !== null && embargoUntil <= now) throw new Refusal('TIME_PASSED', {});
  const uuid = randomUUID();
  return write(context, {
    ...{ action: 'CREATE_ARTICLE', articles: [], edition, idempotencyKey, input: { facts, text } },
    work: async (manager) => {
      await insertRows(manager, Article, [
        {
          ...{ uuid, domain, homeEditionCode: edition, kind, urgency, imageCode },
          issuedOn: (embargoUntil ?? now).toISOString().slice(0, 10).replaceAll('-', ''),
          ...{ publishedAt: null, embargoUntil, retractedAt: null, foreignId: null },
        },
      ]);
      for (const list of namedLists) await replaceNamed(manager, uuid, list, named[list]);
      await replaceCredits(manager, { articleUuid: uuid, editionCode: null }, credits, now);
      await setTimers(manager, [{ kind: 'EMBARGO', key: uuid, at: embargoUntil, articleUuid: uuid }]);
      const slot = { articleUuid: uuid, editionCode: edition };
      await openSlot(manager, { ...slot, isOriginal: true, slug: slugOf(text.headline, uuid) });
      const draft = draftOf(slot, text, {}, { before: undefined, basis: [], author: caller.name, now });
      await storeDraft(manager, draft);
      return answerOf(draft);
    },
    places: () => [{ articleUuid: uuid, edition }],
  });
}
