import type { ArticleContext } from '../articles/article-context.js';
import type { Caller } from '../desks/role.js';
import type { Say } from '../lib/wording.js';
import type { TopicLoaders } from '../topics/topic.loaders.js';
import type { WriteContext } from './write.js';

/** What resolvers of desks' work ask of a request. */
export interface DeskContext extends ArticleContext {
  load: ArticleContext['load'] & TopicLoaders;
  caller: Caller;
  requestId: string;
  /** Words problems in the caller's language. */
  sayError: Say;
  write: WriteContext;
  /** The publisher's domain, for the URNs of new stories. */
  domain: string;
  /** Seals the links of previews. */
  previewKey: Buffer;
}
