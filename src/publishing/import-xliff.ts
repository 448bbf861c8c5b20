import type { SpanData } from '../articles/body.js';
import type { UnitFault } from './read-inline-codes.js';
import type { XliffDocument } from './read-xliff.js';
import type { StoryText, XliffState } from './xliff.js';
import { mapUnits, type Unit, unitsOf } from './xliff-units.js';

/** What the desk is told of one unit; `taken` says whether its target went into the text all the same. */
export interface UnitReport {
  unit: string;
  reason: UnitFault | 'UNKNOWN_UNIT' | 'LOST_LINK' | 'CHANGED_QUOTATION';
  detail: string;
  taken: boolean;
}

export interface ImportedText {
  text: StoryText;
  /** How far each unit that was taken has come. */
  states: Map<string, XliffState>;
  reports: UnitReport[];
}

/**
 * The target text of a file, in the form of the source it was made from: the source's blocks with the file's words. A unit that is not
 * taken keeps the words of the `present` target when there are some, else the source's. Whether the source is still the current one
 * (`document.source`), and whether this is the file of this translation (`document.original`), is for the caller to decide.
 */
export function importXliff(document: XliffDocument, source: StoryText, present?: StoryText): ImportedText {
  const states = new Map<string, XliffState>();
  const reports: UnitReport[] = [];
  const known = new Set<string>();
  const kept = present && unitsOf(present);

  const text = mapUnits(source, (unit) => {
    known.add(unit.id);
    const read = document.units.get(unit.id);
    if (unit.isAddress || read?.translate === false) return unit.spans;
    const fault = read ? read.fault : missing(unit);
    if (fault) reports.push({ unit: unit.id, ...fault, taken: false });
    if (!read?.spans) return (fault && kept?.get(unit.id)?.spans) ?? unit.spans;
    states.set(unit.id, read.state);
    for (const href of lostLinks(unit.spans, read.spans)) {
      reports.push({ unit: unit.id, reason: 'LOST_LINK', detail: `the link to ${href} is not in the target`, taken: true });
    }
    for (const words of changedQuotations(unit.spans, read.spans, document.trgLang)) {
      const detail = `the words “${words.slice(0, 100)}”, quoted in the original, are not in the target as they were`;
      reports.push({ unit: unit.id, reason: 'CHANGED_QUOTATION', detail, taken: true });
    }
    return read.spans;
  });
  for (const id of document.units.keys()) {
    if (!known.has(id)) reports.push({ unit: id.slice(0, 100), reason: 'UNKNOWN_UNIT', detail: 'is not in the source', taken: false });
  }
  return { text, states, reports };
}

const missing = ({ spans }: Unit) => (spans.length > 0 ? { reason: 'MISSING_TARGET' as const, detail: 'is not in the file' } : undefined);

function lostLinks(source: readonly SpanData[], target: readonly SpanData[]): Set<string> {
  const there = new Set(target.map(({ href }) => href));
  return new Set(source.flatMap(({ href }) => (href !== undefined && !there.has(href) ? [href] : [])));
}

/** Words in another language, as they stand together in the source, that the target does not have in that language; in its own they need no mark. */
function changedQuotations(source: readonly SpanData[], target: readonly SpanData[], language: string | null): string[] {
  const there = quotations(target.map((span) => ({ lang: language ?? undefined, ...span })));
  return quotations(source)
    .filter(({ lang, text }) => text.trim() !== '' && !there.some((each) => each.lang === lang && each.text.includes(text.trim())))
    .map(({ text }) => text.trim());
}

function quotations(spans: readonly { text: string; lang?: string | undefined }[]): { lang: string; text: string }[] {
  const found: { lang: string; text: string }[] = [];
  let before: string | undefined;
  for (const { lang, text } of spans) {
    if (lang !== undefined && lang === before) found.at(-1)!.text += text;
    else if (lang !== undefined) found.push({ lang, text });
    before = lang;
  }
  return found;
}
