import { resolveLocale } from '../editions/resolve-locale.js';
import type { Page } from '../lib/relay.js';
import type { Article } from './article.js';
import { type ListPage, type ListRequest, listArticles } from './article.queries.js';
import type { ArticleContext } from './article-context.js';
import { givenOf } from './given.js';
import { Translation } from './translation.type.js';

/** How many stories of a list are looked at for one page or count; those of which the caller must not know are not counted. */
export const mostLookedAt = 2000;
const mostAtOnce = 200;
const usualTexts = 3;

type Item = ListPage['items'][number];

/** A story at one place of a list: served there, or not. */
interface Place {
  cursor: string;
  served: Translation | undefined;
  /** Whether everybody may know of it. */
  isPublic: boolean;
}

/** A page of a list as the caller may have it: in one statement for all who may have what is public. */
export async function listFor(request: ListRequest, page: Page, context: ArticleContext): Promise<ListPage> {
  return context.isUnlimited ? listArticles(context.read, await context.editions(), request, page) : listGiven(request, page, context);
}

/**
 * As `listArticles`, for a caller who is asked of each text: the list as if what it may not have were not there. Stories of which it must not know
 * neither end a page nor are where a cursor stands.
 */
async function listGiven(request: ListRequest, page: Page, context: ArticleContext): Promise<ListPage> {
  const items: Item[] = [];
  let [more, looked] = [false, 0];
  let reached: string | undefined;
  for await (const { cursor, served, isPublic } of placesOf(request, page, context)) {
    if (served && items.length === page.size) {
      more = true;
      break;
    }
    if (served) items.push({ cursor, translation: served });
    if (!served && !isPublic) continue;
    looked++;
    reached = cursor;
    if (looked === mostLookedAt) {
      more = true;
      break;
    }
  }
  const isCut = more && items.length < page.size;
  if (page.backwards) items.reverse();
  return {
    items,
    hasNextPage: page.backwards ? page.before !== undefined : more,
    hasPreviousPage: page.backwards ? more : page.after !== undefined,
    reached: isCut ? reached : undefined,
  };
}

/** How many stories the caller may have of the first `mostLookedAt` of a list. */
export async function countGiven(request: ListRequest, context: ArticleContext): Promise<number> {
  const whole: Page = { size: mostAtOnce, backwards: false, after: undefined, before: undefined };
  let [count, looked] = [0, 0];
  for await (const { served, isPublic } of placesOf(request, whole, context)) {
    if (served) count++;
    if (served || isPublic) looked++;
    if (looked === mostLookedAt) break;
  }
  return count;
}

/** The places of a list in the order of a page, each with what the caller is served there; read some at a time, as many as are asked for. */
async function* placesOf(request: ListRequest, page: Page, context: ArticleContext): AsyncIterable<Place> {
  const { translatedInto: _, missingIn: __, ...filter } = request.filter;
  const editions = await context.editions();
  let { after, before } = page;
  // What a page needs where stories stand in the list with few texts each, one more that tells there is more, and one place that may be cut.
  const { length } = request.plan.steps;
  let size = Math.max((page.size + 1) * Math.min(length, usualTexts) + 1, length + 1);
  for (let more = true; more; size = Math.min(size * 2, Math.max(size, mostAtOnce))) {
    const list = { ...request, filter, each: true };
    const { items, hasNextPage, hasPreviousPage } = await listArticles(context.texts, editions, list, { ...page, size, after, before });
    more = page.backwards ? hasPreviousPage : hasNextPage;
    const groups = groupsOf(page.backwards ? items.toReversed() : items);
    // The last may go on behind what was read.
    if (more) groups.pop();
    for (const { article } of groups.flatMap(([first]) => first?.translation ?? [])) context.load.article.prime(article.uuid, article);
    yield* await Promise.all(groups.map((group) => placeOf(group, request, context)));
    const last = groups.at(-1)?.[0]?.cursor;
    if (page.backwards) before = last;
    else after = last;
  }
}

/** Texts of one story that stand at the same place, together. */
function groupsOf(items: readonly Item[]): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.cursor, [...(groups.get(item.cursor) ?? []), item]);
  return [...groups.values()];
}

async function placeOf(group: readonly Item[], { plan, filter }: ListRequest, context: ArticleContext): Promise<Place> {
  const [{ cursor, translation }] = group as [Item];
  const { article } = translation;
  const { translatedInto, missingIn } = filter;
  const asked = new Set([
    ...plan.steps.map(({ edition }) => (edition === null ? article.homeEditionCode : edition)),
    ...[...(translatedInto ?? []), ...(missingIn ?? [])],
  ]);
  const visible = await context.load.visibleOfArticle.load(article.uuid);
  const texts = await givenOf(
    visible.filter(({ edition }) => asked.has(edition.code)),
    context,
  );
  const codes = new Set(texts.map(({ edition }) => edition.code));
  const meets = (translatedInto?.every((code) => codes.has(code)) ?? true) && !missingIn?.some((code) => codes.has(code));
  const { served } = resolveLocale(plan, codes, article.homeEditionCode);
  const listed = meets ? group.find((each) => each.translation.edition.code === served)?.translation : undefined;
  return { cursor, served: listed && asTold(listed, texts), isPublic: isPublic(article, context) };
}

const isPublic = ({ embargoUntil }: Article, { read }: ArticleContext): boolean => embargoUntil === null || embargoUntil <= read.now;

/** The text as the caller is told of it, with the revision that the list has read where that is the one. */
function asTold({ edition, row, text }: Translation, texts: readonly Translation[]): Translation | undefined {
  const told = texts.find((each) => each.edition.code === edition.code);
  if (!told) return undefined;
  const translation = new Translation(told.article, told.row, edition);
  if (told.row.revision === row.revision) translation.text = text;
  return translation;
}
