import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { Role } from '../../src/desks/role.js';
import { type Action, rules } from '../../src/publishing/policy.js';
import { makeSchema } from '../../src/server/schema.js';
import { endpointId } from '../../src/webhooks/endpoint-id.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { addEndpoint } from '../support/webhooks.js';

let gateway: TestGateway;
let article: string;
let exported: string;
beforeAll(async () => {
  gateway = await openGateway();
  await gateway.dataSource.query(`insert into partner values ('harbour', 'The Harbour Post', '[]', 0, true)`);
  const { data } = await gateway.ask('{ articleBySlug(edition: "en", slug: "putin-2021-speech-dialogue") { ... on Article { id } } }');
  article = data.articleBySlug.id;
  for (let index = 0; index < people.length + 1; index++)
    endpoints.push(endpointId((await addEndpoint(gateway.dataSource, { editionCode: 'ru', url: 'https://x.example/' })).uuid));
  const { headers } = await keyFor(gateway.dataSource, { name: 'a test', roles: { ru: Role.TRANSLATOR } });
  exported = (await gateway.ask('query($article: ID!) { exportXliff(article: $article, edition: "ru") }', { article }, headers)).data
    .exportXliff;
});
afterAll(() => gateway.close());

/** Ids of endpoints of the desk of ru. */
const endpoints: string[] = [];
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
  previewLink: [of('PREVIEW', 'previewLink', 'PreviewLinkInput', () => edition('ru'))],
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
    of('RETRACT_REVISION', 'retract', 'RetractWithNotesInput', () => edition('ru', { revision: 99, kind: 'KILL' })),
    of('WITHHOLD', 'retract', 'RetractWithNotesInput', () => edition('ru', { revision: 99, kind: 'WITHHOLD' })),
    // Shown by one story, of en, and retracted already.
    of('RETRACT_IMAGE', 'retract', 'RetractWithNotesInput', () => ({ image: 'lighthouse', kind: 'KILL' })),
  ],
  restore: [
    of('RESTORE_TRANSLATION', 'restore', 'RestoreInput', () => edition('ru', { reason: 'a test' })),
    of('RESTORE_STORY', 'restore', 'RestoreInput', () => ({ article, reason: 'a test' })),
    of('RESTORE_REVISION', 'restore', 'RestoreInput', () => edition('ru', { revision: 99, reason: 'a test' })),
    of('RESTORE_IMAGE', 'restore', 'RestoreInput', () => ({ image: 'saiga', reason: 'a test' })),
  ],
  setExpiry: [of('SET_EXPIRY', 'setExpiry', 'SetExpiryInput', () => edition('ru', { until: '2020-01-01T00:00:00Z' }))],
  setEmbargo: [
    {
      action: 'SET_EMBARGO',
      document: 'mutation($article: ID!, $until: DateTimeISO) { setEmbargo(article: $article, until: $until) { __typename } }',
      input: () => ({ article, until: '2020-01-01T00:00:00Z' }),
    },
  ],
  updateArticle: [
    of('UPDATE_ARTICLE', 'updateArticle', 'UpdateArticleInput', () => ({
      ...{ article, expectedVersion: 99, kind: 'NEWS', urgency: 5, credits: [] },
      ...{ topics: [], people: [], places: [], agencies: [] },
    })),
  ],
  saveEdition: [
    of('SAVE_EDITION', 'saveEdition', 'SaveEditionInput', () => ({
      ...{ code: 'ru', expectedVersion: 99, tag: 'ru', primary: true, htmlLang: 'ru', formatLocale: 'ru-RU', calendar: 'gregory' },
      ...{ numberingSystem: 'latn', timeZone: 'UTC', nativeName: 'x', publisherName: 'x', desk: 'x', region: 'x' },
      ...{ searchConfig: 'russian', active: true },
    })),
  ],
  saveTopic: [of('SAVE_TOPIC', 'saveTopic', 'SaveNamedInput', () => named('media'))],
  savePerson: [of('SAVE_PERSON', 'savePerson', 'SaveNamedInput', () => named('anna-marsh'))],
  savePlace: [of('SAVE_PLACE', 'savePlace', 'SaveNamedInput', () => named('kazan'))],
  saveAgency: [of('SAVE_AGENCY', 'saveAgency', 'SaveAgencyInput', () => named('reuters'))],
  saveNotice: [
    of('SAVE_NOTICE', 'saveNotice', 'SaveNoticeInput', () => ({ ...notice, editions: ['ru'] })),
    of('SAVE_NOTICE_FOR_ALL', 'saveNotice', 'SaveNoticeInput', () => notice),
  ],
  saveImage: [
    of('SAVE_IMAGE', 'saveImage', 'SaveImageInput', () => ({
      ...{ code: 'saiga', expectedVersion: 99, focalX: 0.5, focalY: 0.5 },
      renditions: [{ ratio: 'RATIO_1X1', width: 1, height: 1, url: '/media/x.svg', contentType: 'image/svg+xml' }],
    })),
    of('SET_REDISTRIBUTION', 'saveImage', 'SaveImageInput', () => ({
      ...{ code: 'not-there-yet', expectedVersion: 0, focalX: 0.5, focalY: 0.5, redistribution: 'FREE' },
      renditions: [{ ratio: 'RATIO_1X1', width: 1, height: 1, url: '/media/x.svg', contentType: 'image/svg+xml' }],
      credits: [{ role: 'PHOTO', person: 'nobody' }],
    })),
  ],
  saveImageWording: [
    of('SAVE_IMAGE_WORDING', 'saveImageWording', 'SaveImageWordingInput', () => ({
      ...{ image: 'saiga', edition: 'ru', expectedVersion: 99, alt: 'x' },
    })),
  ],
  saveEndpoint: [
    of('SAVE_ENDPOINT', 'saveEndpoint', 'SaveEndpointInput', () => ({
      edition: 'ru',
      expectedVersion: 0,
      url: 'https://x.example/',
      topics: [],
    })),
  ],
  rotateEndpointSecret: [
    of('ROTATE_ENDPOINT_SECRET', 'rotateEndpointSecret', 'RotateEndpointSecretInput', () => ({ endpoint: endpoints[0] })),
  ],
  pauseEndpoint: [of('PAUSE_ENDPOINT', 'pauseEndpoint', 'EndpointInput', () => ({ endpoint: endpoints[0] }))],
  resumeEndpoint: [of('RESUME_ENDPOINT', 'resumeEndpoint', 'EndpointInput', () => ({ endpoint: endpoints[0] }))],
  deleteEndpoint: [of('DELETE_ENDPOINT', 'deleteEndpoint', 'EndpointInput', () => ({ endpoint: endpoints.pop() }))],
  sendTestEvent: [of('TEST_ENDPOINT', 'sendTestEvent', 'EndpointInput', () => ({ endpoint: endpoints[0] }))],
  replay: [of('REPLAY_ENDPOINT', 'replay', 'ReplayInput', () => ({ endpoint: endpoints[0], missing: true }))],
  savePartner: [of('SAVE_PARTNER', 'savePartner', 'SavePartnerInput', () => ({ code: 'x', name: 'x', expectedVersion: 99 }))],
  saveEntitlement: [
    of('SAVE_ENTITLEMENT', 'saveEntitlement', 'SaveEntitlementInput', () => ({ partner: 'nobody', expectedVersion: 0, terms: {} })),
  ],
  acknowledgeTakedown: [
    {
      action: 'ACKNOWLEDGE_TAKEDOWN',
      document: 'mutation($orderId: ID!) { acknowledgeTakedown(orderId: $orderId, action: REMOVED) { __typename } }',
      input: () => ({ orderId: '00000000-0000-4000-8000-000000000000' }),
    },
  ],
  acknowledgeNotice: [
    {
      action: 'ACKNOWLEDGE_NOTICE',
      document: 'mutation($code: String!) { acknowledgeNotice(code: $code, version: 1) { __typename } }',
      input: () => ({ code: 'nothing-of-the-kind' }),
    },
  ],
  endEntitlement: [
    of('END_ENTITLEMENT', 'endEntitlement', 'EndEntitlementInput', () => ({
      entitlement: 'entitlement:00000000-0000-4000-8000-000000000000',
    })),
  ],
};

