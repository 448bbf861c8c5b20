import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, write } from '../support/make-story.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  const texts = Object.fromEntries(['en', 'ba', 'ps', 'fa', 'ru', 'ru-regions'].map((edition) => [edition, { slug: 'names' }]));
  await write(gateway, [
    makeStory({ id: 'names', people: ['marta-kowalska'], credits: [{ role: 'AUTHOR', person: 'marta-kowalska' }], editions: texts }),
  ]);
});
afterAll(() => gateway.close());

/** How the person is named as a credit, in the byline, and among the people of the story. */
async function namesIn(edition: string) {
  const { data } = await gateway.ask(
    `query($of: EditionCode!) { articleBySlug(edition: $of, slug: "names") { ... on Article {
      people { own: name { text lang direction } name(edition: $of) { text lang direction } }
      served(edition: $of) { translation { byline(style: PRINT) credits { name lang person { name(edition: $of) { text lang direction } } } } }
    } } }`,
    { of: edition },
  );
  const { people, served } = data.articleBySlug;
  const [{ name, lang, person }] = served.translation.credits;
  return {
    credit: { text: name, lang },
    byline: served.translation.byline,
    ofCredit: person.name,
    ofPeople: people[0].name,
    own: people[0].own,
  };
}

// The sample registry has her name in every language but Bashkir and Pashto; her own is English.
const own = { text: 'Marta Kowalska', lang: 'en' };

describe('a person without a name in the language of an edition', () => {
  test.each(['ba', 'ps'])('is named in the person’s own language for %s, and says so wherever named', async (edition) => {
    const names = await namesIn(edition);
    expect(names.credit).toEqual(own);
    expect(names.byline).toBe(own.text);
    // The direction is that of the name, not of the text it stands in.
    expect(names.ofCredit).toEqual({ ...own, direction: 'LTR' });
    expect(names.ofPeople).toEqual({ ...own, direction: 'LTR' });
  });

  test.each(['en', 'ba', 'fa'])('is named in that language for nobody in particular, whatever the edition: %s', async (edition) => {
    expect((await namesIn(edition)).own).toEqual({ ...own, direction: 'LTR' });
  });
});

test.each([
  ['ru', 'Марта Ковальская', 'ru', 'LTR'],
  ['ru-regions', 'Марта Ковальская', 'ru', 'LTR'],
  ['fa', 'مارتا کووالسکا', 'fa', 'RTL'],
])('a person who has one is named in it for %s', async (edition, text, lang, direction) => {
  const names = await namesIn(edition);
  expect(names.credit).toEqual({ text, lang });
  expect(names.byline).toBe(text);
  expect(names.ofCredit).toEqual({ text, lang, direction });
  expect(names.ofPeople).toEqual({ text, lang, direction });
});
