import type { Speaker } from '../editions/speaker.js';
import { type MessageHead, messageBytes, thinLimit } from './write-body.js';

/** The sentences of `desk.json`, in every folder of `locales`. */
export type DeskWording =
  | ('correctionOwed' | 'correctionOverdue' | 'sourceRetracted' | 'revisionRetracted' | 'storyRetracted')
  | ('translationWanted' | 'claimExpiring');

/** A text that everybody may read. */
export interface NamedForDesk {
  headline: string;
  url: string;
}

/** What a desk's message is made of. */
export interface DeskMessage {
  wording: DeskWording;
  /** The desk's edition, and its voice. */
  edition: string;
  speaker: Speaker;
  source: { edition: string; name: string; revision: number | null; text: NamedForDesk | null } | null;
  own: NamedForDesk | null;
  by: Date | null;
  holder: string | null;
  /** Where the desk asks on. */
  explorer: string;
}

/** The body of a message to a desk, below `thinLimit`: headlines too long for that are left out. */
export function deskMessageBytes(head: MessageHead, message: DeskMessage): Buffer {
  const bytes = messageBytes(head, dataOf(head, message));
  if (bytes.length < thinLimit) return bytes;
  const { source } = message;
  return messageBytes(head, dataOf(head, { ...message, own: null, source: source && { ...source, text: null } }));
}

function dataOf({ article }: MessageHead, message: DeskMessage): object {
  const { edition, speaker, source, own, by, holder, wording, explorer } = message;
  const [headline, url] = [own?.headline ?? source?.text?.headline ?? null, own?.url ?? source?.text?.url ?? null];
  const said = sentenceOf(message);
  return {
    // Each line a paragraph of its own: its words are in whatever direction they are.
    text: [said, headline ?? article, url].filter((line) => line !== null).join('\n'),
    ...{ edition, lang: speaker.lang, dir: speaker.direction.toLowerCase(), headline },
    source: source && { edition: source.edition, revision: source.revision, headline: source.text?.headline ?? null },
    ...(by && (wording === 'claimExpiring' ? { until: by } : { due_at: by })),
    ...(holder !== null && { holder }),
    links: { text: own?.url ?? null, source: source?.text?.url ?? null, explorer },
  };
}

/** What has happened and what is to be done, in the edition's language. */
function sentenceOf({ wording, speaker: { say, direction }, source, by, holder }: DeskMessage): string {
  return say.text('desk', wording, {
    ...(source && { edition: isolated(source.name, direction) }),
    ...(holder !== null && { holder: isolated(holder, direction) }),
    ...(by && { date: say.dateTime(by) }),
  });
}

// Letters of scripts that are written from right to left.
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** A name of the other direction set apart from the sentence, so that what stands beside it stays in its place (UAX #9: FSI, PDI). */
function isolated(name: string, direction: Speaker['direction']): string {
  const isOther = direction === 'RTL' ? /\p{L}/u.test(name) && !rightToLeft.test(name) : rightToLeft.test(name);
  return isOther ? `\u2068${name}\u2069` : name;
}
