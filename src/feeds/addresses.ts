/** Which feed: of an edition, or of one topic in it; `extension` is that of the format it is written in. */
export interface FeedName {
  edition: string;
  topic?: string | undefined;
  extension: string;
  /** The partner whose own feed it is; left out for what everybody is given. */
  partner?: string | undefined;
}

/** Which form of a feed: the newest texts, what follows a place in the log, or the texts of one day. */
export interface FeedForm {
  after?: string | undefined;
  limit?: number | undefined;
  /** As `2026-11-24`, of UTC. */
  archive?: string | undefined;
}

/** The address of a feed: one for each edition, topic, format and reader; each form of it has its own. */
export function feedUrl(
  publicUrl: string,
  { edition, topic, extension, partner }: FeedName,
  { after, limit, archive }: FeedForm = {},
): string {
  const path = [edition, ...(topic === undefined ? [] : [encodeURIComponent(topic)])].join('/');
  const query = Object.entries({ for: partner, after, limit, archive }).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${value}`,
  );
  return `${publicUrl}/feeds/${path}.${extension}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** The address of one translation in a format. */
export const itemUrl = (publicUrl: string, { id, extension }: { id: string; extension: string }): string =>
  `${publicUrl}/items/${id}.${extension}`;

/** Where feeds are subscribed to (WebSub). */
export const hubUrl = (publicUrl: string): string => `${publicUrl}/hub`;

/** Where what is not of a standard is described. */
export const aboutUrl = (publicUrl: string): string => `${publicUrl}/feeds/about`;
