import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v4 } from 'uuid';
import { Role } from '../../src/desks/role.js';
import { previewKeyOf, previewToken, readPreviewToken } from '../../src/publishing/preview-token.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { testPreviewKey } from '../support/keys.js';

describe('the token of a preview', () => {
  const key = previewKeyOf(randomBytes(32));
  const preview = { articleUuid: v4(), editionCode: 'fa-af', expiresAt: testNow };
  const before = new Date(testNow.getTime() - 1);

  test('opens to what it was made of until it expires, and is a part of an address as it is', () => {
    const token = previewToken(preview, key);
    expect(readPreviewToken(token, key, before)).toEqual(preview);
    expect(readPreviewToken(token, key, testNow)).toBeUndefined();
    expect(token).toBe(encodeURIComponent(token));
  });

  test('cannot be changed in any bit or character, cut, lengthened, or opened by another key', () => {
    const token = previewToken(preview, key);
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(readPreviewToken(changed.toString('base64url'), key, before)).toBeUndefined();
    }
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === 'A' ? 'B' : 'A';
      for (const text of [token.slice(0, index) + other + token.slice(index + 1), token.slice(0, index)])
        expect(readPreviewToken(text, key, before)).toBeUndefined();
    }
    for (const text of [`${token}A`, `${token}=`, `${token} `, '', 'preview']) expect(readPreviewToken(text, key, before)).toBeUndefined();
    expect(readPreviewToken(token, previewKeyOf(randomBytes(32)), before)).toBeUndefined();
    expect(previewToken(preview, key)).not.toBe(token);
  });
});

let gateway: TestGateway;
let chief: Desk;
let keeper: Desk;
let article: string;
let now = testNow;

const later = (hours = 1): void => {
  now = new Date(now.getTime() + hours * 3_600_000);
  gateway.at(now);
};
const text = (headline: string, more: object[] = []) => ({
  headline,
  blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `The words of ${headline}.` }] }, ...more],
});
const document = `mutation($input: PreviewLinkInput!) { previewLink(input: $input) { ... on PreviewLink { url expiresAt } ... on Problem { code } } }`;

/** A link to the preview of an edition's text, as a path of the gateway; or the problem. */
async function linkTo(edition: string, more: object = {}): Promise<{ path: string; expiresAt: string; code?: string }> {
  const { data, errors } = await chief.ask(document, { input: { article, edition, ...more } });
  expect(errors).toBeUndefined();
  const { url = '', ...rest } = data.previewLink;
  return { ...rest, path: url.replace('http://gateway.test', '') };
}
const saves = (edition: string, given: object, expectedVersion = 0, meaning: object = {}) =>
  chief.saveDraft({ article, edition, expectedVersion, text: given, meaning });

beforeAll(async () => {
  gateway = await openGateway();
  const roles = { en: Role.CHIEF, ru: Role.CHIEF, fa: Role.CHIEF };
  chief = await deskOf(gateway, 'Clara', roles);
  keeper = await deskOf(gateway, 'Kim', { ...roles, tt: Role.CHIEF, kk: Role.CHIEF });
}, 60_000);
afterAll(() => gateway.close());
beforeEach(async () => {
  later();
  const { draft } = await chief.createArticle({
    edition: 'en',
    text: text('A <story>', [{ key: 'i1', type: 'image', image: 'saiga' }]),
    image: 'alphabets',
  });
  article = draft.articleId;
});

