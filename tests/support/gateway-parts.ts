import { makeArrivals } from '../../src/publishing/arrivals.js';
import { testCursorKey, testPreviewKey, testSecretsKey } from './keys.js';

/** What a gateway has beside its database, wording, clock and door, as tests have it: nobody waits for its log. */
export const gatewayParts = {
  ...{ publicUrl: 'http://gateway.test', domain: 'meridian.example', committed: () => {} },
  ...{ previewKey: testPreviewKey, cursorKey: testCursorKey, secretsKey: testSecretsKey, arrival: makeArrivals().next },
};
