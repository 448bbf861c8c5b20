import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, write } from '../support/make-story.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  await write(gateway, [
    makeStory({
      id: 'odd',
      publishedAt: '2026-03-04T23:30:00Z',
      editions: { en: { slug: 'odd-one' }, ru: { slug: 'ёлка-и-йод' }, be: { slug: 'ёлка-і-ёд' } },
    }),
    makeStory({ id: 'heir', editions: { en: { slug: 'heir' } } }),
  ]);
});
afterAll(() => gateway.close());

const byUrl = 'query($url: URL!) { articleByUrl(url: $url) { ... on Article { id original { slug url } } } }';
const bySlug =
  'query($edition: EditionCode!, $slug: String!) { articleBySlug(edition: $edition, slug: $slug) { ... on Article { id served(edition: $edition) { translation { slug url } } } } }';

/** The present slug of the original at an address; null where there is nothing. */
async function at(url: string): Promise<string | null> {
  const { data, errors } = await gateway.ask(byUrl, { url });
  expect(errors).toBeUndefined();
  return data.articleByUrl?.original.slug ?? null;
}

describe('the address of a text', () => {
  test.each([
    ['by its own site’s pattern', 'tt', 'dyurt-alifba', 'https://tt.meridian.example/a/dyurt-alifba.html'],
    [
      'with the day the story was issued, where the pattern has it',
      'ru',
      'ёлка-и-йод',
      'https://ru.meridian.example/20260304/%D1%91%D0%BB%D0%BA%D0%B0-%D0%B8-%D0%B9%D0%BE%D0%B4.html',
    ],
    ['on the gateway, for an edition without a site', 'ka', 'sami-damtserloba', 'http://gateway.test/read/ka/sami-damtserloba'],
    ['percent-encoded on the gateway', 'be', 'ёлка-і-ёд', 'http://gateway.test/read/be/%D1%91%D0%BB%D0%BA%D0%B0-%D1%96-%D1%91%D0%B4'],
  ])('%s', async (_name, edition, slug, url) => {
    const { data } = await gateway.ask(bySlug, { edition, slug });
    expect(data.articleBySlug.served.translation).toEqual({ slug, url });
  });

  test('of every text anybody can read leads back to its story', async () => {
    const { data } = await gateway.ask(
      '{ articles(first: 100, policy: ANY) { edges { node { id translations { url } alternates { url } } } } }',
    );
    let count = 0;
    for (const { node } of data.articles.edges) {
      for (const { url } of [...node.translations, ...node.alternates]) {
        count += 1;
        expect([url, (await gateway.ask(byUrl, { url })).data.articleByUrl?.id]).toEqual([url, node.id]);
      }
    }
    expect(count).toBeGreaterThan(140);
  });

  test('is also a page on the gateway, where the edition has no site of its own', async () => {
    const { data } = await gateway.ask('{ articles(edition: "kk", first: 1) { edges { served { translation { url headline } } } } }');
    const { url, headline } = data.articles.edges[0].served.translation;
    const { statusCode, body } = await gateway.get(new URL(url).pathname);
    expect(statusCode).toBe(200);
    expect(body).toContain(headline);
  });
});

