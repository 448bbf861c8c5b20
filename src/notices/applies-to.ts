import { countryOf, isListedPart, outwards } from '../lib/territories.js';

/** For whom a notice is: an empty list means everybody. */
export interface Audience {
  kind: string;
  territories: readonly string[];
  excludedTerritories: readonly string[];
  editions: readonly string[];
  channels: readonly string[];
  effectiveFrom: Date;
  effectiveUntil: Date | null;
}

/**
 * Territories touch when one lies in the other: RU-TA is told what RU is told, UA what UA-43 is told, and ES-B what ES-CT is told. A part that
 * no list knows may lie anywhere in its country, so that it counts as the whole of it.
 */
const touches = (aimed: string, reader: string): boolean =>
  contains(aimed, reader) ||
  contains(reader, aimed) ||
  (countryOf(aimed) === countryOf(reader) && !(isListedPart(aimed) && isListedPart(reader)));

/** Only what certainly contains the reader excludes: RU excludes RU-TA, but UA-43 does not exclude a reader known to be in UA. */
const contains = (aimed: string, reader: string): boolean => outwards(reader).includes(aimed);

/** Whether a reader must get this notice. UNKNOWN gets every LEGAL and SAFETY notice, whoever it is aimed at, and no other aimed at territories. */
export function appliesTo(
  notice: Audience,
  reader: { territory: string; channel: string; editions: readonly string[]; now: Date },
): boolean {
  if (reader.now < notice.effectiveFrom || (notice.effectiveUntil && reader.now >= notice.effectiveUntil)) return false;
  if (notice.channels.length > 0 && !notice.channels.includes(reader.channel)) return false;
  if (notice.editions.length > 0 && !notice.editions.some((edition) => reader.editions.includes(edition))) return false;
  if (reader.territory === 'UNKNOWN') return notice.territories.length === 0 || notice.kind === 'LEGAL' || notice.kind === 'SAFETY';
  if (notice.excludedTerritories.some((excluded) => contains(excluded, reader.territory))) return false;
  return notice.territories.length === 0 || notice.territories.some((aimed) => touches(aimed, reader.territory));
}
