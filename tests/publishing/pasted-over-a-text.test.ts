import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlockData } from '../../src/articles/body.js';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway } from '../support/gateway.js';

let gateway: TestGateway;
let desk: Desk;
beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Clara', { en: Role.CHIEF, ru: Role.CHIEF });
});
afterAll(() => gateway.close());

const told = 'dropped { what count }';
const problem = '... on Problem { code message }';
const draftOf = `... on DraftText { articleId version body ${told} } ${problem}`;
const publishedOf = `... on Published { revision ${told} } ${problem}`;
async function run(mutation: string, type: string, fields: string, input: object) {
  const { data, errors } = await desk.ask(`mutation($input: ${type}!) { result: ${mutation}(input: $input) { ${fields} } }`, { input });
  return errors ? { error: errors[0].extensions.code } : data.result;
}
const create = (text: object, more = {}) => run('createArticle', 'CreateArticleInput', draftOf, { edition: 'en', text, ...more });
const save = (article: string, expectedVersion: number, html: string, more = {}) =>
  run('saveDraft', 'SaveDraftInput', draftOf, { article, edition: 'en', expectedVersion, text: { headline: 'H', html }, ...more });
const publish = (article: string, edition = 'en', expectedVersion = 1) => desk.publishDraft({ article, edition, expectedVersion });
const keys = (body: BlockData[]): string => body.map(({ key }) => key).join(' ');
const paragraph = (key: string, text: string): BlockData => ({ key, type: 'paragraph', spans: [{ text }] });

describe('what pasted HTML loses', () => {
  const html = '<p onclick="x()">One.</p><script>alert(1)</script><iframe src="https://evil.example/"></iframe><hr><p>Two.</p>';
  const dropped = [
    { what: 'SCRIPT', count: 2 },
    { what: 'EMBED', count: 1 },
    { what: 'RULE', count: 1 },
  ];

  test('is told by whatever mutation took it, and told again to who asks again', async () => {
    const given = { idempotencyKey: 'paste-1' };
    const one = await create({ headline: 'H', html }, given);
    expect(one.dropped).toEqual(dropped);
    expect(await create({ headline: 'H', html }, given)).toEqual(one);
    const { articleId } = one;
    const two = await save(articleId, 1, html, { idempotencyKey: 'paste-2' });
    expect(two.dropped).toEqual(dropped);
    expect(await save(articleId, 1, html, { idempotencyKey: 'paste-2' })).toEqual(two);
    await publish(articleId, 'en', 2);
    for (const [mutation, meaning] of [
      ['editMinor', {}],
      ['correct', { note: 'A name was wrong.' }],
    ] as const) {
      const expectedRevision = mutation === 'correct' ? 2 : 1;
      const text = { headline: 'H', html: `${html}<p>${mutation}</p>` };
      expect(
        await run(mutation, 'ReviseInput', publishedOf, { article: articleId, edition: 'en', expectedRevision, text, meaning }),
      ).toEqual({
        revision: expectedRevision + 1,
        dropped,
      });
    }
  });

  test('is nothing for blocks, and for a draft that is only read', async () => {
    const { articleId, dropped: none } = await create({ headline: 'H', blocks: [paragraph('p1', '<script>')] });
    expect(none).toEqual([]);
    await save(articleId, 1, html);
    const { data } = await desk.ask(`query($id: ID!) { draft(article: $id, edition: "en") { ${told} } }`, { id: articleId });
    expect(data.draft.dropped).toEqual([]);
  });

  test('is not looked for on behalf of those who may not write there', async () => {
    const reader = await deskOf(gateway, 'Reader', { tt: Role.CHIEF });
    const forbidden = '<p>\u0007</p>';
    const { articleId } = await create({ headline: 'H', html });
    const input = { article: articleId, edition: 'en', text: { headline: 'H', html: forbidden } };
    expect(await reader.saveDraft({ ...input, expectedVersion: 1 })).toMatchObject({ error: 'FORBIDDEN' });
    expect(await reader.editMinor({ ...input, expectedRevision: 1 })).toMatchObject({ error: 'FORBIDDEN' });
    expect(await reader.createArticle({ edition: 'en', text: { headline: 'H', html: forbidden } })).toMatchObject({ error: 'FORBIDDEN' });
  });
});

