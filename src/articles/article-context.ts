import type { CreditLoaders } from '../credits/credit.loaders.js';
import type { EditionContext } from '../editions/edition.loaders.js';
import type { ImageLoaders } from '../images/image.loaders.js';
import type { Read } from '../lib/load.js';
import type { NoticeRow } from '../notices/notice.js';
import type { ArticleLoaders } from './article.loaders.js';
import type { DraftLoaders } from './draft-loaders.js';

/** What resolvers of stories ask of a request. */
export interface ArticleContext extends EditionContext {
  read: Read;
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
