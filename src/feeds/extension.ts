import { type XmlElement, xml } from '../lib/xml.js';
import { type Entry, type Gone, type Item, isGone } from './item.js';

/** Namespace of the elements for what RSS, Atom and NewsML-G2 have no place for. */
export const dragoman = 'urn:x-dragoman:item:1';

/** What JSON Feed has no place for. */
export const extensionOf = (entry: Entry): object => ({
  ...{ story: entry.articleId, edition: entry.edition.code, direction: entry.edition.direction.toLowerCase(), revision: entry.revision },
  ...(entry.event !== undefined && { event: entry.event }),
  ...(isGone(entry)
    ? {
        retracted: {
          ...{ kind: entry.kind, at: entry.retractedAt },
          ...(entry.replacedBy !== undefined && { replacement: entry.replacedBy }),
          ...(entry.takedown && { takedown: { id: entry.takedown.id, due: entry.takedown.dueAt } }),
        },
      }
    : { retracted: null, ...detailsOf(entry) }),
});

const detailsOf = (item: Item): object => ({
  ...{ significance: item.significance, origin: item.origin, kind: item.kind, urgency: item.urgency },
  ...{ kicker: item.kicker, byline: item.byline, credit_line: item.creditLine, credits: item.credits },
  notices: item.notices.map(({ code, kind, placement, mustCarry, version, lang, direction, text, link }) => ({
    ...{ code, kind, placement, must_carry: mustCarry, version, lang, direction: direction.toLowerCase(), text, link },
  })),
  editions: item.alternates.map(({ id, edition, lang, url }) => ({ id, edition, lang, url })),
  ...{ rights: item.rights, territories: item.territories, usage_terms: item.usageTerms, expires: item.expiresAt, omitted: item.omitted },
});

/** The same as elements behind the prefix `dragoman`, but for what each of the XML formats has a place for. */
export const extensionElements = (entry: Entry): XmlElement[] => [
  element('story', entry.articleId),
  xml('dragoman:edition', { direction: entry.edition.direction.toLowerCase() }, entry.edition.code),
  element('revision', entry.revision),
  ...(entry.event === undefined ? [] : [element('event', entry.event)]),
  ...(isGone(entry) ? [retraction(entry)] : detailElements(entry)),
];

const element = (name: string, value: string | number): XmlElement => xml(`dragoman:${name}`, {}, `${value}`);
const optional = (name: string, value: string | null): XmlElement[] => (value === null ? [] : [element(name, value)]);

const retraction = ({ kind, retractedAt, replacedBy, takedown }: Gone): XmlElement =>
  xml('dragoman:retracted', {
    ...{ kind, at: retractedAt.toISOString(), replacement: replacedBy },
    ...{ takedown: takedown?.id, due: takedown?.dueAt.toISOString() },
  });

const detailElements = (item: Item): XmlElement[] => [
  ...[element('significance', item.significance), element('origin', item.origin), element('kind', item.kind)],
  element('urgency', item.urgency),
  ...[...optional('kicker', item.kicker), ...optional('byline', item.byline), ...optional('creditLine', item.creditLine)],
  ...item.credits.map(({ role, id, name, lang }) => xml('dragoman:credit', { role, id, 'xml:lang': lang }, name)),
  ...item.notices.map(({ code, kind, placement, mustCarry, version, lang, direction, text, link }) =>
    xml(
      'dragoman:notice',
      {
        ...{ code, kind, placement, mustCarry: `${mustCarry}`, version, 'xml:lang': lang, direction: direction.toLowerCase() },
        href: link?.url,
      },
      text,
    ),
  ),
  ...item.territories.map((code) => element('territory', code)),
  ...[...optional('usageTerms', item.usageTerms), ...optional('expires', item.expiresAt?.toISOString() ?? null)],
  ...item.omitted.map(({ part, image, reason }) => xml('dragoman:omitted', { part, image: image ?? undefined, reason })),
];
