import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { Role } from '../../src/desks/role.js';
import { makeSchema } from '../../src/server/schema.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { wholeText, wholeTextFragments } from '../support/whole-text.js';

let gateway: TestGateway;
let chief: Desk;
let anna: Desk;
let guest: Desk;
let article: string;
let now = testNow;

const later = (minutes = 60): Date => {
  now = new Date(now.getTime() + minutes * 60_000);
  gateway.at(now);
  return now;
};
const paragraph = (key: string, text: string) => ({ key, type: 'paragraph', spans: [{ text }] });
const text = (headline: string, body = 'A paragraph of some words.', more: object = {}) => ({
  headline,
  blocks: [paragraph('p1', body)],
  ...more,
});

const served = `query($id: ID!, $edition: EditionCode, $stage: Stage!, $policy: LocalePolicy!) { article(id: $id, stage: $stage) {
  ... on Tombstone { id }
  ... on Article {
    id kind urgency publishedAt homeEdition { code } topics { code } people { code } places { code } agencies { code }
    served(edition: $edition, stage: $stage, policy: $policy) {
      resolution { requested requestedEdition { code } reason served { code } tried } tombstone { id }
      translation { ${wholeText} } notices(territory: "RU") { ...wholeNotice }
    }
  } } } ${wholeTextFragments}`;

/** What a desk is served of the story at a stage. */
async function asked(desk: Desk, edition: string | null, stage: 'DRAFT' | 'PUBLISHED', policy = 'STRICT') {
  const { data, errors } = await desk.ask(served, { id: article, edition, stage, policy });
  expect(errors).toBeUndefined();
  return data.article;
}

/** The code of the error that asking for drafts meets. */
async function refusal(ask: Desk['ask'], query: string): Promise<string | undefined> {
  const { errors } = await ask(query, { id: article });
  return errors?.[0]?.extensions.code;
}

async function publishes(edition: string, given: object, meaning: object = {}): Promise<void> {
  const { data } = await chief.ask('query($a: ID!, $e: EditionCode!) { draft(article: $a, edition: $e) { version } }', {
    a: article,
    e: edition,
  });
  const { draft } = await chief.saveDraft({ article, edition, expectedVersion: data.draft?.version ?? 0, text: given, meaning });
  expect(await chief.publishDraft({ article, edition, expectedVersion: draft.version })).toMatchObject({ revision: expect.any(Number) });
}

const saves = (edition: string, given: object, meaning: object = {}) =>
  chief.saveDraft({ article, edition, expectedVersion: 0, text: given, meaning });

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
  anna = await deskOf(gateway, 'Anna', { ru: Role.TRANSLATOR });
  guest = await deskOf(gateway, 'Gert', { ka: Role.CHIEF });
}, 60_000);
afterAll(() => gateway.close());

beforeEach(async () => {
  later();
  const { draft } = await chief.createArticle({
    ...{ edition: 'en', urgency: 1, topics: ['media'], people: ['joe-biden'], places: ['kazan'], authors: ['anna-marsh'], wires: ['afp'] },
    ...{ image: 'aral-sea', text: text('A story') },
  });
  article = draft.articleId;
});

