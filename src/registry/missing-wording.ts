import type { Editions } from '../editions/edition.loaders.js';
import { speakerOf } from '../editions/speaker.js';
import type { Wording } from '../lib/wording.js';
import { canWord } from '../notices/compose-notices.js';
import type { NoticeRow } from '../notices/notice.js';

/** A notice, as far as its wording goes. */
export type WordedNotice = Pick<NoticeRow, 'code' | 'legalLanguage' | 'wording' | 'linkWording' | 'values'>;

/** What `locales/` lacks for a registry, in words: the wording of an active edition, or of a notice in the language it falls back to. */
export function missingWording(editions: Editions, notices: readonly WordedNotice[], wording: Wording): string[] {
  const unspoken = editions.active
    .filter(({ tag }) => !wording.tags.includes(tag))
    .map(({ code, tag }) => `edition ${code}: there is no folder locales/${tag}`);
  const unworded = notices
    .filter((notice) => {
      const edition = editions.speaking(notice.legalLanguage);
      return !edition || !wording.tags.includes(edition.tag) || !canWord(notice, speakerOf(wording, edition));
    })
    .map(({ code, legalLanguage, wording: key }) => `notice ${code}: no edition words "${key}" in its legal language ${legalLanguage}`);
  return [...unspoken, ...unworded];
}
