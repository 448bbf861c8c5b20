import { Refusal } from '../lib/errors.js';

/** The lasting id of an endpoint: `endpoint:{uuid}`. */
export const endpointId = (uuid: string): string => `endpoint:${uuid}`;

/** The uuid in an endpoint's id. Throws NOT_FOUND for anything else, as for an endpoint that is not there. */
export function endpointUuid(id: string): string {
  const uuid = /^endpoint:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u.exec(id)?.[1];
  if (uuid === undefined) throw new Refusal('NOT_FOUND', {});
  return uuid;
}