describe('a draft is served as it is after its publication, in every field', () => {
  const published = () => chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  const { MACHINE, MACHINE_REVIEWED } = { MACHINE: 'MACHINE', MACHINE_REVIEWED: 'MACHINE_REVIEWED' };
  const rich = '<p>One <b>bold</b> word</p><h2>A heading</h2><ul><li>an item</li></ul><blockquote><p>Said.</p></blockquote>';

  /** Brings the story to where the draft of an edition is the next thing to publish. */
  const cases: [name: string, edition: string, prepare: () => Promise<unknown>][] = [
    ['the first text of a story', 'en', async () => {}],
    [
      'a translation',
      'ru',
      async () => {
        await published();
        await chief.translate({ article, edition: 'ru' });
      },
    ],
    [
      'an update under another slug',
      'en',
      async () => {
        await published();
        later();
        await saves('en', text('A story grows', 'Other words.', { dek: 'More of it', slug: 'it-grows' }));
      },
    ],
    [
      'a correction with its note',
      'en',
      async () => {
        await published();
        later();
        await saves('en', text('A story put right'), { significance: 'CORRECTION', note: 'The name was wrong.' });
      },
    ],
    [
      'an update behind a correction, whose kicker goes and whose notice stays',
      'en',
      async () => {
        await published();
        later();
        await publishes('en', text('A story put right'), { significance: 'CORRECTION', note: 'The name was wrong.' });
        later();
        await saves('en', text('A story goes on'));
      },
    ],
    [
      'a minor edit behind a correction',
      'en',
      async () => {
        await published();
        later();
        await publishes('en', text('A story put right'), { significance: 'CORRECTION', note: 'The name was wrong.' });
        later();
        await saves('en', text('A story put right!'), { significance: 'MINOR' });
      },
    ],
    [
      'a translation that takes over the correction of its source',
      'ru',
      async () => {
        await published();
        await publishes('ru', text('История'));
        later();
        await publishes('en', text('A story put right'), { significance: 'CORRECTION', note: 'The name was wrong.' });
        later();
        await saves('ru', text('История исправлена'), { basis: [{ edition: 'en', revision: 2 }], note: 'Имя было неверным.' });
      },
    ],
    [
      'a translation that changes and still owes the correction',
      'ru',
      async () => {
        await published();
        await publishes('ru', text('История'));
        later();
        await publishes('en', text('A story put right'), { significance: 'CORRECTION', note: 'The name was wrong.' });
        later();
        await saves('ru', text('История растёт'), { basis: [{ edition: 'en', revision: 1 }] });
      },
    ],
    [
      'a first translation of what was already corrected since',
      'ru',
      async () => {
        await published();
        later();
        await publishes('en', text('A story put right'), { significance: 'CORRECTION', note: 'The name was wrong.' });
        await saves('ru', text('История'), { basis: [{ edition: 'en', revision: 1 }] });
      },
    ],
    [
      'a translation of a translation that is behind',
      'tt',
      async () => {
        await published();
        await publishes('ru', text('История'));
        later();
        await publishes('en', text('A story goes on'));
        await saves('tt', text('Хикәя'), { basis: [{ edition: 'ru', revision: 1 }] });
      },
    ],
    [
      'what a machine wrote',
      'ru',
      async () => {
        await published();
        await saves('ru', text('История'), { origin: MACHINE, tool: 'a machine' });
      },
    ],
    [
      'what a machine wrote and an editor has reviewed',
      'ru',
      async () => {
        await published();
        const { draft } = await saves('ru', text('История'), { origin: MACHINE, tool: 'a machine' });
        const reviewed = await chief.reviewDraft({ article, edition: 'ru', expectedVersion: draft.version, accepted: true });
        expect(reviewed.draft.origin).toBe(MACHINE_REVIEWED);
      },
    ],
    [
      'pasted HTML',
      'en',
      async () => {
        await published();
        later();
        await saves('en', { headline: 'A story with marks', html: rich });
      },
    ],
    [
      'pictures and other stories',
      'en',
      async () => {
        await published();
        later();
        const { data } = await gateway.ask(
          '{ articleBySlug(edition: "en", slug: "putin-2021-speech-dialogue") { ... on Article { id } } }',
        );
        const related = data.articleBySlug.id.split(':').at(-1);
        const blocks = [
          paragraph('p1', 'See.'),
          { key: 'i1', type: 'image', image: 'saiga' },
          { key: 'r1', type: 'related', articles: [related] },
        ];
        await saves('en', { headline: 'A story to see', blocks });
      },
    ],
    [
      'others who are credited',
      'ru',
      async () => {
        await published();
        await publishes('ru', text('История'), { credits: [{ role: 'TRANSLATOR', person: 'timur-galiev' }] });
        later();
        const credits = [
          { role: 'EDITOR', person: 'anna-marsh' },
          { role: 'TRANSLATOR', person: 'timur-galiev' },
          { role: 'WIRE', agency: 'reuters' },
        ];
        await saves('ru', text('История'), { credits });
      },
    ],
    [
      'nobody who is credited any more',
      'ru',
      async () => {
        await published();
        await publishes('ru', text('История'), { credits: [{ role: 'TRANSLATOR', person: 'timur-galiev' }] });
        later();
        await saves('ru', text('История растёт'), { credits: [] });
      },
    ],
    [
      'words that are published already',
      'en',
      async () => {
        await published();
        later();
        await saves('en', text('A story'));
      },
    ],
  ];

  test.each(cases)('%s', async (name, edition, prepare) => {
    await prepare();
    later();
    const before = await asked(chief, edition, 'DRAFT');
    const { data } = await chief.ask('query($a: ID!, $e: EditionCode!) { draft(article: $a, edition: $e) { version headline } }', {
      a: article,
      e: edition,
    });
    expect(before.served.translation.headline).toBe(data.draft.headline);
    const done = await chief.publishDraft({ article, edition, expectedVersion: data.draft.version });
    expect(done.code ?? done.revision).toBe(
      name === 'words that are published already' ? 'NOTHING_CHANGED' : before.served.translation.revision,
    );
    expect(before).toEqual(await asked(chief, edition, 'PUBLISHED'));
  });

  test('what is asked here is everything there is', () => {
    const type = makeSchema().getType('Translation');
    // The history is of what was published.
    const fields = isObjectType(type)
      ? Object.keys(type.getFields())
          .filter((field) => !field.startsWith('revision'))
          .concat('revision')
      : [];
    expect(fields.length).toBeGreaterThan(20);
    const own = /fragment wholeText on Translation \{([\s\S]*?)\n {2}\}\n/u.exec(wholeTextFragments)![1]!;
    expect(fields.filter((field) => !new RegExp(`\\b${field}\\b`, 'u').test(own))).toEqual([]);
  });

  test('both stages in one request are told apart', async () => {
    await published();
    await publishes('ru', text('История'));
    later();
    await publishes('en', text('A story goes on'));
    await saves('ru', text('История идёт дальше'), { basis: [{ edition: 'en', revision: 2 }] });
    const { data } = await chief.ask(
      `query($id: ID!) { article(id: $id) { ... on Article {
        now: served(edition: "ru") { translation { headline revision staleness body { text } } }
        next: served(edition: "ru", stage: DRAFT) { translation { headline revision staleness body { text } } } } } }`,
      { id: article },
    );
    expect(data.article).toMatchObject({
      now: { translation: { headline: 'История', revision: 1, staleness: 'BEHIND' } },
      next: { translation: { headline: 'История идёт дальше', revision: 2, staleness: 'CURRENT' } },
    });
  });
});

