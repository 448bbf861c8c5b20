import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { Role } from '../../src/desks/role.js';
import { type Action, rules } from '../../src/publishing/policy.js';
import { makeSchema } from '../../src/server/schema.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';

let gateway: TestGateway;
let article: string;
let exported: string;
beforeAll(async () => {
  gateway = await openGateway();
  await gateway.dataSource.query(`insert into partner values ('harbour', 'The Harbour Post', '[]', 0, true)`);
  const { data } = await gateway.ask('{ articleBySlug(edition: "en", slug: "putin-2021-speech-dialogue") { ... on Article { id } } }');
  article = data.articleBySlug.id;
  const { headers } = await keyFor(gateway.dataSource, { name: 'a test', roles: { ru: Role.TRANSLATOR } });
  exported = (await gateway.ask('query($article: ID!) { exportXliff(article: $article, edition: "ru") }', { article }, headers)).data
    .exportXliff;
});
afterAll(() => gateway.close());

const text = { headline: 'x', blocks: [] };
const edition = (code: string, more: object = {}) => ({ article, edition: code, ...more });

/**
 * Each mutation with the action it is, and arguments that change nothing even where they are allowed: whoever may is told of a problem.
 * The story's home is en; the text is that of ru unless the action is the home edition's.
 */
const mutations: Record<string, { action: Action; document: string; input: () => object }[]> = {
  createArticle: [
    {
      action: 'CREATE_ARTICLE',
      document: 'mutation($input: CreateArticleInput!) { createArticle(input: $input) { __typename } }',
      input: () => ({ edition: 'en', topics: ['nothing-of-the-kind'], text }),
    },
  ],
  translate: [of('TRANSLATE', 'translate', 'TranslateInput', () => edition('ru', { sources: ['crh'] }))],
  saveDraft: [of('SAVE_DRAFT', 'saveDraft', 'SaveDraftInput', () => edition('ru', { expectedVersion: 99, text }))],
  submitDraft: [of('SUBMIT', 'submitDraft', 'DraftInput', () => edition('ru', { expectedVersion: 99 }))],
  reviewDraft: [of('REVIEW', 'reviewDraft', 'ReviewDraftInput', () => edition('ru', { expectedVersion: 99, accepted: true }))],
  scheduleDraft: [
    of('SCHEDULE', 'scheduleDraft', 'ScheduleDraftInput', () => edition('ru', { expectedVersion: 99, at: '2027-01-01T00:00:00Z' })),
  ],
  importXliff: [of('SAVE_DRAFT', 'importXliff', 'ImportXliffInput', () => edition('ru', { expectedVersion: 99, document: exported }))],
  discardDraft: [of('SAVE_DRAFT', 'discardDraft', 'DraftInput', () => edition('ru', { expectedVersion: 99 }))],
  publishDraft: [of('PUBLISH', 'publishDraft', 'PublishDraftInput', () => edition('ru', { expectedVersion: 99 }))],
  correct: [of('CORRECT', 'correct', 'ReviseInput', () => edition('ru', { expectedRevision: 99, text }))],
  editMinor: [of('EDIT_MINOR', 'editMinor', 'ReviseInput', () => edition('ru', { expectedRevision: 99, text }))],
  confirmStillAccurate: [
    {
      action: 'CONFIRM',
      document: 'mutation($ids: [ID!]!) { confirmStillAccurate(translations: $ids) { __typename } }',
      // A story there is, and one there is not: the first decides who may, the second that nothing is changed.
      input: () => ({ ids: [`${article}.ru`, 'urn:newsml:meridian.example:20261101:00000000-0000-4000-8000-000000000000.ru'] }),
    },
  ],
  retract: [
    of('WITHHOLD', 'retract', 'RetractWithNotesInput', () => edition('ru', { kind: 'WITHHOLD', notes: [tooLong] })),
    of('RETRACT_TRANSLATION', 'retract', 'RetractWithNotesInput', () => edition('ru', { kind: 'KILL', notes: [tooLong] })),
    of('RETRACT_STORY', 'retract', 'RetractWithNotesInput', () => ({ article, kind: 'KILL', notes: [tooLong] })),
  ],
  restore: [
    of('RESTORE_TRANSLATION', 'restore', 'RestoreInput', () => edition('ru', { reason: 'a test' })),
    of('RESTORE_STORY', 'restore', 'RestoreInput', () => ({ article, reason: 'a test' })),
  ],
  setEmbargo: [
    {
      action: 'SET_EMBARGO',
      document: 'mutation($article: ID!, $until: DateTimeISO) { setEmbargo(article: $article, until: $until) { __typename } }',
      input: () => ({ article, until: '2020-01-01T00:00:00Z' }),
    },
  ],
  savePartner: [of('SAVE_PARTNER', 'savePartner', 'SavePartnerInput', () => ({ code: 'x', name: 'x', expectedVersion: 99 }))],
  saveEntitlement: [
    of('SAVE_ENTITLEMENT', 'saveEntitlement', 'SaveEntitlementInput', () => ({ partner: 'nobody', expectedVersion: 0, terms: {} })),
  ],
  endEntitlement: [
    of('END_ENTITLEMENT', 'endEntitlement', 'EndEntitlementInput', () => ({
      entitlement: 'entitlement:00000000-0000-4000-8000-000000000000',
    })),
  ],
};

