import type { EntityManager } from 'typeorm';
import { accessBy } from '../publishing/access-of.js';
import { scopeOf } from '../rights/scope.js';

/** One text and one partner. */
export interface PartnersText {
  partner: string;
  article: string;
  edition: string;
}

/** Of some texts, those that a partner may have at a moment, or will be given as soon as its delay lets it; of many in some statements for each partner. */
export async function stillGiven(manager: EntityManager, texts: readonly PartnersText[], now: Date): Promise<Set<string>> {
  const read = { manager, now };
  const given = new Set<string>();
  for (const partner of new Set(texts.map((each) => each.partner))) {
    const scope = await scopeOf(read, partner);
    if (!scope) continue;
    const { accessOf } = accessBy(read, scope);
    const own = texts.filter((each) => each.partner === partner);
    await Promise.all(
      own.map(async (text) => {
        const { allowed, reason } = await accessOf({ articleUuid: text.article, editionCode: text.edition });
        if (allowed || reason === 'DELAYED') given.add(textName(text));
      }),
    );
  }
  return given;
}

/** A partner and a text, in one word. */
export const textName = ({ partner, article, edition }: PartnersText): string => `${partner} ${article}.${edition}`;
