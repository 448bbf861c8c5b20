import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlockData } from '../../src/articles/body.js';
import { readSampleRegistry, seedRegistry } from '../../src/ingest/seed.js';
import { inPackage } from '../../src/lib/root.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, paragraph, write } from '../support/make-story.js';

const files = readdirSync(inPackage('src', 'ingest', 'samples', 'media')).map((name) => `/media/${name}`);
const status = async (gateway: TestGateway, url: string, headers = {}): Promise<number> => (await gateway.get(url, headers)).statusCode;

describe('the files of the sample stories', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await openGateway();
  });
  afterAll(() => gateway.close());

  const everything = `query($after: String) { articles(first: 5, after: $after, policy: ANY) { pageInfo { hasNextPage endCursor } edges { node { translations {
    image { renditions { url } } body { html blocks { ... on ImageBlock { image { renditions { url } } } } }
  } } served { notices { image { renditions { url } } } } } } }`;

  test.each([
    ['today', testNow],
    ['before anything was published', new Date('2020-01-01T00:00:00Z')],
    ['before a picture was retracted', new Date('2026-11-10T08:59:59.999Z')],
    ['from then on', new Date('2026-11-10T09:00:00Z')],
  ])('are there exactly when some answer shows them: %s', async (_name, time) => {
    gateway.at(time);
    const shown = new Set<string>();
    for (let page = { hasNextPage: true, endCursor: null }; page.hasNextPage; ) {
      const { data, errors } = await gateway.ask(everything, { after: page.endCursor });
      expect(errors).toBeUndefined();
      for (const path of JSON.stringify(data).match(/\/media\/[\w.-]+/gu) ?? []) shown.add(path);
      page = data.articles.pageInfo;
    }
    const there = [];
    for (const file of files) if ((await status(gateway, file)) === 200) there.push(file);
    expect(there).toEqual(files.filter((file) => shown.has(file)));
    gateway.at(testNow);
  });

  test('a cache may keep one for a minute, then must ask; a retracted one is gone for who asks by its tag too', async () => {
    gateway.at(new Date('2026-11-10T08:59:00Z'));
    const { headers, statusCode } = await gateway.get('/media/lighthouse-16x9.svg');
    expect([statusCode, headers['cache-control']]).toEqual([200, 'public, max-age=60, must-revalidate']);
    const known = { 'if-none-match': String(headers['etag']) };
    const again = await gateway.get('/media/lighthouse-16x9.svg', known);
    expect([again.statusCode, again.headers['cache-control']]).toEqual([304, 'public, max-age=60, must-revalidate']);
    gateway.at(testNow);
    for (const asked of [known, {}, { range: 'bytes=0-9' }]) {
      const gone = await gateway.get('/media/lighthouse-16x9.svg', asked);
      expect([gone.statusCode, gone.headers['cache-control'], gone.body.includes('<svg')]).toEqual([404, 'no-store', false]);
    }
    expect((await gateway.app.inject({ method: 'HEAD', url: '/media/lighthouse-16x9.svg' })).statusCode).toBe(404);
    expect((await gateway.app.inject({ method: 'HEAD', url: '/media/saiga-16x9.svg' })).statusCode).toBe(200);
  });

  test.each(['/media/%00', '/media/', '/media/a%CC%81.svg', '/media/%2e%2e/seed.ts', '/media//saiga-16x9.svg'])(
    '%s is not found',
    async (url) => {
      expect(await status(gateway, url)).toBe(404);
    },
  );

  test('a file that is one of two pictures stays while one of them may be seen', async () => {
    const { dataSource } = gateway;
    await dataSource.query(
      `insert into image_rendition select 'lighthouse', 'RATIO_9X16', 9, 16, '/media/saiga-16x9.svg', 'image/svg+xml'`,
    );
    expect(await status(gateway, '/media/saiga-16x9.svg')).toBe(200);
  });
});

