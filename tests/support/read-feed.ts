import { type ReadElement, readXml } from '../../src/lib/xml-reader.js';
import { readHtml } from './markup.js';

/** What a partner's system finds of one text in a format. */
export interface Carried {
  id: string;
  revision: number;
  lang: string;
  direction: string;
  published: string;
  updated: string;
  rights: string;
  headline: string;
  url: string;
  /** Names of everybody credited, wherever the format puts them. */
  credits: string[];
  /** Texts of notices that must be carried, where the format has a place for them; null where it has none. */
  mustCarry: string[] | null;
  /** Until when it may be shown; null for no end. */
  expires: string | null;
  /** The sentence that says where it may be shown; null for everywhere. */
  usageTerms: string | null;
  /** The codes of where it may be shown; null where the format has a place for the sentence alone. */
  territories: string[] | null;
  html: string;
}

/** What it finds of one that was taken back. */
export interface CarriedGone {
  id: string;
  /** Everything it says to readers. */
  words: string[];
}

export interface Read {
  items: Carried[];
  gone: CarriedGone[];
}

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
type Json = any;

const atomNs = 'http://www.w3.org/2005/Atom';
const nar = 'http://iptc.org/std/nar/2006-10-01/';
const at = 'http://purl.org/atompub/tombstones/1.0';
const dc = 'http://purl.org/dc/elements/1.1/';
const own = 'urn:x-dragoman:item:1';
const xmlLang = '{http://www.w3.org/XML/1998/namespace}lang';

export const all = (element: ReadElement, name: string): ReadElement[] =>
  element.children.filter((each): each is ReadElement => typeof each !== 'string' && each.name === name);
export const textOf = (element: ReadElement | undefined): string =>
  element?.children.map((each) => (typeof each === 'string' ? each : textOf(each))).join('') ?? '';
export const one = (element: ReadElement | undefined, ...path: string[]): ReadElement | undefined =>
  path.reduce<ReadElement | undefined>((found, name) => found && all(found, name)[0], element);
const texts = (element: ReadElement, name: string): string[] => all(element, name).map(textOf);
const iso = (time: string): string => new Date(time).toISOString();
const mustCarry = (element: ReadElement): string[] =>
  all(element, `{${own}}notice`)
    .filter(({ attributes }) => attributes.get('mustCarry') === 'true')
    .map(textOf);
const limitsOf = (element: ReadElement): Pick<Carried, 'expires' | 'usageTerms' | 'territories'> => ({
  expires: texts(element, `{${own}}expires`)[0] ?? null,
  usageTerms: texts(element, `{${own}}usageTerms`)[0] ?? null,
  territories: texts(element, `{${own}}territory`),
});
const directionOf = (element: ReadElement): string => one(element, `{${own}}edition`)?.attributes.get('direction') ?? '';
const revisionOf = (element: ReadElement): number => Number(textOf(one(element, `{${own}}revision`)));

function readRss(body: string): Read {
  const items = all(one(readXml(body), 'channel')!, 'item');
  const isGone = (item: ReadElement): boolean => all(item, `{${own}}retracted`).length > 0;
  return {
    gone: items.filter(isGone).map((item) => ({
      id: textOf(one(item, 'guid')),
      words: [textOf(one(item, 'title')), textOf(one(item, 'description'))],
    })),
    items: items
      .filter((item) => !isGone(item))
      .map((item) => ({
        id: textOf(one(item, 'guid')),
        revision: revisionOf(item),
        lang: textOf(one(item, `{${dc}}language`)),
        direction: directionOf(item),
        published: iso(textOf(one(item, 'pubDate'))),
        updated: iso(textOf(one(item, '{http://purl.org/dc/terms/}modified'))),
        rights: textOf(one(item, `{${dc}}rights`)),
        headline: textOf(one(item, 'title')),
        url: textOf(one(item, 'link')),
        credits: ['creator', 'contributor', 'source'].flatMap((name) => texts(item, `{${dc}}${name}`)),
        mustCarry: mustCarry(item),
        ...limitsOf(item),
        html: textOf(one(item, '{http://purl.org/rss/1.0/modules/content/}encoded')),
      })),
  };
}

