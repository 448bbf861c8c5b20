import type { DataSource } from 'typeorm';
import { articleLoaders } from '../articles/article.loaders.js';
import type { ArticleContext } from '../articles/article-context.js';
import { creditLoaders } from '../credits/credit.loaders.js';
import { type Editions, loadEditions } from '../editions/edition.loaders.js';
import { speakerOf } from '../editions/speaker.js';
import { imageLoaders } from '../images/image.loaders.js';
import type { Read } from '../lib/load.js';
import type { Wording } from '../lib/wording.js';
import type { NoticeRow } from '../notices/notice.js';
import { loadNotices } from '../notices/notice.loaders.js';
import { type TopicLoaders, topicLoaders } from '../topics/topic.loaders.js';

/** What every request of one gateway shares. */
export interface Gateway {
  dataSource: DataSource;
  wording: Wording;
  clock: () => Date;
  publicUrl: string;
}

/** What one request may use; loaders live as long as it does. */
export interface Context extends ArticleContext {
  load: ArticleContext['load'] & TopicLoaders;
}

/** The context of a request: nothing is read before it is asked for, nothing twice, and nothing once `signal` is aborted. */
export function makeContext({ dataSource, wording, clock, publicUrl }: Gateway, signal?: AbortSignal): Context {
  const read: Read = { manager: dataSource.manager, now: clock(), ...(signal && { signal }) };
  let editions: Promise<Editions> | undefined;
  let notices: Promise<NoticeRow[]> | undefined;
  const registry = { editions: () => (editions ??= loadEditions(read)) };
  return {
    ...registry,
    read,
    publicUrl,
    notices: () => (notices ??= loadNotices(read)),
    speak: (edition) => speakerOf(wording, edition),
    load: { ...topicLoaders(read), ...creditLoaders(read), ...imageLoaders(read), ...articleLoaders(read, registry) },
  };
}