describe('a picture is there when what shows it may be seen', () => {
  let gateway: TestGateway;
  const instant = new Date('2026-12-01T06:00:00Z');
  const image: BlockData[] = [{ key: 'p', type: 'image', image: 'saiga' }];
  const video: BlockData[] = [{ key: 'v', type: 'video', url: 'https://a.example/v.mp4', title: 'V', poster: '/media/saiga-16x9.svg' }];
  const at = instant.toISOString();
  const killed = { kind: 'KILL' as const, at: '2026-11-20T00:00:00Z' };
  const [soon, never] = [{ publishedAt: at }, { publishedAt: null }];

  beforeAll(async () => {
    gateway = await openGateway({ samples: false });
    await seedRegistry(gateway.dataSource.manager, await readSampleRegistry());
  });
  afterAll(() => gateway.close());

  // One file; what uses it is taken away again.
  test.each<[string, Parameters<typeof makeStory>[0] | null, number[]]>([
    ['of nothing', null, [404, 404]],
    ['of a story', { id: 'a', image: 'saiga' }, [200, 200]],
    ['of a draft', { id: 'b', image: 'saiga', ...never }, [404, 404]],
    ['of a story that is scheduled', { id: 'c', image: 'saiga', ...soon }, [404, 200]],
    ['of a story under embargo', { id: 'd', image: 'saiga', embargoUntil: at }, [404, 200]],
    ['of a story that was retracted', { id: 'e', image: 'saiga', retracted: killed }, [404, 404]],
    ['in a text', { id: 'f', editions: { en: { blocks: image } } }, [200, 200]],
    ['in a text under embargo', { id: 'g', embargoUntil: at, editions: { en: { blocks: image } } }, [404, 200]],
    ['in a version that is a draft', { id: 'h', editions: { en: {}, tt: { blocks: image, ...never } } }, [404, 404]],
    ['in a version that is scheduled', { id: 'i', editions: { en: {}, tt: { blocks: image, ...soon } } }, [404, 200]],
    ['in a version that was retracted', { id: 'j', editions: { en: {}, tt: { blocks: image, retracted: killed } } }, [404, 404]],
    ['before a video', { id: 'k', editions: { en: { blocks: video } } }, [200, 200]],
    ['before a video under embargo', { id: 'l', embargoUntil: at, editions: { en: { blocks: video } } }, [404, 200]],
    ['as a word only', { id: 'm', editions: { en: { blocks: [paragraph('saiga')] } } }, [404, 404]],
  ])('%s', async (_name, story, expected) => {
    const { dataSource } = gateway;
    if (story) await write(gateway, [makeStory(story)]);
    const seen = [];
    for (const time of [testNow, new Date(instant.getTime() - 1), instant]) {
      gateway.at(time);
      seen.push(await status(gateway, '/media/saiga-16x9.svg'));
    }
    expect(seen).toEqual([expected[0], expected[0], expected[1]]);
    await dataSource.query('truncate article cascade');
  });

  test('in an earlier revision only it is not', async () => {
    const story = { id: 'revised', editions: { en: { blocks: image } } };
    await write(gateway, [makeStory(story)]);
    gateway.at(testNow);
    expect(await status(gateway, '/media/saiga-16x9.svg')).toBe(200);
    await write(gateway, [makeStory({ ...story, editions: { en: { blocks: [paragraph('Without.')] } } })]);
    expect(await status(gateway, '/media/saiga-16x9.svg')).toBe(404);
  });

  test('with a notice while that is in force; without words never', async () => {
    const { dataSource } = gateway;
    const file = '/media/about-meridian-1x1.svg';
    gateway.at(testNow);
    expect(await status(gateway, file)).toBe(200);
    await dataSource.query(`update notice set effective_until = $1 where image_code = 'about-meridian'`, [testNow]);
    expect(await status(gateway, file)).toBe(404);
    await dataSource.query(`update notice set effective_until = null`);
    await dataSource.query(`delete from image_wording where image_code = 'about-meridian'`);
    expect(await status(gateway, file)).toBe(404);
  });

  test('one that waits answers as one that never was', async () => {
    const asIfNever = async (url: string) => {
      const { statusCode, body, headers } = await gateway.get(url, { 'x-request-id': 'the-same-request' });
      return { statusCode, body, ...headers, date: null };
    };
    expect(await asIfNever('/media/saiga-16x9.svg')).toEqual(await asIfNever('/media/never-was.svg'));
  });
});
