import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

let gateway: TestGateway;
let chief: Desk;
let hours = 0;
const later = (by = 1): Date => {
  hours += by;
  const now = new Date(testNow.getTime() + hours * 3_600_000);
  gateway.at(now);
  return now;
};
const inHours = (more: number): string => new Date(testNow.getTime() + (hours + more) * 3_600_000).toISOString();

const text = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `Words of ${headline}.` }] }] });

/** A story in English and Russian, out or, with an embargo, only published. */
async function story(headline: string, embargoUntil: string | null = null): Promise<{ article: string; slug: string }> {
  const { draft } = await chief.createArticle({ edition: 'en', text: { ...text(headline), slug: null }, embargoUntil });
  const article = draft.articleId;
  await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  await chief.saveDraft({ article, edition: 'ru', expectedVersion: 0, text: text(`${headline} по-русски`) });
  expect(await chief.publishDraft({ article, edition: 'ru', expectedVersion: 1 })).toMatchObject({ revision: 1 });
  const [{ slug }] = await gateway.dataSource.query(`select slug from translation where article_uuid = $1 and edition_code = 'ru'`, [
    article.split(':').at(-1),
  ]);
  return { article, slug };
}

/** All that readers get by the ids of a story and its translations, and by a slug. */
async function seenOf({ article, slug }: { article: string; slug: string }): Promise<object> {
  const kind = '{ __typename ... on Tombstone { id scope } }';
  const { data, errors } = await gateway.ask(
    `query($a: ID!, $en: ID!, $ru: ID!, $slug: String!) {
      story: article(id: $a) ${kind} en: article(id: $en) ${kind} ru: article(id: $ru) ${kind} node: node(id: $ru) ${kind}
      slug: articleBySlug(edition: "ru", slug: $slug) ${kind}
    }`,
    { a: article, en: `${article}.en`, ru: `${article}.ru`, slug },
  );
  expect(errors).toBeUndefined();
  return { ...data, page: (await gateway.get(`/read/ru/${encodeURIComponent(slug)}`)).statusCode };
}
const tombstone = (id: string, scope: string) => ({ __typename: 'Tombstone', id, scope });
const nothing = { story: null, en: null, ru: null, node: null, slug: null, page: 404 };

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF, ru: Role.CHIEF });
});
afterAll(() => gateway.close());
beforeEach(() => void later());

describe('the tombstone of a story', () => {
  test('is neither hidden by an embargo nor moved by an end: both are refused until it is restored', async () => {
    const out = await story('Killed in public');
    later();
    await chief.retract({ article: out.article, kind: 'KILL' });
    const before = await seenOf(out);
    expect(before).toMatchObject({ story: tombstone(out.article, 'STORY'), ru: tombstone(out.article, 'STORY'), page: 410 });
    for (const until of [inHours(24), null]) {
      expect(await chief.setEmbargo(out.article, until)).toMatchObject({ code: 'IS_RETRACTED' });
      expect(await chief.setExpiry({ article: out.article, edition: 'ru', until })).toMatchObject({ code: 'IS_RETRACTED' });
    }
    expect(await seenOf(out)).toEqual(before);
    await chief.restore({ article: out.article, reason: 'It was true.' });
    expect(await chief.setEmbargo(out.article, inHours(24))).toMatchObject({ until: inHours(24) });
  });

  test('of one that was killed under embargo never appears', async () => {
    const hidden = await story('Killed under embargo', inHours(5));
    await chief.retract({ article: hidden.article, kind: 'KILL' });
    expect(await seenOf(hidden)).toEqual(nothing);
    expect(await chief.setEmbargo(hidden.article, null)).toMatchObject({ code: 'IS_RETRACTED' });
    later(6);
    expect(await seenOf(hidden)).toEqual(nothing);
  });
});

describe('the tombstone of an edition', () => {
  test('stays at the addresses of the edition while the story is under embargo since', async () => {
    const out = await story('Withdrawn in Russian');
    later();
    await chief.retract({ article: out.article, edition: 'ru', kind: 'KILL' });
    const stone = tombstone(`${out.article}.ru`, 'TRANSLATION');
    const atItsOwn = { ru: stone, node: stone, slug: stone, page: 410 };
    expect(await seenOf(out)).toEqual({ story: { __typename: 'Article' }, en: { __typename: 'Article' }, ...atItsOwn });
    expect(await chief.setExpiry({ article: out.article, edition: 'ru', until: inHours(9) })).toMatchObject({ code: 'IS_RETRACTED' });
    expect(await chief.setEmbargo(out.article, inHours(24))).toMatchObject({ until: inHours(24) });
    expect(await seenOf(out)).toEqual({ story: null, en: null, ...atItsOwn });
  });

  test('of what nobody had seen does not appear when the embargo is lifted', async () => {
    const hidden = await story('Killed in Russian under embargo', inHours(24));
    await chief.retract({ article: hidden.article, edition: 'ru', kind: 'KILL' });
    expect(await seenOf(hidden)).toEqual(nothing);
    later();
    expect(await chief.setEmbargo(hidden.article, null)).toMatchObject({ until: null });
    expect(await seenOf(hidden)).toEqual({ ...nothing, story: { __typename: 'Article' }, en: { __typename: 'Article' } });
    later();
    // Nor does its address tell of the story's own tombstone.
    await chief.retract({ article: hidden.article, kind: 'KILL' });
    const stone = tombstone(hidden.article, 'STORY');
    expect(await seenOf(hidden)).toEqual({ ...nothing, story: stone, en: stone });
  });
});
