import type { TestGateway } from './gateway.js';
import { readers } from './read-feed.js';

/** What a partner holds of a text, as it tells it. */
export interface Held {
  id: string;
  version: number;
  notices?: string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Result = any;

/** Lists holdings to the gateway, as an array. */
export async function reconcile(
  { app }: Pick<TestGateway, 'app'>,
  headers: Record<string, string>,
  held: readonly Held[] | string,
  query = '',
): Promise<Result> {
  const payload = typeof held === 'string' ? held : JSON.stringify(held);
  const url = `/partner/reconcile${query}`;
  const response = await app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json', ...headers }, payload });
  return { status: response.statusCode, ...response.json() };
}

/** The classes of an answer that hold something, each with the ids in it, sorted. */
export function classesOf(answer: Result): Record<string, string[]> {
  const classes = ['missing', 'outdated', 'retracted', 'noticeChanged', 'notEntitled', 'unknown'];
  return Object.fromEntries(
    classes.filter((each) => answer[each].length > 0).map((each) => [each, answer[each].map(({ id }: Held) => id).sort()]),
  );
}

/** Everything that a walk of a JSON feed gives, page by page: the texts as a partner would hold them, what went, and where to go on. */
export async function walkFeed(
  gateway: TestGateway,
  headers: Record<string, string>,
  address: string,
  seen: (item: Result) => void = () => {},
): Promise<{ held: Map<string, Held>; gone: string[]; next: string }> {
  const held = new Map<string, Held>();
  const gone: string[] = [];
  for (let url = address; ; ) {
    const { json, body, statusCode } = await gateway.get(url, headers);
    if (statusCode !== 200) throw new Error(`${statusCode} ${body}`);
    const { next_url: next, items } = json();
    if (items.length === 0) return { held, gone, next: pathOf(next) };
    gone.push(...readers['json']!(body).gone.map(({ id }) => id));
    for (const item of items) {
      const { id, _dragoman: more } = item;
      if (!more.retracted) {
        seen(item);
        const notices = more.notices.map(({ code, version }: { code: string; version: number }) => `${code}@${version}`);
        held.set(id, { id, version: more.revision, notices });
      }
    }
    url = pathOf(next);
  }
}

const pathOf = (url: string): string => url.slice('http://gateway.test'.length);
