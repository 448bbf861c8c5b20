import type { EntityManager } from 'typeorm';
import { loadEditions } from '../editions/edition.loaders.js';
import { speakerOf } from '../editions/speaker.js';
import type { Wording } from '../lib/wording.js';
import { canWord } from '../notices/compose-notices.js';
import { loadNotices } from '../notices/notice.loaders.js';

/** Throws with what is missing in `locales/`: the wording of an active edition, or of a notice in the language it falls back to. */
export async function checkRegistry(manager: EntityManager, wording: Wording): Promise<void> {
  const editions = await loadEditions({ manager });
  const unspoken = editions.active
    .filter(({ tag }) => !wording.tags.includes(tag))
    .map(({ code, tag }) => `edition ${code}: there is no folder locales/${tag}`);
  const unworded = (await loadNotices({ manager }))
    .filter((notice) => {
      const edition = editions.speaking(notice.legalLanguage);
      return !edition || !wording.tags.includes(edition.tag) || !canWord(notice, speakerOf(wording, edition));
    })
    .map(({ code, legalLanguage, wording: key }) => `notice ${code}: no edition words "${key}" in its legal language ${legalLanguage}`);
  const missing = [...unspoken, ...unworded];
  if (missing.length > 0) throw new Error(`What readers must be told cannot be worded:\n${missing.map((each) => `  ${each}`).join('\n')}`);
}