function readAtom(body: string): Read {
  const feed = readXml(body);
  const a = (name: string): string => `{${atomNs}}${name}`;
  return {
    gone: all(feed, `{${at}}deleted-entry`).map((entry) => ({
      id: entry.attributes.get('ref') ?? '',
      words: [textOf(one(entry, `{${at}}comment`))],
    })),
    items: all(feed, a('entry')).map((entry) => ({
      id: textOf(one(entry, a('id'))),
      revision: revisionOf(entry),
      lang: entry.attributes.get(xmlLang) ?? '',
      direction: directionOf(entry),
      published: textOf(one(entry, a('published'))),
      updated: textOf(one(entry, a('updated'))),
      rights: textOf(one(entry, a('rights'))),
      headline: textOf(one(entry, a('title'))),
      url: all(entry, a('link'))
        .find(({ attributes }) => attributes.get('rel') === 'alternate')!
        .attributes.get('href')!,
      credits: ['author', 'contributor'].flatMap((name) => all(entry, a(name)).map((each) => textOf(one(each, a('name'))))),
      mustCarry: mustCarry(entry),
      ...limitsOf(entry),
      html: textOf(one(entry, a('content'))),
    })),
  };
}

function readJsonFeed(body: string): Read {
  const { items } = JSON.parse(body) as Json;
  const isGone = (item: Json): boolean => item._dragoman.retracted !== null;
  return {
    gone: items.filter(isGone).map(({ id, title, content_text }: Json) => ({ id, words: [title, content_text] })),
    items: items
      .filter((item: Json) => !isGone(item))
      .map(({ id, title, url, language, date_published, date_modified, content_html, _dragoman: more }: Json) => ({
        ...{ id, url, headline: title, lang: language, published: date_published, updated: date_modified, html: content_html },
        ...{ revision: more.revision, direction: more.direction, rights: more.rights.notice },
        ...{ expires: more.expires, usageTerms: more.usage_terms, territories: more.territories },
        credits: more.credits.map(({ name }: Json) => name),
        mustCarry: more.notices.filter((each: Json) => each.must_carry).map((each: Json) => each.text),
      })),
  };
}

function readNinjs(body: string): Read {
  const { items } = JSON.parse(body) as Json;
  const values = (list: Json[] = [], role: RegExp): string[] => list.filter((each) => role.test(each.role)).map((each) => each.value);
  return {
    gone: items
      .filter(({ pubStatus }: Json) => pubStatus !== 'usable')
      .map(({ uri, headlines, descriptions }: Json) => ({ id: uri, words: [...values(headlines, /./u), ...values(descriptions, /./u)] })),
    items: items
      .filter(({ pubStatus }: Json) => pubStatus === 'usable')
      .map((item: Json) => {
        const html = item.bodies.find(({ contentType }: Json) => contentType === 'text/html').value;
        return {
          ...{ id: item.uri, revision: Number(item.version), lang: item.language, direction: directionIn(html), html },
          ...{ published: item.firstCreated, updated: item.versionCreated, rights: item.copyrightNotice },
          headline: values(item.headlines, /^main$/u)[0] ?? '',
          url: values(item.altIds, /^url$/u)[0] ?? '',
          credits: [...item.people.filter(({ rel }: Json) => rel !== 'about'), ...item.infoSources].map(({ name }: Json) => name),
          mustCarry: values(item.descriptions, /^mustCarryNotice:/u),
          ...{ expires: item.expires ?? null, usageTerms: item.usageTerms ?? null, territories: null },
        };
      }),
  };
}

function readNinjs1(body: string): Read {
  const { items } = JSON.parse(body) as Json;
  return {
    gone: items
      .filter(({ pubstatus }: Json) => pubstatus !== 'usable')
      .map(({ uri, headline, description_note: note }: Json) => ({ id: uri, words: note === undefined ? [headline] : [headline, note] })),
    items: items
      .filter(({ pubstatus }: Json) => pubstatus === 'usable')
      .map((item: Json) => ({
        ...{ id: item.uri, revision: Number(item.version), lang: item.language, direction: directionIn(item.body_html) },
        ...{ published: item.firstcreated, updated: item.versioncreated, rights: item.copyrightnotice },
        ...{ headline: item.headline, url: item.altids.url, html: item.body_html },
        credits: [...item.person.filter(({ rel }: Json) => rel !== 'about'), ...item.infosource].map(({ name }: Json) => name),
        mustCarry: item.description_mustcarrynotice?.split('\n\n') ?? [],
        ...{ expires: item.expires ?? null, usageTerms: item.usageterms ?? null, territories: null },
      })),
  };
}

