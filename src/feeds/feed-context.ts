import type { ArticleContext } from '../articles/article-context.js';
import type { Scope } from '../rights/scope.js';
import type { TopicLoaders } from '../topics/topic.loaders.js';

/** What feeds ask of a request. */
export interface FeedContext extends ArticleContext {
  load: ArticleContext['load'] & Pick<TopicLoaders, 'topic'>;
  /** The publisher's domain, for ids of feeds. */
  domain: string;
  /** Seals cursors. */
  cursorKey: Buffer;
  /** By what a partner reads; undefined for everybody. */
  scope: Scope | undefined;
  /** The same request with nothing remembered, so that a long feed holds no more than a part of it at once. */
  renew(): FeedContext;
}
