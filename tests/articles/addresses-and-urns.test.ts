import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, type EditionSite, readAddress } from '../../src/articles/address.js';
import { articleUrn, parseUrn, translationUrn } from '../../src/articles/urn.js';
import { editions } from '../support/sample-registry.js';

const gateway = 'https://gw.example';

describe('the address of a text', () => {
  const parts = { slug: 'казан-елгасы', yyyymmdd: '20240415' };
  const encoded = '%D0%BA%D0%B0%D0%B7%D0%B0%D0%BD-%D0%B5%D0%BB%D0%B3%D0%B0%D1%81%D1%8B';
  const address = (code: string) => addressOf(editions.find((row) => row.code === code)!, parts, gateway);

  test('is at the edition’s own site, else on the gateway', () => {
    expect(address('tt')).toBe(`https://tt.meridian.example/a/${encoded}.html`);
    expect(address('ru')).toBe(`https://ru.meridian.example/20240415/${encoded}.html`);
    expect(address('ba')).toBe(`https://gw.example/read/ba/${encoded}`);
  });

  test.each<[string, string, { edition: string; slug: string } | undefined]>([
    ['as it was given', `https://tt.meridian.example/a/${encoded}.html`, { edition: 'tt', slug: parts.slug }],
    ['typed in letters', 'https://tt.meridian.example/a/казан-елгасы.html', { edition: 'tt', slug: parts.slug }],
    ['by http', `http://tt.meridian.example/a/${encoded}.html`, { edition: 'tt', slug: parts.slug }],
    ['with a query and a fragment', `https://tt.meridian.example/a/${encoded}.html?utm=x#top`, { edition: 'tt', slug: parts.slug }],
    ['with a slash at its end', 'https://gw.example/read/ba/x/', { edition: 'ba', slug: 'x' }],
    ['with the host in capitals', 'https://TT.MERIDIAN.EXAMPLE/a/x.html', { edition: 'tt', slug: 'x' }],
    ['with the default port', 'https://tt.meridian.example:443/a/x.html', { edition: 'tt', slug: 'x' }],
    ['on the gateway of an edition with a site', 'https://gw.example/read/tt/x', { edition: 'tt', slug: 'x' }],
    ['of another day', 'https://ru.meridian.example/19990101/x.html', { edition: 'ru', slug: 'x' }],
    ['with a decomposed letter', 'https://gw.example/read/ru/%D0%B8%CC%86', { edition: 'ru', slug: 'й' }],
    ['without a day', 'https://ru.meridian.example/x.html', undefined],
    ['with a day too short', 'https://ru.meridian.example/2024041/x.html', undefined],
    ['of another edition', 'https://gw.example/read/xx/x', undefined],
    ['of another host', 'https://evil.example/a/x.html', undefined],
    ['of a host that only begins alike', 'https://tt.meridian.example.evil.example/a/x.html', undefined],
    ['of a host where the dot is another character', 'https://ttxmeridian.example/a/x.html', undefined],
    ['of another port', 'https://tt.meridian.example:8443/a/x.html', undefined],
    ['deeper', 'https://tt.meridian.example/a/x/y.html', undefined],
    ['deeper on the gateway', 'https://gw.example/read/ba/x/y', undefined],
    ['with more behind it', 'https://tt.meridian.example/a/x.html.bak', undefined],
    ['of the site alone', 'https://tt.meridian.example/', undefined],
    ['with broken encoding', 'https://gw.example/read/ba/%E0%A4%A', undefined],
    ['with bytes that are no text', 'https://gw.example/read/ba/%FF', undefined],
  ])('is read %s', (_what, url, found) => {
    expect(readAddress(url, editions, gateway)).toEqual(found);
  });

  test.each<[string, EditionSite]>([
    ['a host in the edition’s own letters', { code: 'tt', articleUrl: 'https://азатлык.example/a/{slug}', formerArticleUrls: [] }],
    ['a path in the edition’s own letters', { code: 'tt', articleUrl: 'https://tt.example/язма/{slug}.html', formerArticleUrls: [] }],
    ['capitals and a default port', { code: 'tt', articleUrl: 'https://TT.example:443/{yyyymmdd}/{slug}', formerArticleUrls: [] }],
    ['regular-expression characters', { code: 'tt', articleUrl: 'https://tt.example/(a+)/[b]/{slug}.html', formerArticleUrls: [] }],
  ])('comes back from a site with %s', (_what, site) => {
    const url = addressOf(site, { slug: 'кала', yyyymmdd: '20240415' }, gateway);
    expect(readAddress(url, [site], gateway)).toEqual({ edition: 'tt', slug: 'кала' });
  });

  test('comes back for any slug in any edition', () => {
    // A dot alone, or two, is a step in a path and can be no slug.
    const slug = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('$&', "$'", '{yyyymmdd}', '{slug}', '%2e', 'a/b', 'a?b#c', '.html', 'x.html', '\\'),
    );
    fc.assert(
      fc.property(
        slug.filter((each) => !/^\.{1,2}$/u.test(each)),
        fc.constantFrom(...editions),
        (given, row) => {
          const url = addressOf(row, { slug: given, yyyymmdd: '20240415' }, gateway);
          expect(readAddress(url, editions, gateway)).toEqual({ edition: row.code, slug: given.normalize('NFC') });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of any page of the web is read without a failure', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) =>
        expect(readAddress(url, editions, gateway)).toBeUndefined(),
      ),
    );
  });
});

