import type { Caller } from '../desks/role.js';
import type { Read } from '../lib/load.js';
import type { Say } from '../lib/wording.js';
import type { WriteContext } from '../publishing/write.js';
import type { TakedownLoaders } from './takedown.loaders.js';

/** What resolvers of take-down orders ask of a request. */
export interface TakedownContext {
  read: Read;
  caller: Caller;
  load: TakedownLoaders;
  /** Words problems in the caller's language. */
  sayError: Say;
  write: WriteContext;
}
