import type { Speaker } from '../editions/speaker.js';
import { type Audience, appliesTo } from './applies-to.js';

export type NoticeKindName =
  | 'LEGAL'
  | 'SAFETY'
  | 'ABOUT'
  | 'CORRECTION'
  | 'RETRACTION'
  | 'STALE'
  | 'MACHINE_TRANSLATION'
  | 'FALLBACK'
  | 'PARTNER';
export type PlacementName = 'ABOVE_HEADLINE' | 'BEFORE_BODY' | 'AFTER_BODY' | 'ABOUT_BOX';

/** A notice of the registry as composers need it. */
export interface NoticeFacts extends Audience {
  code: string;
  kind: NoticeKindName;
  placement: PlacementName;
  mustCarry: boolean;
  position: number;
  version: number;
  wording: string;
  values: Record<string, number>;
  legalLanguage: string;
  linkUrl: string | null;
  linkWording: string | null;
  imageCode: string | null;
}

/** Codes, and wordings, of the notices that no registry has: a text calls for them by itself. */
export const generatedCodes: ReadonlySet<string> = new Set([
  ...['fallback', 'fallbackEdition', 'machineTranslation', 'machineTranslationReviewed', 'correction', 'correctionPending'],
]);

/** What the text served calls for by itself. */
export interface TextFacts {
  /** Whose text is served instead of what was asked for, as that edition calls itself; null when it is what was asked for. */
  substitute: { edition: string; sameLanguage: boolean } | null;
  origin: 'HUMAN' | 'MACHINE' | 'MACHINE_REVIEWED';
  /** The reader-facing note of the latest correction, in the language of the text, with its time and the number of its revision. */
  correction: { note: string; at: Date; revision: number } | null;
  /** When a source of the text was corrected without the text having been updated or confirmed since; null when nothing is owed. */
  pendingCorrectionAt: Date | null;
  /** When what the text misses of its sources was last updated, where its readers are to be told; null where nothing is missed or told. */
  staleSince: Date | null;
}

/** A notice as a reader gets it. */
export interface ComposedNotice {
  code: string;
  kind: NoticeKindName;
  placement: PlacementName;
  mustCarry: boolean;
  version: number;
  text: string;
  lang: string;
  direction: Speaker['direction'];
  link: { url: string; text: string } | null;
  imageCode: string | null;
}

export interface NoticeRequest {
  territory: string;
  channel: string;
  /** Codes of the edition asked for and of the one whose text is served. */
  editions: readonly string[];
  now: Date;
}

/**
 * Everything a reader must be told with one answer, in a stable order: what the text calls for first, then the registry's by position and code.
 * `reader` speaks the language of the edition asked for, `text` that of the text served, `legal` the declared language of a notice that the reader's lacks.
 */
export function composeNotices(
  registry: readonly NoticeFacts[],
  text: TextFacts | null,
  request: NoticeRequest,
  speakers: { reader: Speaker; text: Speaker; legal: (tag: string) => Speaker | undefined },
): ComposedNotice[] {
  const standing = registry
    .filter((notice) => appliesTo(notice, request))
    .sort((a, b) => a.position - b.position || (a.code < b.code ? -1 : 1))
    .map((notice) => wordStanding(notice, speakers));
  return [...(text ? ofText(text, speakers) : []), ...standing];
}

/** What has to be worded of a notice. */
type Worded = Pick<NoticeFacts, 'wording' | 'linkWording' | 'values'>;

/** Whether a language has all of a notice: its text, its link and its numbers, for it is told whole in one. */
export const canWord = ({ wording, linkWording, values }: Worded, { say }: Speaker): boolean =>
  [wording, linkWording ?? wording, ...Object.keys(values).map((name) => `${name}_other`)].every((key) => say.has('notices', key));

function wordStanding(
  notice: NoticeFacts,
  { reader, legal }: { reader: Speaker; legal: (tag: string) => Speaker | undefined },
): ComposedNotice {
  const worded = [reader, legal(notice.legalLanguage)].find((speaker) => speaker && canWord(notice, speaker));
  if (!worded) throw new Error(`notice ${notice.code} has no wording, not even in ${notice.legalLanguage}`);
  const { code, kind, placement, mustCarry, version, imageCode } = notice;
  const counts = Object.entries(notice.values).map(([name, value]) => [name, worded.say.count('notices', name, value)]);
  return {
    ...{ code, kind, placement, mustCarry, version, imageCode },
    ...spoken(worded, notice.wording, { publisher: worded.publisher, ...Object.fromEntries(counts) }),
    link: notice.linkUrl && notice.linkWording ? { url: notice.linkUrl, text: worded.say.text('notices', notice.linkWording) } : null,
  };
}

/**
 * Fallback, machine translation, an owed correction and a missed update speak to the reader; a correction's note is in the text's language, and
 * so is its frame. Under one code the first two never say anything else and stay at version 1; a correction is told anew by the next one, and
 * has its revision's number; what is owed or missed names a minute, and has the number of that minute.
 */
function ofText(facts: TextFacts, { reader, text }: { reader: Speaker; text: Speaker }): ComposedNotice[] {
  const generated = (kind: NoticeKindName, placement: PlacementName, speaker: Speaker, wording: string, values = {}): ComposedNotice => ({
    ...{ code: wording, kind, placement, mustCarry: true, version: 1, link: null, imageCode: null },
    ...spoken(speaker, wording, values),
  });
  const notices: ComposedNotice[] = [];
  if (facts.substitute) {
    const { edition, sameLanguage } = facts.substitute;
    const wording = sameLanguage ? 'fallbackEdition' : 'fallback';
    notices.push(generated('FALLBACK', 'ABOVE_HEADLINE', reader, wording, sameLanguage ? { edition } : { language: edition }));
  }
  if (facts.origin !== 'HUMAN') {
    const wording = facts.origin === 'MACHINE' ? 'machineTranslation' : 'machineTranslationReviewed';
    notices.push(generated('MACHINE_TRANSLATION', 'BEFORE_BODY', reader, wording));
  }
  if (facts.correction) {
    const { note, at, revision } = facts.correction;
    const notice = generated('CORRECTION', 'BEFORE_BODY', text, 'correction', { note, date: text.say.dateTime(at) });
    notices.push({ ...notice, version: revision });
  }
  const behind = (kind: NoticeKindName, wording: string, since: Date): void => {
    const notice = generated(kind, 'BEFORE_BODY', reader, wording, { date: reader.say.dateTime(since) });
    notices.push({ ...notice, version: Math.floor(since.getTime() / 60_000) });
  };
  if (facts.pendingCorrectionAt) behind('CORRECTION', 'correctionPending', facts.pendingCorrectionAt);
  else if (facts.staleSince) behind('STALE', 'stale', facts.staleSince);
  return notices;
}

const spoken = ({ say, lang, direction }: Speaker, wording: string, values: Record<string, string>) => ({
  text: say.text('notices', wording, values),
  lang,
  direction,
});
