/**
 * The variables of a partner's own document that the gateway sets from what is told, and their types: ids of the event, of the story (its URN) and of the
 * text, and the code of its edition. What an event has not is not set.
 */
export const documentVariables = { event: 'ID', article: 'ID', translation: 'ID', edition: 'EditionCode' } as const;