describe('a URN', () => {
  const uuid = '0b7e1f6a-3c55-5d0a-9c3e-1f2d3c4b5a69';
  const urn = `urn:newsml:meridian.example:20240415:${uuid}`;

  test('names a story, or one edition of it', () => {
    expect(articleUrn({ domain: 'meridian.example', issuedOn: '20240415', uuid })).toBe(urn);
    expect(parseUrn(urn)).toEqual({ domain: 'meridian.example', issuedOn: '20240415', uuid, edition: undefined });
    expect(parseUrn(`${urn}.ru-regions`)).toMatchObject({ uuid, edition: 'ru-regions' });
  });

  test('comes back whole', () => {
    const part = fc.record({
      domain: fc.domain(),
      issuedOn: fc
        .date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
        .map((day) => day.toISOString().slice(0, 10).replaceAll('-', '')),
      uuid: fc.uuid(),
    });
    fc.assert(
      fc.property(part, fc.constantFrom(...editions.map((row) => row.code)), (given, code) => {
        expect(parseUrn(articleUrn(given))).toEqual({ ...given, edition: undefined });
        expect(parseUrn(translationUrn(given, code))).toEqual({ ...given, edition: code });
      }),
    );
  });

  test.each([
    '',
    'urn:newsml',
    urn.toUpperCase(),
    ` ${urn}`,
    `${urn} `,
    `${urn}\n`,
    `${urn}.`,
    `${urn}.RU`,
    `${urn}.tt.tt`,
    `${urn}:tt`,
    `${urn}.-tt`,
    `${urn}.тт`,
    `${urn}.${'a'.repeat(65)}`,
    urn.replace('newsml', 'uuid'),
    urn.replace('20240415', '2024-04-15'),
    urn.replace('20240415', '2024041'),
    urn.replace('20240415', '٢٠٢٤٠٤١٥'),
    urn.replace('meridian.example', ''),
    urn.replace('meridian.example', 'меридиан.example'),
    urn.replace('meridian.example', 'a/b'),
    urn.replace('meridian.example', 'a'.repeat(254)),
    urn.replace(uuid, uuid.slice(1)),
    urn.replace(uuid, uuid.replaceAll('-', '')),
    urn.replace(uuid, `{${uuid}}`),
    urn.replace(uuid, `${uuid}'; drop table article;--`),
    `${urn}\u0000`,
    'a'.repeat(1_000_000),
    `urn:newsml:${':'.repeat(100_000)}`,
  ])('is not %j', (given) => {
    expect(parseUrn(given)).toBeUndefined();
  });

  test('is not any other text', () => {
    fc.assert(fc.property(fc.string(), (given) => expect(parseUrn(given)).toBeUndefined()));
  });
});
