import type { Consumer } from '../publishing/consumer.js';
import { keysOfEvent } from './keys-of-event.js';
import type { Purger } from './purger.js';

/** Tells a cache what events change, several in one request; they are settled once the cache has forgotten it. */
export const purgeConsumer = (purger: Purger): Consumer => ({
  name: 'cache-purge',
  handle: (events) => purger.purge(events.flatMap(keysOfEvent)),
});
