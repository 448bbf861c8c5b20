import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { story } from '../../src/ingest/story.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { paragraph, write } from '../support/make-story.js';

interface Given {
  significance: 'MINOR' | 'UPDATE' | 'CORRECTION';
  note?: string;
}
const update: Given = { significance: 'UPDATE' };
const minor: Given = { significance: 'MINOR' };
const correction = (note: string): Given => ({ significance: 'CORRECTION', note });

/** A story whose text was published an hour before each revision behind it. */
const storyOf = (id: string, revisions: Given[], more: object = {}) =>
  story.parse({
    ...{ id, homeEdition: 'en', publishedAt: '2026-11-01T08:00:00Z', ...more },
    translations: [
      {
        ...{ edition: 'en', slug: id },
        revisions: revisions.map((each, index) => ({
          ...each,
          ...{
            headline: `${id}, ${index + 1}`,
            blocks: [paragraph(`Text ${index + 1}.`)],
            publishedAt: new Date(Date.UTC(2026, 10, 1, 8 + index)).toISOString(),
          },
        })),
      },
    ],
  });

const selection = '{ notices { kind version text } translation { slug kicker } }';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

/** What readers of the text are told of a correction, by a page and by a list alike. */
async function told(slug: string): Promise<{ kicker: string | null; corrections: { version: number; text: string }[] }> {
  const { data } = await gateway.ask(
    `query($slug: String!) {
      articleBySlug(edition: "en", slug: $slug) { ... on Article { served(edition: "en") ${selection} } }
      articles(edition: "en", first: 100) { edges { served ${selection} } }
    }`,
    { slug },
  );
  const listed = data.articles.edges.map((edge: { served: { translation: { slug: string } } }) => edge.served);
  const { served } = data.articleBySlug;
  expect(listed.find((each: { translation: { slug: string } }) => each.translation.slug === slug)).toEqual(served);
  const { notices, translation } = served;
  return {
    kicker: translation.kicker,
    corrections: notices.flatMap(({ kind, version, text }: { kind: string; version: number; text: string }) =>
      kind === 'CORRECTION' ? [{ version, text }] : [],
    ),
  };
}

describe('a correction', () => {
  const published = async (name: string, revisions: Given[], more: object = {}) => {
    const slug = `correction-${name}`;
    await write(gateway, [storyOf(slug, revisions, more)]);
    return told(slug);
  };

  test('is told with its note, its own time and the number of its revision', async () => {
    expect(await published('new', [update, correction('The river was named wrongly.')])).toEqual({
      kicker: 'Correction',
      corrections: [{ version: 2, text: expect.stringMatching(/November 1, 2026 at 9:00.*: The river was named wrongly\.$/u) }],
    });
  });

  test('is still told, the same, behind a spelling fix', async () => {
    expect(await published('spelt', [update, correction('The river was named wrongly.'), minor, minor])).toEqual({
      kicker: 'Correction',
      corrections: [{ version: 2, text: expect.stringMatching(/November 1, 2026 at 9:00.*: The river was named wrongly\.$/u) }],
    });
  });

  test('is still told behind an update, but is no longer the news of the text', async () => {
    const corrections = [{ version: 2, text: expect.stringMatching(/at 9:00.*: A date was wrong\.$/u) }];
    const revisions = [update, correction('A date was wrong.'), update, minor];
    expect(await published('updated', revisions)).toEqual({ kicker: null, corrections });
    expect(await published('live', revisions, { kind: 'LIVE' })).toEqual({ kicker: 'Live', corrections });
  });

  test('gives way to the next one, whose version is higher', async () => {
    expect(await published('twice', [update, correction('One.'), update, correction('Two.'), minor])).toEqual({
      kicker: 'Correction',
      corrections: [{ version: 4, text: expect.stringMatching(/at 11:00.*: Two\.$/u) }],
    });
  });

  test('is not told of a text that had none, nor before it is made', async () => {
    expect(await published('none', [update, minor, update])).toEqual({ kicker: null, corrections: [] });
    expect(await published('later', [update, minor])).toEqual({ kicker: null, corrections: [] });
    await write(gateway, [storyOf('correction-later', [update, minor, correction('Late.')])]);
    expect(await told('correction-later')).toMatchObject({ kicker: 'Correction', corrections: [{ version: 3 }] });
  });

  test('is that of one edition: the others are told of their own', async () => {
    const given = storyOf('correction-here', [update, correction('Here.')]);
    const [english] = given.translations;
    const russian = { ...english!, edition: 'ru', revisions: [{ ...english!.revisions[0]!, headline: 'Заголовок' }] };
    await write(gateway, [{ ...given, translations: [english!, russian] }]);
    const { data } = await gateway.ask(
      '{ articleBySlug(edition: "en", slug: "correction-here") { ... on Article { served(edition: "ru") { notices { kind } translation { kicker } } } } }',
    );
    expect(data.articleBySlug.served.notices.map(({ kind }: { kind: string }) => kind)).not.toContain('CORRECTION');
    expect(data.articleBySlug.served.translation.kicker).toBeNull();
  });
});

test.each([undefined, '', '  \n'])('a correction whose note is %j is refused by the importer', (note) => {
  const { success, error } = story.safeParse({
    ...{ id: 'a', homeEdition: 'en', publishedAt: null },
    translations: [{ edition: 'en', revisions: [{ significance: 'CORRECTION', note, headline: 'a', blocks: [] }] }],
  });
  expect(success).toBe(false);
  expect(error!.issues.map(({ path }) => path.join('.'))).toEqual(['translations.0.revisions.0.note']);
});

test('the database keeps no correction without a note', async () => {
  await expect(
    gateway.dataSource.query(
      `insert into revision select article_uuid, edition_code, number + 100, 'CORRECTION', origin, headline, dek, body, word_count, null, published_at, content_hash
       from revision limit 1`,
    ),
  ).rejects.toThrow(/revision_note_check/u);
});
