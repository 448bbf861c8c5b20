import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { inPackage } from '../../src/lib/root.js';
import { type Bundle, loadWording, makeWording, type Namespace, type Wording } from '../../src/lib/wording.js';
import { makeWordingAsOf } from '../../src/lib/wording-as-of.js';
import { keepBundles } from '../../src/lib/wording-version.queries.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { edition, speakerIn } from '../support/sample-registry.js';

type Folders = Record<string, Record<string, Record<string, string>> | null>;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => database.dataSource.query('delete from wording_version'));
afterAll(() => database.close());

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 23, hour));

/** The delivered wordings, with some lines changed, folders added, or taken away (null). */
async function wordingWith(folders: Folders): Promise<Wording> {
  const bundles = new Map<string, Bundle>((await loadWording(inPackage('locales'))).bundles);
  for (const [tag, files] of Object.entries(folders)) {
    const before = bundles.get(tag) ?? {};
    if (files === null) bundles.delete(tag);
    else
      bundles.set(tag, {
        ...before,
        ...Object.fromEntries(Object.entries(files).map(([name, lines]) => [name, { ...before[name], ...lines }])),
      });
  }
  return makeWording(bundles);
}

/** A gateway with these words starts. */
async function start(hour: number, folders: Folders): Promise<Wording> {
  const wording = await wordingWith(folders);
  await keepBundles(database.dataSource.manager, wording.bundles, at(hour));
  return wording;
}

const stored = async (): Promise<string[]> =>
  (
    await database.dataSource.query<{ tag: string; hour: number }[]>(
      `select tag, extract(hour from since at time zone 'UTC')::int as hour from wording_version order by since, tag`,
    )
  ).map(({ tag, hour }) => `${tag} ${hour}`);

/** What an edition said at an hour, as a process with its own words reads it. */
async function said(own: Wording, hour: number, code: string, [namespace, key]: [Namespace, string]): Promise<string> {
  const then = await makeWordingAsOf(own)({ manager: database.dataSource.manager }, at(hour));
  return speakerIn(then, edition(code)).say.text(namespace, key);
}

const live: [Namespace, string] = ['labels', 'live'];

describe('at a start', () => {
  test('only folders whose words are new are stored, and one that is gone', async () => {
    await start(1, {});
    const all = (await stored()).length;
    expect(all).toBe((await loadWording(inPackage('locales'))).bundles.size);
    await start(2, {});
    await start(3, { ru: { labels: { live: 'Эфир' } } });
    await start(4, { ru: { labels: { live: 'Эфир' } }, ky: null });
    await start(5, { ky: null });
    expect((await stored()).slice(all)).toEqual(['ru 3', 'ky 4', 'ru 5']);
  });

  test('processes that start together store each once', async () => {
    const { bundles } = await wordingWith({});
    await Promise.all([1, 1, 1].map((hour) => keepBundles(database.dataSource.manager, bundles, at(hour))));
    expect((await stored()).length).toBe(bundles.size);
  });

  test('a clock that was set back does not put the new words before the old', async () => {
    await start(5, {});
    const own = await start(4, { ru: { labels: { live: 'Эфир' } } });
    expect(await said(own, 6, 'ru', live)).toBe('Эфир');
    await start(3, { ru: { labels: { live: 'Эфир' } } });
    expect((await stored()).filter((each) => each.startsWith('ru '))).toHaveLength(2);
  });
});

describe('as of then', () => {
  test('an edition says what it said, before the first start as of that', async () => {
    const own = await start(2, {});
    await start(4, { ru: { labels: { live: 'Эфир' } } });
    await start(6, { ru: { labels: { live: 'Онлайн' } } });
    const now = await said(own, 2, 'ru', live);
    expect(['Эфир', 'Онлайн']).not.toContain(now);
    expect(await Promise.all([1, 3, 4, 5, 7].map((hour) => said(own, hour, 'ru', live)))).toEqual([now, now, 'Эфир', 'Эфир', 'Онлайн']);
  });

  test('a folder that came later to override single words was not there, and one that has gone was', async () => {
    const own = await start(2, {});
    await start(4, { 'ru-regions': { labels: { live: 'Онлайн' } } });
    await start(6, {});
    const common = await said(own, 2, 'ru-regions', live);
    expect(await Promise.all([1, 3, 5, 7].map((hour) => said(own, hour, 'ru-regions', live)))).toEqual([common, common, 'Онлайн', common]);
    expect(common).not.toBe('Онлайн');
  });

  test('a folder that overrides at the first start stands for what was before it, too', async () => {
    const own = await start(2, { 'ru-regions': { labels: { live: 'Онлайн' } } });
    await start(4, {});
    expect(await Promise.all([1, 3, 5].map((hour) => said(own, hour, 'ru-regions', live)))).toEqual([
      'Онлайн',
      'Онлайн',
      expect.not.stringMatching('Онлайн'),
    ]);
  });

  test('a language that came later speaks as it did first', async () => {
    await start(2, { ky: null });
    await start(4, { ky: { labels: { live: 'Түз' } } });
    const own = await start(6, {});
    expect(await said(own, 3, 'ky', live)).toBe('Түз');
  });

  test('what had no words then is said in those of now, but a notice is not said to have had any', async () => {
    const { bundles } = await wordingWith({});
    const without = new Map(bundles);
    const { live: _, ...labels } = bundles.get('ru')!.labels!;
    const { undesirable: __, ...notices } = bundles.get('ru')!.notices!;
    without.set('ru', { ...bundles.get('ru'), labels, notices });
    await keepBundles(database.dataSource.manager, without, at(2));
    const own = await start(4, {});
    expect(await said(own, 3, 'ru', live)).toBe(await said(own, 5, 'ru', live));
    const then = await makeWordingAsOf(own)({ manager: database.dataSource.manager }, at(3));
    expect(speakerIn(then, edition('ru')).say.has('notices', 'undesirable')).toBe(false);
    expect(speakerIn(own, edition('ru')).say.has('notices', 'undesirable')).toBe(true);
  });

  test('where nothing could be stored it is what it is now', async () => {
    const own = await wordingWith({ ru: { labels: { live: 'Эфир' } } });
    expect(await said(own, 3, 'ru', live)).toBe('Эфир');
  });
});