test('HTML that is sent again under its key is the same request, whatever was pasted in between', async () => {
  const { articleId } = await create({ headline: 'H', html: '<p>One two three.</p>' });
  const html = '<p>Four five six.</p>';
  const first = await save(articleId, 1, html, { idempotencyKey: 'paste-3' });
  await save(articleId, 2, '<p>Seven eight nine.</p>');
  expect(await save(articleId, 1, html, { idempotencyKey: 'paste-3' })).toMatchObject({ code: 'DRAFT_MOVED_ON' });
  expect(first.version).toBe(2);
  expect(await save(articleId, 1, `${html}<p>x</p>`, { idempotencyKey: 'paste-3' })).toMatchObject({ code: 'KEY_REUSED' });
});

describe('the key of a passage', () => {
  test('is kept over the published text where there is no draft', async () => {
    const { articleId } = await create({ headline: 'H', blocks: [paragraph('lead', 'One two three.'), paragraph('p7', 'Four five six.')] });
    await publish(articleId);
    const { body } = await save(articleId, 0, '<p>Four five six.</p><p>New words here.</p><p>One two three.</p>');
    expect(keys(body)).toBe('p7 p8 lead');
  });

  test('is never another’s, although it is gone for many revisions', async () => {
    const { articleId } = await create({ headline: 'H', html: '<p>One two three.</p><p>Four five six.</p><p>Seven eight nine.</p>' });
    await publish(articleId);
    await save(articleId, 0, '<p>One two three.</p>');
    await publish(articleId);
    expect(keys((await save(articleId, 0, '<p>One two three.</p><p>Ten eleven twelve.</p>')).body)).toBe('p1 p4');
    await publish(articleId);
    const text = { headline: 'H', html: '<p>One two three.</p><p>Thirteen fourteen.</p>' };
    await desk.editMinor({ article: articleId, edition: 'en', expectedRevision: 3, text });
    expect(keys((await save(articleId, 0, `${text.html}<p>Fifteen sixteen.</p>`)).body)).toBe('p1 p5 p6');
  });

  test('is not another edition’s either, once there is a text', async () => {
    const { articleId } = await create({ headline: 'H', html: '<p>One two three.</p>' });
    await publish(articleId);
    const russian = (expectedVersion: number, html: string) =>
      run('saveDraft', 'SaveDraftInput', draftOf, { article: articleId, edition: 'ru', expectedVersion, text: { headline: 'З', html } });
    expect(keys((await russian(0, '<p>Раз два три.</p>')).body)).toBe('p1');
    expect(keys((await russian(1, '<p>Раз два три.</p><p>Только для наших читателей.</p>')).body)).toBe('p1 p2');
    await publish(articleId, 'ru', 2);
    expect(keys((await save(articleId, 0, '<p>One two three.</p><p>Four five six.</p>')).body)).toBe('p1 p3');
  });
});

describe('a text with pictures, recordings and related stories', () => {
  test('pasted over itself as readers have it is what it was', async () => {
    const { articleId: other } = await create({ headline: 'Another', html: '<p>Other.</p>' });
    await publish(other);
    const uuid = (urn: string): string => urn.slice(-36);
    const blocks: BlockData[] = [
      { key: 'pic', type: 'image', image: 'saiga' },
      paragraph('p1', 'One two three.'),
      { key: 'film', type: 'video', url: 'https://v.example/1.mp4', title: 'A film', seconds: 61, poster: '/media/p.jpg' },
      { key: 'post', type: 'embed', provider: 'a', url: 'https://a.example/1', title: 'A post', fallback: 'See it there' },
      { key: 'more', type: 'related', articles: ['00000000-0000-4000-8000-000000000000', uuid(other)] },
      paragraph('p2', 'Four five six.'),
    ];
    const { articleId } = await create({ headline: 'H', blocks });
    await publish(articleId);
    const { data } = await desk.ask('query($id: ID!) { article(id: $id) { ... on Article { original { body { html } } } } }', {
      id: articleId,
    });
    const { html } = data.article.original.body;
    for (const part of ['<img', '<video', 'See it there', 'Another']) expect(html).toContain(part);
    expect((await save(articleId, 0, html)).body).toEqual(blocks);
    const office = await save(articleId, 1, '<p class=MsoNormal>Four five six.</p>');
    expect(keys(office.body)).toBe('pic film more p2');
  });
});
