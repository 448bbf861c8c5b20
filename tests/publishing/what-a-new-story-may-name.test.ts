import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway } from '../support/gateway.js';

let gateway: TestGateway;
let desk: Desk;
beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Anna', { en: Role.EDITOR });
});
afterAll(() => gateway.close());

const text = { headline: 'A bridge', blocks: [] };
const stories = async (): Promise<unknown> => gateway.dataSource.query('select count(*) from article');

test.each<[what: string, facts: object, problem: object]>([
  ['a topic twice', { topics: ['media', 'media'] }, { code: 'FIELD_REFUSED', field: 'topics' }],
  ['a person twice', { people: ['anna-marsh', 'anna-marsh'] }, { code: 'FIELD_REFUSED', field: 'people' }],
  ['a place that is no code', { places: ['Kazan (Russia)'] }, { code: 'FIELD_REFUSED', field: 'places.0' }],
  ['an author twice', { authors: ['anna-marsh', 'anna-marsh'] }, { code: 'FIELD_REFUSED', field: 'authors' }],
  ['an agency whose copy is used twice', { wires: ['afp', 'afp'] }, { code: 'FIELD_REFUSED', field: 'wires' }],
  ['an author there is not', { authors: ['nobody'] }, { code: 'UNKNOWN_NAME', message: expect.stringContaining('nobody') }],
  ['an urgency there is not', { urgency: 10 }, { code: 'FIELD_REFUSED', field: 'urgency' }],
])('%s is refused as updateArticle refuses it, and nothing is made', async (_, facts, problem) => {
  const before = await stories();
  expect(await desk.createArticle({ edition: 'en', text, ...facts })).toMatchObject(problem);
  expect(await stories()).toEqual(before);
});

test('what it names and who is credited are told in the order given', async () => {
  const named = { topics: ['media'], people: ['anna-marsh'], authors: ['nino-beridze', 'anna-marsh'], wires: ['afp'], urgency: 3 };
  const { draft } = await desk.createArticle({ edition: 'en', text, ...named });
  const { data } = await desk.ask(
    'query($article: ID!) { articleFacts(article: $article) { urgency topics { code } people { code } credits { role person { code } agency { code } } } }',
    { article: draft.articleId },
  );
  expect(data.articleFacts).toEqual({
    ...{ urgency: 3, topics: [{ code: 'media' }], people: [{ code: 'anna-marsh' }] },
    credits: [
      { role: 'AUTHOR', person: { code: 'nino-beridze' }, agency: null },
      { role: 'AUTHOR', person: { code: 'anna-marsh' }, agency: null },
      { role: 'WIRE', person: null, agency: { code: 'afp' } },
    ],
  });
});

test('a slug that another story has is named whole', async () => {
  const slug = 'bridge(2),-again';
  for (const headline of ['One', 'Two']) {
    const { draft } = await desk.createArticle({ edition: 'en', text: { ...text, headline, slug } });
    const answer = await desk.publishDraft({ article: draft.articleId, edition: 'en', expectedVersion: 1 });
    if (headline === 'One') expect(answer).toMatchObject({ revision: 1 });
    else expect(answer).toMatchObject({ code: 'SLUG_TAKEN', message: expect.stringContaining(slug) });
  }
});
