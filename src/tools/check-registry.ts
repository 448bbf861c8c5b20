import type { EntityManager } from 'typeorm';
import { loadEditions } from '../editions/edition.loaders.js';
import type { Wording } from '../lib/wording.js';
import { loadNotices } from '../notices/notice.loaders.js';
import { missingWording } from '../registry/missing-wording.js';

/** Throws with what is missing in `locales/`: the wording of an active edition, or of a notice in the language it falls back to. */
export async function checkRegistry(manager: EntityManager, wording: Wording): Promise<void> {
  const missing = missingWording(await loadEditions({ manager }), await loadNotices({ manager }), wording);
  if (missing.length > 0) throw new Error(`What readers must be told cannot be worded:\n${missing.map((each) => `  ${each}`).join('\n')}`);
}