describe('who is served a draft', () => {
  test('nobody without a role: also where there is no draft', async () => {
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    const onStory = 'query($id: ID!) { article(id: $id) { ... on Article { served(stage: DRAFT) { translation { headline } } } } }';
    const story = 'query($id: ID!) { article(id: $id, stage: DRAFT) { __typename } }';
    const nobody: Desk['ask'] = (query, variables) => gateway.ask(query, variables);
    for (const query of [onStory, story]) expect(await refusal(nobody, query)).toBe('FORBIDDEN');
    const { ask } = await deskOf(gateway, 'Nemo', {});
    expect(await refusal(ask, onStory)).toBe('FORBIDDEN');
  });

  test('who has a role in the edition; all others are served what is published', async () => {
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    later();
    await saves('en', text('Not out yet'));
    await saves('ru', text('Ещё не вышло'));
    expect((await asked(chief, 'en', 'DRAFT')).served.translation.headline).toBe('Not out yet');
    expect((await asked(anna, 'en', 'DRAFT')).served.translation.headline).toBe('A story');
    expect((await asked(anna, 'ru', 'DRAFT')).served.translation.headline).toBe('Ещё не вышло');
    expect((await asked(guest, 'ru', 'DRAFT')).served.translation).toBeNull();
    expect((await asked(guest, 'en', 'DRAFT')).served.translation.headline).toBe('A story');
    // An edition that has a draft answers for the languages of its readers like any other.
    expect((await asked(anna, 'tt', 'DRAFT', 'ANY')).served.resolution).toMatchObject({ reason: 'FALLBACK', served: { code: 'ru' } });
    expect((await asked(guest, 'tt', 'DRAFT', 'ANY')).served.resolution).toMatchObject({ reason: 'ORIGINAL', served: { code: 'en' } });
  });

  test('a story that is not out is there for its own desks alone, and for no reader', async () => {
    later();
    const [mine, theirs] = [await asked(chief, 'en', 'DRAFT'), await asked(guest, 'en', 'DRAFT')];
    expect([mine.id, mine.publishedAt, mine.served.translation.publishedAt, theirs]).toEqual([
      article,
      now.toISOString(),
      now.toISOString(),
      null,
    ]);
    for (const desk of [chief, anna, guest]) expect(await asked(desk, 'en', 'PUBLISHED')).toBeNull();
    // Who translates it has a place in it, and sees no more than its own text.
    expect(await asked(anna, 'ru', 'DRAFT')).toBeNull();
    await saves('ru', text('История'));
    expect((await asked(anna, 'ru', 'DRAFT')).served.translation.headline).toBe('История');
    expect((await asked(anna, 'en', 'DRAFT')).served.translation).toBeNull();
  });

  test('under embargo the desk sees what it has published, and others see nothing', async () => {
    await chief.setEmbargo(article, new Date(now.getTime() + 86_400_000).toISOString());
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    expect((await asked(chief, 'en', 'DRAFT')).served.translation.headline).toBe('A story');
    expect(await asked(chief, 'en', 'PUBLISHED')).toBeNull();
    expect([await asked(anna, 'en', 'DRAFT'), await asked(guest, 'en', 'DRAFT')]).toEqual([null, null]);
  });

  test('a text scheduled for later is shown as of now', async () => {
    const at = new Date(now.getTime() + 86_400_000).toISOString();
    await chief.scheduleDraft({ article, edition: 'en', expectedVersion: 1, at });
    expect((await asked(chief, 'en', 'DRAFT')).served.translation.publishedAt).toBe(now.toISOString());
  });

  test('what has been taken back is there for nobody, drafts and all', async () => {
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    await publishes('ru', text('История'));
    await saves('ru', text('История дальше'));
    later();
    await chief.retract({ article, edition: 'ru', kind: 'WITHHOLD' });
    expect((await asked(anna, 'ru', 'DRAFT')).served).toMatchObject({ translation: null, tombstone: { id: expect.any(String) } });
    await saves('en', text('A story goes on'));
    await chief.retract({ article, kind: 'KILL' });
    const told = await asked(chief, 'en', 'DRAFT');
    expect(Object.keys(told)).toEqual(['id']);
    expect(told).toEqual(await asked(chief, 'en', 'PUBLISHED'));
  });
});

describe('what cannot be published yet is shown without what it lacks', () => {
  test('a correction without its note', async () => {
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    later();
    await saves('en', text('A story put right'), { significance: 'CORRECTION' });
    const { served: before } = await asked(chief, 'en', 'DRAFT');
    expect(before.translation).toMatchObject({ headline: 'A story put right', significance: 'UPDATE', revision: 2 });
    expect(before.notices.filter(({ kind }: { kind: string }) => kind === 'CORRECTION')).toEqual([]);
  });

  test('a translation of an original that is not out', async () => {
    await saves('ru', text('История'));
    expect(await chief.publishDraft({ article, edition: 'ru', expectedVersion: 1 })).toMatchObject({ code: 'ORIGINAL_FIRST' });
    expect((await asked(chief, 'ru', 'DRAFT')).served.translation).toMatchObject({ headline: 'История', revision: 1 });
  });
});
