import type { GivenText } from '../ledger/hold.js';
import type { DeliveredText } from './delivery.js';

/** Of what a body told, the texts that were in it themselves: those its partner holds once it has taken it. */
export const givenTexts = (texts: readonly DeliveredText[]): GivenText[] =>
  texts.flatMap(({ articleUuid, editionCode, revision, given }) =>
    given === undefined || revision === null ? [] : [{ articleUuid, editionCode, revision, notices: given.notices }],
  );