/** A page without what differs between a preview and the page of what is out. */
const plain = (html: string): string =>
  html
    .replace(/<link rel="(?:canonical|alternate)"[^>]*>\n?/gu, '')
    .replace(/<p class="preview">[^<]*<\/p>/u, '')
    .replaceAll(/\/preview\/[\w-]+\/media\//gu, '/media/');

describe('a link to a preview', () => {
  test('shows anybody the page as it is after publication, and says that it is a preview', async () => {
    const { path, expiresAt } = await linkTo('en');
    expect(expiresAt).toBe(new Date(now.getTime() + 24 * 3_600_000).toISOString());
    const page = await gateway.get(path);
    expect(page.statusCode).toBe(200);
    expect(page.headers).toMatchObject({
      ...{ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' },
      ...{ 'referrer-policy': 'no-referrer', 'content-security-policy': expect.stringContaining("default-src 'none'") },
    });
    expect(page.body).toContain('<p class="preview">Preview: the text may still change</p>');
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    const { data } = await gateway.ask('query($id: ID!) { article(id: $id) { ... on Article { original { slug } } } }', { id: article });
    const out = await gateway.get(`/read/en/${data.article.original.slug}`);
    expect(out.statusCode).toBe(200);
    expect(plain(page.body)).toBe(plain(out.body));
    expect(page.headers['content-security-policy']).toBe(out.headers['content-security-policy']);
    // With the draft gone, the same link shows what is out.
    const after = await gateway.get(path);
    expect([after.statusCode, plain(after.body)]).toEqual([200, plain(out.body)]);
  });

  test('shows the pictures of a text that no reader may see, and no other files', async () => {
    const { path } = await linkTo('en');
    const shown = [...(await gateway.get(path)).body.matchAll(/<img src="http:\/\/gateway\.test([^"]+)"/gu)].map(([, src]) => src!);
    expect(shown.map((src) => src.replace(`${path}/media/`, ''))).toEqual([
      'alphabets-16x9.svg',
      'saiga-16x9.svg',
      'about-meridian-16x9.svg',
    ]);
    // Elsewhere it is shown by nothing that is out.
    await gateway.dataSource.query('update article set retracted_at = $1 where retracted_at is null and published_at is not null', [now]);
    for (const src of shown) {
      const picture = await gateway.get(src);
      expect([picture.statusCode, picture.headers['content-type'], picture.headers['cache-control']]).toEqual([
        200,
        'image/svg+xml',
        'no-store',
      ]);
      expect(picture.headers['content-security-policy']).toContain('sandbox');
    }
    for (const src of shown.slice(0, 2)) expect((await gateway.get(src.replace(path, ''))).statusCode).toBe(404);
    for (const other of [
      '/media/lighthouse-16x9.svg',
      '/media/../../../../package.json',
      '/media/%2e%2e/%2e%2e/media/lighthouse-16x9.svg',
      '/media/',
      '/media/nothing.svg',
    ])
      expect((await gateway.get(path + other)).statusCode).toBe(404);
    await gateway.dataSource.query('update article set retracted_at = null where retracted_at = $1', [now]);
  });

  test('shows the poster of a video only where readers or the text itself show its picture, and of a retracted one nothing', async () => {
    const video = (key: string, poster: string) => ({ key, type: 'video', url: 'https://a.example/v.mp4', title: 'V', poster });
    // Nothing shows the lighthouse; the alphabets are the lead picture.
    const hidden = await chief.createArticle({ edition: 'en', text: text('Hidden'), image: 'lighthouse' });
    expect(hidden.draft.version).toBe(1);
    const posters = ['/media/saiga-16x9.svg', '/media/alphabets-16x9.svg', '/media/lighthouse-16x9.svg'];
    const blocks = posters.map((poster, at) => video(`v${at}`, poster));
    await saves('en', text('With posters', blocks), 1);
    const { path } = await linkTo('en');
    const shown = async () => Promise.all(posters.map(async (file) => (await gateway.get(path + file)).statusCode));
    expect((await gateway.get(path)).body).toContain(`poster="http://gateway.test${path}/media/saiga-16x9.svg"`);
    // Readers see the saiga with a story of the samples.
    expect((await gateway.get('/media/saiga-16x9.svg')).statusCode).toBe(200);
    expect(await shown()).toEqual([200, 200, 404]);
    await saves('en', text('With pictures', [...blocks, { key: 'i1', type: 'image', image: 'saiga' }]), 2);
    await keeper.retract({ image: 'saiga', kind: 'KILL' });
    expect(await shown()).toEqual([404, 200, 404]);
    expect((await gateway.get(path)).statusCode).toBe(200);
    await keeper.restore({ image: 'saiga', reason: 'It may be shown.' });
    expect(await shown()).toEqual([200, 200, 404]);
  });

  test('shows the latest draft, each time it is opened', async () => {
    const { path } = await linkTo('en');
    await saves('en', text('A second try'), 1);
    expect((await gateway.get(path)).body).toContain('<h1>A second try</h1>');
  });

  test('opens one text only: not the other drafts of the story', async () => {
    await saves('ru', text('История'));
    const { path } = await linkTo('en');
    expect((await gateway.get(path)).body).not.toContain('История');
    expect((await gateway.get((await linkTo('ru')).path)).body).toContain('<h1>История</h1>');
  });

  test.each([
    ['ru', 'ltr', 'Предпросмотр: текст ещё может измениться'],
    ['fa', 'rtl', 'پیش‌نمایش: متن هنوز ممکن است تغییر کند'],
  ])('speaks as its edition does: %s', async (edition, direction, banner) => {
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    await saves(edition, text('…'), 0, { origin: 'MACHINE', tool: 'a machine' });
    const { body } = await gateway.get((await linkTo(edition)).path);
    expect(body).toContain(`<html lang="${edition}" dir="${direction}">`);
    expect(body).toContain(`<p class="preview">${banner}</p>`);
    // It has what a reader would be told, and the way to what is out.
    expect(body.match(/<aside /gu)!.length).toBeGreaterThan(1);
    expect(body).toContain('hreflang="en"');
  });

  test('opens nothing once it has expired, was forged, or the text has been taken back; all alike', async () => {
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    await saves('ru', text('История'));
    await saves('en', text('A story goes on'));
    const { path } = await linkTo('ru', { hours: 1 });
    const whole = await linkTo('en', { hours: 168 });
    const token = path.split('/').at(-1)!;
    const forged = previewToken({ articleUuid: v4(), editionCode: 'ru', expiresAt: new Date('2100-01-01') }, randomBytes(32));
    const unknown = previewToken({ articleUuid: v4(), editionCode: 'ru', expiresAt: new Date('2100-01-01') }, testPreviewKey);
    const nothing = [`/preview/${forged}`, `/preview/${unknown}`, `/preview/${token.slice(1)}`, '/preview/x', `${path}x`];
    const answers = async (paths: string[]) =>
      Promise.all(
        paths.map(async (each) => {
          const { statusCode, body, headers } = await gateway.get(each, { 'x-request-id': 'the-same-request' });
          return [statusCode, body, headers['cache-control']];
        }),
      );
    expect((await gateway.get(path)).statusCode).toBe(200);
    const same = [404, (await gateway.get('/nothing', { 'x-request-id': 'the-same-request' })).body, 'no-store'];
    expect(await answers(nothing)).toEqual(nothing.map(() => same));
    later(1);
    expect(await answers([path, `${path}/media/saiga-16x9.svg`])).toEqual([same, same]);
    const again = await linkTo('ru');
    await chief.saveDraft({ article, edition: 'ru', expectedVersion: 1, text: text('История') });
    expect((await gateway.get(again.path)).statusCode).toBe(200);
    await chief.publishDraft({ article, edition: 'ru', expectedVersion: 2 });
    await chief.retract({ article, edition: 'ru', kind: 'WITHHOLD' });
    expect(await answers([again.path])).toEqual([same]);
    expect((await gateway.get(whole.path)).statusCode).toBe(200);
    await chief.retract({ article, kind: 'KILL' });
    expect(await answers([whole.path])).toEqual([same]);
  });

  test('is not written down: neither in the audit nor in the log of requests', async () => {
    const lines: string[] = [];
    const watched = await openGateway({ logTo: { write: (line) => void lines.push(line) } });
    const { path } = await linkTo('en', { idempotencyKey: 'a link' });
    const token = path.split('/').at(-1)!;
    const rows: { action: string; detail: object }[] = await gateway.dataSource.query(
      'select action, detail from audit order by id desc limit 1',
    );
    expect(rows[0]).toMatchObject({ action: 'PREVIEW', detail: { editionCode: 'en', expiresAt: expect.any(String) } });
    const kept: { answer: object }[] = await gateway.dataSource.query('select answer from idempotency');
    expect(JSON.stringify([rows, kept])).not.toContain(token);
    await watched.get(path);
    await watched.get(`${path}/media/x.svg`);
    expect(lines.join('')).toContain('/preview/…/media/x.svg');
    expect(lines.join('')).not.toContain(token);
    await watched.close();
  });
});

describe('who is given a link', () => {
  test('nobody to what readers see already, or to a text that has nothing', async () => {
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    expect([(await linkTo('en')).code, (await linkTo('ru')).code]).toEqual(['NO_DRAFT', 'NO_DRAFT']);
  });

  test('a desk to what it has published under embargo', async () => {
    await chief.setEmbargo(article, new Date(now.getTime() + 86_400_000).toISOString());
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    const { path } = await linkTo('en');
    expect((await gateway.get(path)).body).toContain('<h1>A &#60;story&#62;</h1>');
  });

  test('for a week at most', async () => {
    for (const hours of [0, 169]) {
      const { errors } = await chief.ask(document, { input: { article, edition: 'en', hours } });
      expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});
