import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, paragraph, write } from '../support/make-story.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  const blocks = [paragraph('—'), { key: 'picture', type: 'image' as const, image: 'saiga' }];
  const text = (slug: string) => ({ slug, blocks });
  // The sample registry has words for the picture in Persian and Russian, and none in Bashkir or for the Russian regions.
  await write(gateway, [
    makeStory({
      id: 'pictures',
      image: 'saiga',
      editions: { fa: text('pictures'), ba: text('pictures'), ru: text('pictures'), 'ru-regions': text('pictures') },
    }),
  ]);
});
afterAll(() => gateway.close());

async function read(edition: string) {
  const { data } = await gateway.ask(
    `query($of: EditionCode!) { articleBySlug(edition: $of, slug: "pictures") { ... on Article { served(edition: $of) { translation {
      image { alt caption lang direction creditLine } body { html markdown text }
    } } } } }`,
    { of: edition },
  );
  return data.articleBySlug.served.translation;
}

describe('a picture in a text', () => {
  test('whose words are in another language is marked with it and its direction, the credit is not', async () => {
    const { image, body } = await read('ba');
    expect(image).toMatchObject({ lang: 'fa', direction: 'RTL' });
    expect(body.html).toMatch(new RegExp(`<img [^>]+ alt="${image.alt}" lang="fa" dir="rtl">`, 'u'));
    expect(body.html).toContain(
      `<figcaption><span lang="fa" dir="rtl">${image.caption}</span> <small>${image.creditLine}</small></figcaption>`,
    );
    expect(body.markdown).toContain(`![${image.alt}](`);
    expect(body.text).toContain(image.caption);
  });

  test.each(['fa', 'ru', 'ru-regions'])('is not marked in %s, whose language its words are in', async (edition) => {
    const { image, body } = await read(edition);
    expect(image.lang).toBe(edition.slice(0, 2));
    expect(body.html).toContain(`<figcaption>${image.caption} <small>`);
    expect(body.html).not.toMatch(/lang=|dir=/u);
  });
});

describe('a file of a picture that is asked for', () => {
  const widths = [
    [320, 180],
    [800, 450],
    [1280, 720],
  ] as const;
  beforeAll(async () => {
    for (const [width, height] of widths)
      await gateway.dataSource.query(
        `insert into image_rendition (image_code, ratio, width, height, url, content_type) values ('saiga', 'RATIO_16X9', $1, $2, $3, 'image/jpeg')`,
        [width, height, `/media/saiga-${width}.jpg`],
      );
  });

  // 16:9 is there in 320, 800, 1280 and 1600 pixels, 4:3 in 1200, 9:16 not at all.
  test.each([
    ['without a width is the widest', '', 1600],
    ['is the narrowest that is wide enough', 'minWidth: 321', 800],
    ['is one of exactly that width', 'minWidth: 800', 800],
    ['is the next one for a pixel more', 'minWidth: 801', 1280],
    ['is the narrowest of all where any will do', 'minWidth: 1', 320],
    ['is the widest where none is wide enough', 'minWidth: 1601', 1600],
    ['is of its ratio alone', 'ratio: RATIO_4X3, minWidth: 300', 1200],
    ['is of its ratio, however narrow', 'ratio: RATIO_4X3, minWidth: 1500', 1200],
    ['is none where there is none of its ratio', 'ratio: RATIO_9X16', null],
  ])('%s', async (_what, given, width) => {
    const { data } = await gateway.ask(
      `{ articleBySlug(edition: "fa", slug: "pictures") { ... on Article { original { image { rendition${given && `(${given})`} { width url } } } } } }`,
    );
    const { rendition } = data.articleBySlug.original.image;
    expect(rendition?.width ?? null).toBe(width);
    if (width === 800) expect(rendition.url).toBe('http://gateway.test/media/saiga-800.jpg');
  });
});