function readNewsMessage(body: string): Read {
  const n = (name: string): string => `{${nar}}${name}`;
  const items = all(one(readXml(body), n('itemSet'))!, n('newsItem'));
  const status = (item: ReadElement): string => one(item, n('itemMeta'), n('pubStatus'))?.attributes.get('qcode') ?? '';
  return {
    gone: items
      .filter((item) => status(item) !== 'stat:usable')
      .map((item) => ({
        id: item.attributes.get('guid') ?? '',
        words: ['headline', 'description'].flatMap((name) => texts(one(item, n('contentMeta'))!, n(name))),
      })),
    items: items
      .filter((item) => status(item) === 'stat:usable')
      .map((item) => {
        const meta = one(item, n('contentMeta'))!;
        const times = one(item, n('itemMeta'))!;
        return {
          id: item.attributes.get('guid') ?? '',
          revision: Number(item.attributes.get('version')),
          lang: one(meta, n('language'))?.attributes.get('tag') ?? '',
          direction: item.attributes.get('dir') ?? '',
          published: textOf(one(times, n('firstCreated'))),
          updated: textOf(one(times, n('versionCreated'))),
          rights: textOf(one(item, n('rightsInfo'), n('copyrightNotice'))),
          headline: textOf(one(meta, n('headline'))),
          url: textOf(one(meta, `{${own}}url`)),
          credits: ['creator', 'contributor', 'infoSource'].flatMap((name) =>
            all(meta, n(name)).map((each) => textOf(one(each, n('name')))),
          ),
          mustCarry: mustCarry(meta),
          expires: texts(times, n('expires'))[0] ?? null,
          usageTerms: texts(one(item, n('rightsInfo'))!, n('usageTerms'))[0] ?? null,
          territories: texts(meta, `{${own}}territory`),
          html: textOf(one(item, n('contentSet'), n('inlineData'))),
        };
      }),
  };
}

/** A page of one text: what its JSON-LD says, and the text itself. */
export function readPage(body: string): Carried {
  const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/su.exec(body) ?? [];
  const article = JSON.parse(data) as Json;
  const [, html = ''] = /<article>\n(.*)\n<\/article>/su.exec(body) ?? [];
  const parties = ['author', 'translator', 'editor', 'contributor'].flatMap((role) => article[role] ?? []);
  const wires = (article.isBasedOn ?? []).map(({ provider }: Json) => provider);
  return {
    ...{ id: article['@id'], revision: article.version, lang: article.inLanguage, headline: article.headline, url: article.url },
    direction: /^<!doctype html>\n<html lang="[^"]+" dir="(ltr|rtl)">/u.exec(body)?.[1] ?? '',
    ...{ published: article.datePublished, updated: article.dateModified, rights: article.copyrightNotice },
    credits: [...parties, ...wires].map(({ name }: Json) => name),
    mustCarry: null,
    expires: article.expires ?? null,
    usageTerms: metaOf(body, 'usageTerms')[0] ?? null,
    territories: metaOf(body, 'territory'),
    html,
  };
}

const metaOf = (body: string, name: string): string[] =>
  readHtml(body.match(/<meta name="dragoman:[^\n]*/gu)?.join('') ?? '').flatMap((token) =>
    token.kind === 'open' && token.attributes['name'] === `dragoman:${name}` ? [`${token.attributes['content']}`] : [],
  );

const directionIn = (html: string): string => /^<div lang="[^"]+" dir="(ltr|rtl)">/u.exec(html)?.[1] ?? '';

/** The words of an HTML text, as a reader sees them. Throws where it is not HTML that every reader takes alike. */
export const wordsOf = (html: string): string =>
  readHtml(html)
    .map((token) =>
      token.kind === 'text' ? token.text : token.kind === 'open' && token.name === 'img' ? ` ${token.attributes['alt']} ` : '',
    )
    .join('');

/** A document, or a header of it, with its cursors blanked: they tell nothing, and no two are alike. */
export const blanked = (text: string): string => text.replace(/\bafter=[\w-]{70}/gu, 'after=CURSOR');

/** A reader for each format of a feed, by its extension, as strangers would write one. */
export const readers: Readonly<Record<string, (body: string) => Read>> = {
  rss: readRss,
  atom: readAtom,
  json: readJsonFeed,
  ninjs: readNinjs,
  ninjs1: readNinjs1,
  newsml: readNewsMessage,
};