/** Kept apart from what may be refused for its shape: the policy is asked first. */
const tooLong = { lang: 'en', text: 'x' };

const named = (code: string) => ({ code, expectedVersion: 99, language: 'en', names: [{ lang: 'en', text: 'x' }] });
const notice = {
  ...{ code: 'undesirable', expectedVersion: 99, kind: 'LEGAL', placement: 'AFTER_BODY', mustCarry: true, position: 1 },
  ...{ wording: 'undesirable', legalLanguage: 'ru', effectiveFrom: '2026-01-01T00:00:00Z' },
};

function of(action: Action, mutation: string, type: string, input: () => object) {
  const document = `mutation($input: ${type}!) { ${mutation}(input: $input) { __typename ... on Problem { code } } }`;
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
function allowed(action: Action, key: { operator?: true; partnerCode?: string; roles?: Record<string, Role> } | null): boolean {
  const rule = rules[action];
  if (rule === 'PARTNER') return key?.operator === true || key?.partnerCode !== undefined;
  if (rule === 'OPERATOR' || key?.operator) return key?.operator === true && (rule === 'OPERATOR' || 'orOperator' in rule);
  const roles = Object.entries(key?.roles ?? {}).filter(([edition]) => rule.of === 'ANY' || edition === (rule.of === 'HOME' ? 'en' : 'ru'));
  return roles.some(([, role]) => ranks.indexOf(role) >= ranks.indexOf(rule.role));
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
    const ofOne = action !== 'SAVE_ENDPOINT' && action.includes('ENDPOINT');
    const reversible = action === 'WITHHOLD' || action.startsWith('RETRACT');
    const { errors, data } = await gateway.ask(
      document,
      document.includes('$input') ? { input: given } : (given as Record<string, unknown>),
      headers,
    );
    const met = errors?.[0]?.extensions.code;
    // Of whose an endpoint is not is told no more than of one that is not there.
    const code = ofOne && data?.[Object.keys(data)[0]!]?.code === 'NOT_FOUND' ? 'FORBIDDEN' : met;
    expect(code === 'FORBIDDEN').toBe(!allowed(action, key));
    if (code !== 'FORBIDDEN') expect(code).toBeUndefined();
    if (code === undefined && !reversible && !ofOne) expect(data[Object.keys(data)[0]!]?.__typename).toBe('Problem');
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

test('actions that no mutation is are the reads of desks and operators', () => {
  const used = new Set(Object.values(mutations).flatMap((each) => each.map(({ action }) => action)));
  expect((Object.keys(rules) as Action[]).filter((action) => !used.has(action))).toEqual([
    'READ_ENDPOINTS',
    'READ_PARTNERS',
    'READ_HOLDERS',
    'READ_TAKEDOWN_REPORT',
    'READ_EVENTS',
    'READ_AS_OF',
    'READ_REVISIONS',
    'READ_FACTS',
    'READ_RETRACTED_IMAGE',
    'READ_AUDIT',
  ]);
});