describe('a slug', () => {
  test.each([
    ['en', 'putin-foreign-ministry-speech', 'putin-2021-speech-dialogue'],
    ['tt', 'tatar-alifbalary', 'dyurt-alifba'],
    ['tt', 'tatar-yazuy', 'dyurt-alifba'],
  ])('that a text once had keeps leading to it, and the answer names the present one: %s %s', async (edition, former, present) => {
    const [then, now] = await Promise.all(
      [former, present].map(async (slug) => (await gateway.ask(bySlug, { edition, slug })).data.articleBySlug),
    );
    expect(then).toEqual(now);
    expect(then.served.translation).toEqual({ slug: present, url: `https://${edition}.meridian.example/a/${present}.html` });
    expect(await at(`https://${edition}.meridian.example/a/${former}.html`)).toBe(present);
  });

  test('on the gateway’s page, a former one redirects to the present one', async () => {
    const { statusCode, headers } = await gateway.get('/read/tt/tatar-yazuy');
    expect([statusCode, headers['location']]).toEqual([301, '/read/tt/dyurt-alifba']);
  });

  test('that one story had and another has now leads to the other', async () => {
    await write(gateway, [makeStory({ id: 'late-heir', editions: { en: { slug: 'putin-foreign-ministry-speech' } } })]);
    const { data } = await gateway.ask(bySlug, { edition: 'en', slug: 'putin-foreign-ministry-speech' });
    expect(data.articleBySlug.served.translation.slug).toBe('putin-foreign-ministry-speech');
    await gateway.dataSource.query(`update translation set published_at = null where slug = 'putin-foreign-ministry-speech'`);
    expect(
      (await gateway.ask(bySlug, { edition: 'en', slug: 'putin-foreign-ministry-speech' })).data.articleBySlug.served.translation.slug,
    ).toBe('putin-2021-speech-dialogue');
    await gateway.dataSource.query(`update translation set slug = 'elsewhere' where slug = 'putin-foreign-ministry-speech'`);
  });

  test.each([
    ['another edition’s', 'en', 'dyurt-alifba'],
    ['nobody’s', 'tt', 'nobody'],
    ['empty', 'tt', ''],
    ['of an edition that has no story', 'crh', 'dyurt-alifba'],
    ['with another case', 'tt', 'Dyurt-Alifba'],
  ])('%s leads nowhere', async (_name, edition, slug) => {
    expect((await gateway.ask(bySlug, { edition, slug })).data).toEqual({ articleBySlug: null });
  });

  test('is the same in both Unicode forms', async () => {
    const { data } = await gateway.ask(bySlug, { edition: 'ru', slug: 'ёлка-и-йод'.normalize('NFD') });
    expect(data.articleBySlug.served.translation.slug).toBe('ёлка-и-йод');
    expect((await gateway.get(`/read/ru/${encodeURIComponent('ёлка-и-йод'.normalize('NFD'))}`)).statusCode).toBe(200);
  });

  test.each([
    ['an edition nobody knows', 'xx', 'dyurt-alifba', 'UNKNOWN_EDITION'],
    ['an edition code that is none', 'TT', 'dyurt-alifba', 'UNKNOWN_EDITION'],
    ['301 characters', 'tt', 'x'.repeat(301), 'BAD_USER_INPUT'],
  ])('is refused with %s', async (_name, edition, slug, code) => {
    expect((await gateway.ask(bySlug, { edition, slug })).errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
  });
});

describe('a web address', () => {
  test.each([
    ['as it stands', 'https://en.meridian.example/a/saiga-return.html', 'saiga-return'],
    ['with http', 'http://en.meridian.example/a/saiga-return.html', 'saiga-return'],
    ['with a slash behind', 'https://en.meridian.example/a/saiga-return.html/', 'saiga-return'],
    ['with a query', 'https://en.meridian.example/a/saiga-return.html?utm_source=x&y=/a/b', 'saiga-return'],
    ['with a fragment', 'https://en.meridian.example/a/saiga-return.html#p3', 'saiga-return'],
    ['with a capital host', 'HTTPS://EN.Meridian.Example/a/saiga-return.html', 'saiga-return'],
    ['with the port that goes without saying', 'https://en.meridian.example:443/a/saiga-return.html', 'saiga-return'],
    ['with letters percent-encoded that need not be', 'https://en.meridian.example/a/%73aiga%2Dreturn.html', 'saiga-return'],
    ['in letters of its own', 'https://ru.meridian.example/20260304/ёлка-и-йод.html', 'odd-one'],
    [
      'with those percent-encoded in another Unicode form',
      `https://ru.meridian.example/20260304/${encodeURIComponent('ёлка-и-йод'.normalize('NFD'))}.html`,
      'odd-one',
    ],
    [
      'with percent-encoding in small letters',
      'https://ru.meridian.example/20260304/%d1%91%d0%bb%d0%ba%d0%b0-%d0%b8-%d0%b9%d0%be%d0%b4.html',
      'odd-one',
    ],
    ['of the gateway', 'http://gateway.test/read/en/saiga-return', 'saiga-return'],
    ['of the gateway with https', 'https://gateway.test/read/en/saiga-return/?x#y', 'saiga-return'],
    ['of another host', 'https://en.meridian.example.evil.test/a/saiga-return.html', null],
    ['of a host that only looks alike', 'https://enxmeridian.example/a/saiga-return.html', null],
    ['of another edition’s site', 'https://tt.meridian.example/a/saiga-return.html', null],
    ['of another port', 'https://en.meridian.example:8443/a/saiga-return.html', null],
    ['of another path', 'https://en.meridian.example/b/saiga-return.html', null],
    ['without its ending', 'https://en.meridian.example/a/saiga-return', null],
    ['below it', 'https://en.meridian.example/a/saiga-return.html/amp', null],
    ['with a path inside the slug', 'https://en.meridian.example/a/x%2Fsaiga-return.html', null],
    ['with a day that is none', 'https://ru.meridian.example/2026/ёлка-и-йод.html', null],
    ['whose percent signs encode nothing', 'https://en.meridian.example/a/%E0%A4%A.html', null],
    ['with a NUL', 'https://en.meridian.example/a/saiga%00-return.html', null],
    ['that names a slug in its query only', 'https://en.meridian.example/?/a/saiga-return.html', null],
    ['of an edition nobody knows', 'http://gateway.test/read/xx/saiga-return', null],
    ['of the front page', 'https://en.meridian.example/', null],
  ])('%s', async (_name, url, expected) => {
    expect(await at(url)).toBe(expected);
  });

  test.each([
    '',
    'saiga-return',
    '/a/saiga-return.html',
    'ftp://en.meridian.example/a/saiga-return.html',
    'javascript:alert(1)',
    `https://en.meridian.example/${'x'.repeat(2100)}`,
  ])('that is none is refused: %s', async (url) => {
    expect((await gateway.ask(byUrl, { url })).errors?.map(({ extensions }) => extensions.code)).toEqual(['INVALID_URL']);
  });
});

describe('an address of a site that an edition has left', () => {
  test('leads to the story, whose answer names the present one; a present pattern of another edition comes first', async () => {
    const old = 'https://old.meridian.example/tt/dyurt-alifba';
    expect(await at(old)).toBeNull();
    await gateway.dataSource.query(
      `update edition set former_article_urls = array['https://old.meridian.example/tt/{slug}'] where code = 'tt'`,
    );
    const { data } = await gateway.ask(
      'query($url: URL!) { articleByUrl(url: $url) { ... on Article { served(edition: "tt") { translation { url } } } } }',
      {
        url: old,
      },
    );
    expect(data.articleByUrl.served.translation.url).toBe('https://tt.meridian.example/a/dyurt-alifba.html');
    await gateway.dataSource.query(`update edition set article_url = 'https://old.meridian.example/tt/{slug}' where code = 'be'`);
    expect(await at('https://old.meridian.example/tt/dyurt-alifba')).toBeNull();
  });
});
