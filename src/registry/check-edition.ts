import { Refusal } from '../lib/errors.js';
import type { EditionValues } from './edition-shape.js';

/** What is asked of the other editions. */
type Other = Pick<EditionValues, 'code' | 'tag' | 'primary' | 'active' | 'hreflang' | 'articleUrl'>;

/** Throws FIELD_REFUSED or UNKNOWN_NAME for what an edition, whose tag was `former`, cannot be beside the others. */
export function checkBeside(edition: EditionValues, others: readonly Other[], former: string | undefined): void {
  const refuse = (field: keyof EditionValues, detail: string): never => {
    throw new Refusal('FIELD_REFUSED', { field, detail });
  };
  const unknown = edition.fallbacks.find((code) => !others.some((other) => other.code === code));
  if (unknown !== undefined) throw new Refusal('UNKNOWN_NAME', { value: unknown, field: 'fallbacks' });
  const [open, sameTag] = [others.filter(({ active }) => active), others.filter(({ active, tag }) => active && tag === edition.tag)];
  const primary = sameTag.find((other) => other.primary);
  const isPrimary = edition.active && edition.primary;
  if (isPrimary && primary) refuse('primary', `${primary.code} is the primary edition of ${edition.tag}`);
  if (!isPrimary && !primary && (edition.active || sameTag.length > 0))
    refuse('primary', `no other active edition of ${edition.tag} is primary`);
  const left = former === edition.tag ? [] : open.filter(({ tag }) => tag === former);
  if (left.length > 0 && !left.some((other) => other.primary)) refuse('tag', `no other active edition of ${former} is primary`);
  const twin = open.find(({ hreflang }) => hreflang !== null && hreflang === edition.hreflang);
  if (edition.active && twin) refuse('hreflang', `${twin.code} has it`);
  const site = others.find(({ articleUrl }) => articleUrl !== null && articleUrl === edition.articleUrl);
  if (site) refuse('articleUrl', `${site.code} has it`);
}

/** The patterns its addresses once had: those given, and the one that a new one takes the place of. */
export function formerAddresses(edition: EditionValues, before: { articleUrl: string | null } | undefined): string[] {
  const left = before?.articleUrl ?? null;
  return [...new Set([...edition.formerArticleUrls, ...(left === null ? [] : [left])])].filter((pattern) => pattern !== edition.articleUrl);
}
