import { expect } from '@jest/globals';
import type { TestGateway } from './gateway.js';

/** An entry of a JSON Feed, as far as tests look into it. */
export interface JsonEntry {
  id: string;
  _dragoman: { retracted: object | null; editions?: { id: string }[]; event?: string; revision: number };
  [property: string]: unknown;
}

/** A partner's system that walks a feed and keeps what it is told, as the guide has it. */
export interface FeedClient {
  /** Of the feed itself. */
  url: string;
  /** By id. */
  mirror: Map<string, JsonEntry>;
  get(url: string): Promise<{ items: JsonEntry[]; next_url: string }>;
  /** So many pages at most, and no more once one is empty. */
  walk(how: { limit: number; pages: number }): Promise<void>;
  /** Something has happened: what it was told may be told anew. */
  interrupted(): void;
}

/** A client that begins at an end of the log; `read` is shown every page before it is believed. */
export async function feedClient(
  gateway: TestGateway,
  {
    url,
    headers,
    from,
    read,
  }: { url: string; headers: Record<string, string>; from: 'start' | 'now'; read: (body: string) => Promise<void> },
): Promise<FeedClient> {
  const mirror = new Map<string, JsonEntry>();
  const told = new Set<string>();
  let next = `${url}?after=${from}`;
  const get: FeedClient['get'] = async (asked) => {
    const answer = await gateway.get(asked, headers);
    if (answer.statusCode === 409) {
      // What it may have is not what it was: it begins again, with nothing.
      mirror.clear();
      told.clear();
      return get(answer.json().errors[0].extensions.startUrl.replace('http://gateway.test', ''));
    }
    expect([asked, answer.statusCode]).toEqual([asked, 200]);
    await read(answer.body);
    return answer.json();
  };
  const client: FeedClient = {
    ...{ url, mirror, get },
    async walk({ limit, pages }) {
      for (let page = 0; page < pages; page++) {
        const { items, next_url: following } = await get(`${next.replace(/&limit=\d+/u, '')}&limit=${limit}`);
        next = following.replace('http://gateway.test', '');
        if (items.length === 0) return told.clear();
        for (const entry of items) {
          expect([url, entry.id, told.has(entry.id)]).toEqual([url, entry.id, false]);
          told.add(entry.id);
          if (entry._dragoman.retracted) mirror.delete(entry.id);
          else mirror.set(entry.id, entry);
        }
      }
    },
    interrupted: () => told.clear(),
  };
  await client.walk({ limit: 50, pages: 1 });
  return client;
}