/** Kept apart from what may be refused for its shape: the policy is asked first. */
const tooLong = { lang: 'en', text: 'x' };

function of(action: Action, mutation: string, type: string, input: () => object) {
  const document = `mutation($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
  return { action, document, input };
}

test('the table has every mutation of the schema', () => {
  const type = makeSchema().getMutationType();
  expect(isObjectType(type) && Object.keys(type.getFields()).sort()).toEqual(Object.keys(mutations).sort());
});

const ranks = [Role.TRANSLATOR, Role.EDITOR, Role.CHIEF];
const people: [who: string, key: { operator?: true; partnerCode?: string; roles?: Record<string, Role> } | null][] = [
  ['somebody without a key', null],
  ['an operator', { operator: true }],
  ['a partner', { partnerCode: 'harbour' }],
  ...ranks.map((role): [string, { roles: Record<string, Role> }] => [`a ${role} of en`, { roles: { en: role } }]),
  ...ranks.map((role): [string, { roles: Record<string, Role> }] => [`a ${role} of ru`, { roles: { ru: role } }]),
  ['a CHIEF of tt', { roles: { tt: Role.CHIEF } }],
];

/** Whether the table of rules lets somebody do it: read here once more, by hand. */
function allowed(action: Action, key: { operator?: true; roles?: Record<string, Role> } | null): boolean {
  const rule = rules[action];
  if (rule === 'OPERATOR') return key?.operator === true;
  if (!key?.roles) return false;
  const role = key.roles[rule.of === 'HOME' ? 'en' : 'ru'];
  return role !== undefined && ranks.indexOf(role) >= ranks.indexOf(rule.role);
}

describe.each(people)('%s', (_who, key) => {
  let headers: Record<string, string> = {};
  beforeAll(async () => {
    if (key) headers = (await keyFor(gateway.dataSource, { name: 'a test', roles: {}, ...key })).headers;
  });

  test.each(
    Object.values(mutations)
      .flat()
      .map((each) => [each.action, each] as const),
  )('%s', async (action, { document, input }) => {
    // Only desks may send as much as a document: whoever else does is refused for its length.
    const whole = input();
    const given = 'document' in whole && !key?.roles ? { ...whole, document: '<xliff/>' } : whole;
    const reversible = action === 'WITHHOLD' || action.startsWith('RETRACT');
    const { errors, data } = await gateway.ask(
      document,
      document.includes('$input') ? { input: given } : (given as Record<string, unknown>),
      headers,
    );
    const code = errors?.[0]?.extensions.code;
    expect(code === 'FORBIDDEN').toBe(!allowed(action, key));
    if (code !== 'FORBIDDEN') expect(code).toBeUndefined();
    if (code === undefined && !reversible) expect(data[Object.keys(data)[0]!]?.__typename).toBe('Problem');
    // What may be taken back was: it is put back for the next one.
    if (code === undefined && reversible) {
      const [scope] = action === 'RETRACT_STORY' ? ['article'] : ['translation'];
      await gateway.dataSource.query(`update ${scope} set retracted_at = null where retracted_at = $1`, [
        new Date('2026-11-23T12:00:00.000Z'),
      ]);
      await gateway.dataSource.query('delete from tombstone where retracted_at = $1', [new Date('2026-11-23T12:00:00.000Z')]);
    }
  });
});

test('actions that no mutation is are the reads of operators', () => {
  const used = new Set(Object.values(mutations).flatMap((each) => each.map(({ action }) => action)));
  expect((Object.keys(rules) as Action[]).filter((action) => !used.has(action))).toEqual(['READ_PARTNERS', 'READ_EVENTS']);
});
