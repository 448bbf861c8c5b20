import { type FeedName, feedUrl } from '../feeds/addresses.js';
import { formats } from '../feeds/formats.js';

/** The feed whose `self` an address is, letter by letter; null for any other address, also for another form of a feed. */
export function topicNameOf(topic: string, publicUrl: string): FeedName | null {
  const [, first = '', second, extension = '', partner] =
    /^\/feeds\/([^/?#]+?)(?:\/([^/?#]+?))?\.([a-z0-9]+)(?:\?for=([^&#]+))?$/u.exec(topic.slice(publicUrl.length)) ?? [];
  if (!formats.some((format) => format.extension === extension && format.feed)) return null;
  const code = second === undefined ? undefined : decoded(second);
  const name = { edition: first, topic: code, extension, partner };
  return feedUrl(publicUrl, name) === topic ? name : null;
}

/** Where a feed is below the gateway's own address, by which its topic is known wherever the gateway moves. */
export const pathOf = (name: FeedName): string => feedUrl('', name);

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
