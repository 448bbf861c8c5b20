import type { CreditLoaders } from '../credits/credit.loaders.js';
import type { EditionContext } from '../editions/edition.loaders.js';
import type { ImageLoaders } from '../images/image.loaders.js';
import type { Read } from '../lib/load.js';
import type { NoticeRow } from '../notices/notice.js';
import type { Access } from '../rights/access.js';
import type { ArticleLoaders } from './article.loaders.js';
import type { DraftLoaders } from './draft-loaders.js';

/** Names one edition's version of a story. */
interface TextKey {
  articleUuid: string;
  editionCode: string;
}

/** What a caller may have of texts, asked of each. */
export interface AccessContext {
  /** Whether the caller may have all that is public, so that nothing is asked. */
  isUnlimited: boolean;
  /** Of a text: all that is public, or what `match` gives a partner. */
  accessOf(text: TextKey): Promise<Access>;
  /** Whether the caller might have a text that was there until a moment and is not now; `out`: whether it is known that everybody could see it. */
  mightHaveHad(text: TextKey, until: Date, known?: { out: boolean }): Promise<boolean>;
}

/** What resolvers of stories ask of a request. */
export interface ArticleContext extends EditionContext, AccessContext {
  read: Read;
  /** As `read`, or for who is told late as of when texts are told. */
  texts: Read;
  load: ArticleLoaders & CreditLoaders & ImageLoaders & DraftLoaders;
  /** The registry of notices, read once for each request. */
  notices(): Promise<NoticeRow[]>;
  /** When what a text lacks of its sources was last updated, while that is no more than updates; null otherwise. */
  staleSince(translation: { articleUuid: string; editionCode: string; revision: number }): Promise<Date | null>;
  /** The gateway's own address, without a slash at its end. */
  publicUrl: string;
  /** The whole address of a file of the gateway, by its path; an address elsewhere stays as it is. */
  fileUrl(path: string): string;
}
