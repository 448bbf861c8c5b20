import { ArticleOrder } from '../articles/article-filter.js';
import { listFor } from '../articles/list-given.js';
import { textOf, urlOf } from '../articles/present.js';
import type { Translation } from '../articles/translation.type.js';
import type { Edition } from '../editions/edition.js';
import { LocalePolicy } from '../editions/locale.type.js';
import { requestLocale } from '../editions/request-locale.js';
import type { LocalePlan } from '../editions/resolve-locale.js';
import type { FeedContext } from './feed-context.js';
import { planOf } from './present-item.js';
import type { NewsText, SitemapText } from './sitemap.js';

const mostStories = 100;
// The protocol takes 50,000 addresses and 50 MB (52,428,800 bytes) in a file. What stands around an address, and around a link, is less than this.
const [mostAddresses, mostBytes, markupBytes] = [50_000, 50_000_000, 120];
// What search engines for news take, and how far back they look.
const [mostNews, newsHours] = [1000, 48];

/** The newest stories in all their editions: those whose original readers may see. */
export async function readSitemap(context: FeedContext): Promise<SitemapText[]> {
  const editions = await context.editions();
  const originals = await list(requestLocale({ policy: LocalePolicy.STRICT }, editions), mostStories, {}, context);
  const stories = await Promise.all(
    originals.map(async ({ article }) => {
      const all = await context.load.translationsOfArticle.load(article.uuid);
      const alternates = all.flatMap((each) =>
        each.edition.hreflang === null ? [] : [{ hreflang: each.edition.hreflang, url: urlOf(each, context) }],
      );
      return all.map((each) => ({ url: urlOf(each, context), updatedAt: each.updatedAt, alternates }));
    }),
  );
  return upToLimits(stories);
}

/** The texts of so many stories, whole ones, as a sitemap may have: with thirty editions each, about 3,000 addresses with thirty links. */
function upToLimits(stories: readonly SitemapText[][]): SitemapText[] {
  const taken: SitemapText[] = [];
  let bytes = 0;
  for (const texts of stories) {
    for (const { url, alternates } of texts) bytes += alternates.reduce((sum, each) => sum + sizeOf(each.url), 2 * sizeOf(url));
    if (taken.length + texts.length > mostAddresses || bytes > mostBytes) return taken;
    taken.push(...texts);
  }
  return taken;
}

// An & of an address is five bytes in XML, and no other character of one is longer than that.
const sizeOf = (url: string): number => markupBytes + Buffer.byteLength(url) + 4 * (url.split('&').length - 1);

/** The texts an edition has published in the last two days, newest first. */
export async function readNews(edition: Edition, context: FeedContext): Promise<NewsText[]> {
  const publishedFrom = new Date(context.read.now.getTime() - newsHours * 3_600_000);
  const texts = await list(planOf(edition, await context.editions()), mostNews, { publishedFrom }, context);
  return Promise.all(
    texts.map(async (each) => ({
      ...{ url: urlOf(each, context), publishedAt: each.publishedAt },
      headline: (await textOf(each, context)).headline,
    })),
  );
}

async function list(plan: LocalePlan, size: number, filter: { publishedFrom?: Date }, context: FeedContext): Promise<Translation[]> {
  const request = { plan, filter, orderBy: ArticleOrder.PUBLISHED_DESC };
  const page = { size, backwards: false, after: undefined, before: undefined };
  const { items } = await listFor(request, page, context);
  for (const { translation } of items) context.load.article.prime(translation.article.uuid, translation.article);
  return items.map(({ translation }) => translation);
}
