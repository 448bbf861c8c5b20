/** The address of a feed: one for each edition, topic and format. */
export const feedUrl = (
  publicUrl: string,
  { edition, topic, extension }: { edition: string; topic?: string | undefined; extension: string },
): string => `${publicUrl}/feeds/${[edition, ...(topic === undefined ? [] : [encodeURIComponent(topic)])].join('/')}.${extension}`;

/** The address of one translation in a format. */
export const itemUrl = (publicUrl: string, { id, extension }: { id: string; extension: string }): string =>
  `${publicUrl}/items/${id}.${extension}`;

/** Where what is not of a standard is described. */
export const aboutUrl = (publicUrl: string): string => `${publicUrl}/feeds/about`;
