import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { escapeMarkup } from '../../src/lib/text.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { readHtml } from '../support/markup.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const read = (edition: string, slug: string): Promise<LightMyRequestResponse> =>
  gateway.get(`/read/${edition}/${encodeURIComponent(slug)}`);
const plainText = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/gsu, '')
    .replace(/<[^>]+>/gu, '')
    .replace(/&#(\d+);/gu, (_, code) => String.fromCodePoint(Number(code)));

/** Where an edition has a story, as the database knows it. */
async function slugOf(edition: string, part: string): Promise<string> {
  const [row] = await gateway.dataSource.query<{ slug: string }[]>(
    'select slug from translation where edition_code = $1 and slug like $2',
    [edition, `%${part}%`],
  );
  if (!row) throw new Error(`no ${part} in ${edition}`);
  return row.slug;
}

const kremlin = '-8031128d';

async function asServed(edition: string, slug: string) {
  const { data } = await gateway.ask(
    `query($of: EditionCode!, $slug: String!) { articleBySlug(edition: $of, slug: $slug) { ... on Article { served(edition: $of) {
      translation { headline dek byline creditLine publishedAtText lang direction }
      notices(territory: "UNKNOWN") { text lang direction placement }
    } } } }`,
    { of: edition, slug },
  );
  return data.articleBySlug.served;
}

describe('a page of an edition', () => {
  test.each([
    ['ru', 'ltr'],
    ['tt', 'ltr'],
    ['fa', 'rtl'],
    ['prs', 'rtl'],
  ])('%s is written %s and says what the API says', async (edition, direction) => {
    const slug = await slugOf(edition, kremlin);
    const [page, { translation, notices }] = [await read(edition, slug), await asServed(edition, slug)];
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const [editionRow] = await gateway.dataSource.query('select html_lang from edition where code = $1', [edition]);
    expect(page.body).toContain(`<html lang="${editionRow.html_lang}" dir="${direction}">`);
    expect(page.body.startsWith('<!doctype html>')).toBe(true);
    const text = plainText(page.body);
    for (const words of [translation.headline, translation.dek, translation.byline, translation.creditLine, translation.publishedAtText])
      if (words !== null) expect(text).toContain(words);
    expect(translation.byline ?? translation.creditLine).not.toBeNull();
    expect(notices.length).toBeGreaterThan(0);
    for (const notice of notices) {
      expect(text).toContain(notice.text);
      expect(page.body).toContain(`<aside lang="${notice.lang}" dir="${notice.direction.toLowerCase()}">`);
    }
  });

  test('has the title once, as the headline and for the tab with the publisher’s name', async () => {
    const { body } = await read('en', 'saiga-return');
    expect(body.match(/<h1>/gu)).toHaveLength(1);
    expect(body).toMatch(/<title>[^<]+ · Meridian<\/title>/u);
  });

  test('leads to the same story in other languages, each named in its own', async () => {
    const { body } = await read('en', 'saiga-return');
    expect(body).toMatch(/<a href="https:\/\/ru\.meridian\.example[^"]+" hreflang="ru" lang="ru" dir="ltr">русский<\/a>/u);
    expect(body).toMatch(/hreflang="kk" lang="kk"/u);
    // A draft.
    expect(body).not.toContain('hreflang="uk"');
    const persian = await read('fa', await slugOf('fa', kremlin));
    expect(persian.body).toMatch(/hreflang="en" lang="en" dir="ltr"/u);
  });

  test('names its canonical address and those in other languages for search engines', async () => {
    const { body } = await read('en', 'saiga-return');
    expect(body.match(/<link rel="canonical" href="([^"]+)">/u)?.[1]).toBe('https://en.meridian.example/a/saiga-return.html');
    expect([...body.matchAll(/<link rel="alternate" hreflang="([^"]+)"/gu)].map(([, tag]) => tag).sort()).toEqual(['en', 'kk', 'ru']);
  });

  test('is found by its slug however its letters are composed', async () => {
    const slug = await slugOf('ro', kremlin);
    expect(slug).not.toBe(slug.normalize('NFD'));
    expect((await read('ro', slug.normalize('NFD'))).statusCode).toBe(200);
  });

  test('of a correction says what was corrected', async () => {
    const [row] = await gateway.dataSource.query(`select t.edition_code edition, t.slug, r.note from translation t
      join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
      where r.significance = 'CORRECTION' and r.note is not null limit 1`);
    expect(plainText((await read(row.edition, row.slug)).body)).toContain(row.note);
  });
});

describe('the picture of a story', () => {
  test('is on its page with its words and its credit', async () => {
    const slug = await slugOf('ru', kremlin);
    const { body } = await read('ru', slug);
    const { data } = await gateway.ask(
      `query($slug: String!) { articleBySlug(edition: "ru", slug: $slug) { ... on Article {
        served(edition: "ru") { translation { image { alt caption creditLine lang } } }
      } } }`,
      { slug },
    );
    const { alt, caption, creditLine, lang } = data.articleBySlug.served.translation.image;
    const [, figure = ''] = /<figure>(<img .*?)<\/figure>/su.exec(body) ?? [];
    expect(figure).toMatch(/src="http:\/\/gateway\.test\/media\/[^"]+" width="\d+" height="\d+"/u);
    expect(figure).toContain(`lang="${lang}"`);
    expect(plainText(figure.replace(/^.* alt="([^"]*)".*?>/u, '$1'))).toContain(alt);
    for (const words of [caption, creditLine]) if (words !== null) expect(plainText(figure)).toContain(words);
  });

  test('stands there once, where the text shows it itself', async () => {
    const { body } = await read('en', 'aral-sea-retreat-and-dam');
    const sources = [...body.matchAll(/<img src="([^"]+)"/gu)].map(([, src]) => src);
    expect(sources.length).toBeGreaterThan(0);
    expect(new Set(sources).size).toBe(sources.length);
  });

  test('is gone from it once it was retracted', async () => {
    const slug = await slugOf('ru', kremlin);
    await gateway.dataSource.query(`update image set retracted_at = $1 where code = 'foreign-ministry'`, [testNow]);
    try {
      expect((await read('ru', slug)).body).not.toContain('/media/foreign-ministry');
    } finally {
      await gateway.dataSource.query(`update image set retracted_at = null where code = 'foreign-ministry'`);
    }
    expect((await read('ru', slug)).body).toContain('/media/foreign-ministry');
  });
});

describe('what stands with the text', () => {
  test.each([
    ['breaking news', 'urgency = 1'],
    ['a live report', `kind = 'LIVE'`],
    ['a correction', `r.significance = 'CORRECTION'`],
  ])('%s says so above its headline, as the API does', async (_name, which) => {
    const rows = await gateway.dataSource.query<{ edition: string; slug: string }[]>(
      `select t.edition_code edition, t.slug from translation t join article a on a.uuid = t.article_uuid
       join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
       where t.published_at <= $1 and t.retracted_at is null and ${which}`,
      [testNow],
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { edition, slug } of rows) {
      const { data } = await gateway.ask(
        `query($of: EditionCode!, $slug: String!) { articleBySlug(edition: $of, slug: $slug) { ... on Article {
          served(edition: $of) { translation { kicker } }
        } } }`,
        { of: edition, slug },
      );
      const { kicker } = data.articleBySlug.served.translation;
      expect(kicker).toMatch(/\p{L}/u);
      expect((await read(edition, slug)).body).toContain(`<p class="kicker">${kicker}</p>\n<h1>`);
    }
  });

  test('an ordinary story has no kicker', async () => {
    expect((await read('en', 'saiga-return')).body).not.toContain('class="kicker"');
  });

  test.each(['ru', 'tt', 'fa', 'uk'])(
    'the box about the publisher has its picture in %s, with words and credit, until it is retracted',
    async (edition) => {
      const slug = await slugOf(edition, kremlin);
      const { data } = await gateway.ask(
        `query($of: EditionCode!, $slug: String!) { articleBySlug(edition: $of, slug: $slug) { ... on Article {
        served(edition: $of) { notices { kind image { alt caption creditLine lang direction rendition { url } } } }
      } } }`,
        { of: edition, slug },
      );
      const { image } = data.articleBySlug.served.notices.find(({ kind }: { kind: string }) => kind === 'ABOUT');
      const box = async (): Promise<string> => {
        const { body } = await read(edition, slug);
        return [...body.matchAll(/<aside .*?<\/aside>/gsu)].map(([aside]) => aside).find((aside) => aside.includes('<figure>')) ?? '';
      };
      const figure = await box();
      expect(figure).toContain(
        `<img src="${image.rendition.url}" width="1600" height="900" alt="${escapeMarkup(image.alt)}" lang="${image.lang}">`,
      );
      expect(figure).toContain(`<span lang="${image.lang}" dir="${image.direction.toLowerCase()}">${escapeMarkup(image.caption)}</span>`);
      expect(figure).toContain(`<small>${escapeMarkup(image.creditLine)}</small>`);
      await gateway.dataSource.query(`update image set retracted_at = $1 where code = 'about-meridian'`, [testNow]);
      try {
        expect(await box()).toBe('');
      } finally {
        await gateway.dataSource.query(`update image set retracted_at = null where code = 'about-meridian'`);
      }
    },
  );
});

describe('addresses that moved or are gone', () => {
  test.each([
    ['en', 'putin-foreign-ministry-speech', '/read/en/putin-2021-speech-dialogue'],
    ['tt', 'tatar-alifbalary', '/read/tt/dyurt-alifba'],
    ['tt', 'tatar-yazuy', '/read/tt/dyurt-alifba'],
  ])('%s/%s leads to where it is now', async (edition, slug, location) => {
    const moved = await read(edition, slug);
    expect([moved.statusCode, moved.headers.location]).toEqual([301, location]);
    expect((await gateway.get(location)).statusCode).toBe(200);
  });

  test('a retracted story leaves its tombstone in every edition, worded there, and nothing of the story', async () => {
    for (const [edition, part] of [
      ['en', 'caspian-moving-shores'],
      ['ru', '-6f13ce34'],
      ['az', '-6f13ce34'],
    ] as const) {
      const slug = await slugOf(edition, part);
      const page = await read(edition, slug);
      const { data } = await gateway.ask(
        `query($of: EditionCode!, $slug: String!) { articleBySlug(edition: $of, slug: $slug) {
          ... on Tombstone { text(edition: $of) note(edition: $of) }
        } }`,
        { of: edition, slug },
      );
      expect(page.statusCode).toBe(410);
      expect(plainText(page.body)).toContain(data.articleBySlug.text);
      if (data.articleBySlug.note) expect(plainText(page.body)).toContain(data.articleBySlug.note);
      const [{ headline }] = await gateway.dataSource.query(
        'select headline from revision r join translation t using (article_uuid, edition_code) where edition_code = $1 and t.slug = $2',
        [edition, slug],
      );
      expect(page.body).not.toContain(headline);
    }
  });

  test('an edition that was retracted alone is gone, the others stand', async () => {
    expect((await read('tt', await slugOf('tt', '-efca3643'))).statusCode).toBe(410);
    const russian = await read('ru', await slugOf('ru', '-efca3643'));
    expect(russian.statusCode).toBe(200);
    expect(russian.body).not.toContain('hreflang="tt"');
  });

  test('drafts and embargoed stories are not there, like what never was', async () => {
    const nowhere = (response: LightMyRequestResponse) => ({
      status: response.statusCode,
      errors: response.json().errors.map(({ message }: { message: string }) => message),
    });
    const never = nowhere(await read('uk', 'nothing-of-the-kind'));
    expect(never.status).toBe(404);
    expect(nowhere(await read('uk', await slugOf('uk', '-9de74139')))).toEqual(never);
    expect(nowhere(await read('en', await slugOf('en', 'embargoed-sample')))).toEqual(never);
    expect(nowhere(await read('ru', await slugOf('ru', '-d6d64919')))).toEqual(never);
    expect(nowhere(await read('xx', 'saiga-return'))).toEqual(never);
    expect(nowhere(await read('kk', 'saiga-return'))).toEqual(never);
  });

  test('an embargoed story is there from the minute it may be', async () => {
    const slug = await slugOf('en', 'embargoed-sample');
    const [{ until } = { until: undefined }] = await gateway.dataSource.query<{ until: Date }[]>(
      'select embargo_until until from article where embargo_until is not null and embargo_until > $1',
      [testNow],
    );
    if (!until) throw new Error('the sample is not under embargo');
    gateway.at(new Date(until.getTime() - 1));
    expect((await read('en', slug)).statusCode).toBe(404);
    gateway.at(until);
    expect((await read('en', slug)).statusCode).toBe(200);
    gateway.at(testNow);
  });

  test.each([
    ['U+0000', '%00'],
    ['nine hundred letters', 'a'.repeat(900)],
    ['a path', '..%2f..%2fetc%2fpasswd'],
    ['markup', '%3Cscript%3Ealert(1)%3C%2Fscript%3E'],
    ['an apostrophe and a semicolon', "'%3B drop table article%3B--"],
  ])('a slug of %s is not found', async (_, slug) => {
    const response = await gateway.get(`/read/en/${slug}`);
    expect([response.statusCode, response.json().errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('a page of an edition that has closed', () => {
  test('stands where its text is an original, whole and with its notices, and is not there otherwise', async () => {
    const originals = await gateway.dataSource.query<{ edition: string; slug: string; original: boolean }[]>(
      `select t.edition_code edition, t.slug, t.is_original original from translation t join article a on a.uuid = t.article_uuid
       where t.edition_code in ('ka', 'fa') and t.published_at <= $1 and t.retracted_at is null and a.retracted_at is null and a.published_at <= $1`,
      [testNow],
    );
    expect(new Set(originals.map(({ original }) => original)).size).toBe(2);
    const pages = (): Promise<LightMyRequestResponse[]> => Promise.all(originals.map(({ edition, slug }) => read(edition, slug)));
    const before = await pages();
    await gateway.dataSource.query(`update edition set active = false where code in ('ka', 'fa')`);
    try {
      // Its readers are led to no text that is gone.
      const links = (html: string): string => html.replace(/<nav.*?<\/nav>|<link [^>]*>\n?/gsu, '');
      for (const [index, page] of (await pages()).entries()) {
        const { original, edition } = originals[index]!;
        expect([edition, page.statusCode]).toEqual([edition, original ? 200 : 404]);
        if (original) expect(links(page.body)).toBe(links(before[index]!.body));
      }
    } finally {
      await gateway.dataSource.query(`update edition set active = true where code in ('ka', 'fa')`);
    }
  });
});

describe('nothing on a page is active', () => {
  const elements = [
    ...'a article aside blockquote br em figcaption figure h1 h2 h3 h4 img li main nav ol p small span strong ul'.split(' '),
    ...'audio caption table tbody td th thead tr track video'.split(' '),
  ];
  const attributes = 'alt class controls dir height href hreflang kind lang poster preload src srclang width'.split(' ');

  /** Reads the page as a browser would, and finds no more on it than text, links and pictures. */
  function expectInert(page: string): void {
    const [head = '', main = '', tail = ''] = page.split(/(<main>.*<\/main>)/su);
    expect(
      head
        .replace(
          /<title>[^<>]*<\/title>|<style>[^<>]*<\/style>|<link rel="(canonical|alternate)"( hreflang="[\w-]+"| type="application\/atom\+xml")? href="https?:[^"<>]*">/gu,
          '',
        )
        .trim(),
    ).toMatch(
      /^<!doctype html>\s*<html lang="[\w-]+" dir="(ltr|rtl)">\s*<head><meta charset="utf-8"><meta name="viewport" [^>]*>\s*<\/head>\s*<body>$/u,
    );
    expect(tail.trim()).toMatch(/^<\/body>\s*<\/html>$/u);
    for (const token of readHtml(main)) {
      if (token.kind !== 'open') continue;
      expect(elements).toContain(token.name);
      for (const [name, value] of Object.entries(token.attributes)) {
        expect(attributes).toContain(name);
        if (['href', 'src', 'poster'].includes(name)) expect(value).toMatch(/^(https?:|mailto:)/u);
      }
    }
  }

  test('of all the sample stories', async () => {
    const rows = await gateway.dataSource.query<{ edition: string; slug: string }[]>(
      'select edition_code edition, slug from translation where published_at is not null',
    );
    let seen = 0;
    for (const { edition, slug } of rows) {
      const { statusCode, body } = await read(edition, slug);
      if (statusCode === 404) continue;
      seen++;
      expectInert(body);
    }
    expect(seen).toBeGreaterThan(60);
  });

  test('of a story that tries', async () => {
    const attack = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
    const { dataSource } = gateway;
    await dataSource.query('alter table revision disable trigger user');
    await dataSource.query(
      `update revision set headline = $1, dek = $1, body = $2
       where (article_uuid, edition_code) in (select article_uuid, edition_code from translation where slug = 'saiga-return')`,
      [
        attack,
        JSON.stringify([
          {
            key: 'a',
            type: 'paragraph',
            spans: [
              { text: attack, strong: true },
              { text: 'here', href: 'https://a.example/"onmouseover="alert(3)' },
            ],
          },
          { key: 'b', type: 'quote', spans: [{ text: attack }], attribution: attack },
          { key: 'c', type: 'embed', provider: attack, url: 'https://a.example/', title: attack, fallback: attack },
        ]),
      ],
    );
    const { statusCode, body } = await read('en', 'saiga-return');
    expect(statusCode).toBe(200);
    expectInert(body);
    expect(body).not.toMatch(/<script|<img src=x/u);
    expect(plainText(body)).toContain(attack);
  });
});
