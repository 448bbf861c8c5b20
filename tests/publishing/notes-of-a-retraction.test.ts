import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

let gateway: TestGateway;
let chief: Desk;
let article: string;
let minutes = 0;
const later = (): void => gateway.at(new Date(testNow.getTime() + ++minutes * 60_000));
const text = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: 'Words.' }] }] });

/** What readers get of the story: its type, and the note if it was taken back. */
const seen = async () => {
  const fields = '{ __typename ... on Tombstone { note(edition: "en") inRussian: note(edition: "ru") } }';
  return (await gateway.ask(`query($id: ID!) { article(id: $id) ${fields} }`, { id: article })).data.article;
};
const note = (words: string, lang = 'en') => ({ lang, text: words });

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF, ru: Role.CHIEF });
});
afterAll(() => gateway.close());
beforeEach(async () => {
  later();
  const { draft } = await chief.createArticle({ edition: 'en', text: text(`Story ${minutes}`) });
  article = draft.articleId;
  expect(await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 })).toMatchObject({ revision: 1 });
  later();
});

describe('the public note of a retraction', () => {
  test('reaches readers as one clean line', async () => {
    const notes = [note(' It was\u200b \u202ewrong\n\u2066ever. '), note('Ошибка.\u202e', 'ru')];
    expect(await chief.retract({ article, kind: 'KILL', notes })).toMatchObject({ scope: 'STORY' });
    const { note: english, inRussian } = await seen();
    expect(english).not.toMatch(/[\n\u200b]|^\s|\s$/u);
    // What turns the direction is ended in the same note.
    const count = (all: RegExp) => (english.match(all) ?? []).length;
    expect([count(/\u202e/gu), count(/\u2066/gu)]).toEqual([count(/\u202c/gu), count(/\u2069/gu)]);
    expect(english.replace(/\p{Cf}/gu, '')).toBe('It was wrong ever.');
    expect(inRussian.replace(/\p{Cf}/gu, '')).toBe('Ошибка.');
  });

  test.each<[string, object[], object]>([
    ['what XML forbids', [note('One.', 'ru'), note('Wrong\u0007.')], { code: 'TEXT_REFUSED', field: 'notes.1.text', offset: 5 }],
    ['any language', [note('Wrong.', '*')], { code: 'FIELD_REFUSED', field: 'notes.0.lang' }],
    ['a language of no edition', [note('Wrong.', 'xx')], { code: 'FIELD_REFUSED', field: 'notes.0.lang' }],
    ['a language twice', [note('Wrong.'), note('Right.')], { code: 'FIELD_REFUSED', field: 'notes' }],
    ['nothing', [note('')], { code: 'FIELD_REFUSED', field: 'notes.0.text' }],
    ['nothing that is seen', [note('\u200b \u2060')], { code: 'FIELD_REFUSED', field: 'notes.0.text' }],
    ['too much', [note('x'.repeat(1001))], { code: 'FIELD_REFUSED', field: 'notes.0.text' }],
  ])('is refused with %s, and nothing is taken back', async (_what, notes, problem) => {
    for (const more of [{}, { edition: 'en' }, { edition: 'en', revision: 1 }])
      expect(await chief.retract({ article, kind: 'KILL', notes, ...more })).toMatchObject(problem);
    expect(await chief.retract({ image: 'saiga', kind: 'KILL', notes })).toMatchObject(problem);
    expect(await seen()).toEqual({ __typename: 'Article' });
  });

  test('must be there to withdraw, and need not be to kill or withhold', async () => {
    for (const more of [{ article }, { article, edition: 'en' }, { article, edition: 'en', revision: 1 }, { image: 'saiga' }]) {
      const problem = await chief.retract({ kind: 'WITHDRAW', ...more });
      expect(problem).toMatchObject({ code: 'NOTE_REQUIRED', message: 'This needs a note that tells readers what was wrong.' });
    }
    expect(await seen()).toEqual({ __typename: 'Article' });
    expect(await chief.retract({ article, kind: 'WITHDRAW', notes: [note('Wrong.')] })).toMatchObject({ scope: 'STORY' });
    expect(await seen()).toEqual({ __typename: 'Tombstone', note: 'Wrong.', inRussian: null });
    await chief.restore({ article, reason: 'It was true.' });
    expect(await chief.retract({ article, edition: 'en', kind: 'WITHHOLD' })).toMatchObject({ scope: 'TRANSLATION' });
  });
});

describe('words for colleagues', () => {
  test('the reason of a restoration is one that can be seen, and is kept clean', async () => {
    await chief.retract({ article, kind: 'KILL' });
    expect(await chief.restore({ article, reason: '\u200b' })).toMatchObject({ code: 'REASON_REQUIRED' });
    expect(await chief.restore({ article, reason: 'Tr\u0007ue' })).toMatchObject({ code: 'TEXT_REFUSED', field: 'reason', offset: 2 });
    expect(await seen()).toMatchObject({ __typename: 'Tombstone' });
    expect(await chief.restore({ article, reason: 'It was\u200b true.' })).toMatchObject({ scope: 'STORY' });
    const [{ data }] = await gateway.dataSource.query(`select data from outbox where kind = 'RESTORED' order by id desc limit 1`);
    expect(data).toEqual({ reason: 'It was true.' });
  });

  test('the note of a review is kept clean, and an empty one leaves the author’s', async () => {
    const meaning = { changeNote: 'A new ending.' };
    await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: text('Reviewed'), meaning });
    const review = (changeNote: string, expectedVersion: number) =>
      chief.reviewDraft({ article, edition: 'en', expectedVersion, accepted: true, changeNote });
    const kept = async () => (await gateway.dataSource.query(`select change_note as note from draft where headline = 'Reviewed'`))[0].note;
    expect(await review('Not\u0007 yet.', 1)).toMatchObject({ code: 'TEXT_REFUSED', field: 'changeNote', offset: 3 });
    expect((await review('\u200b', 1)).draft.version).toBe(2);
    expect(await kept()).toBe('A new ending.');
    expect((await review('Go\u200b on.', 2)).draft.version).toBe(3);
    expect(await kept()).toBe('Go on.');
  });
});
