import type { Desk } from './desk.js';
import type { TestGateway } from './gateway.js';
import { keyFor } from './keys.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Result = any;

const named = `code version inEnglish: name(edition: "en") { text lang } inTatar: name(edition: "tt") { text lang }`;
const kinds = {
  saveEdition: [
    'SaveEditionInput',
    'Edition',
    'code tag primary script direction hreflang active nativeName version settings { articleUrl formerArticleUrls searchConfig staleNotices }',
  ],
  saveTopic: ['SaveNamedInput', 'Topic', named],
  savePerson: ['SaveNamedInput', 'Person', named],
  savePlace: ['SaveNamedInput', 'Place', named],
  saveAgency: ['SaveAgencyInput', 'Agency', named],
  saveNotice: [
    'SaveNoticeInput',
    'RegistryNotice',
    'code version kind wording values { name value } editions effectiveFrom effectiveUntil',
  ],
  saveImage: [
    'SaveImageInput',
    'RegistryImage',
    'code version focalX renditions { ratio width url } credits { role person { code } agency { code } }',
  ],
  saveImageWording: ['SaveImageWordingInput', 'RegistryImage', 'code version wordings { edition { code } version alt caption }'],
} as const;

/** The mutations of the registry, by name. */
export type SaveName = keyof typeof kinds;

/** Saves something of the registry as somebody: the thing as it stands then, a Problem, or `{ error }` with the code of an error. */
export type Save = (mutation: SaveName, input: object) => Promise<Result>;

/** Somebody who saves, by what their key lets them ask. */
export const savesOf =
  (ask: Desk['ask']): Save =>
  async (mutation, input) => {
    const [type, of, fields] = kinds[mutation];
    const { data, errors } = await ask(
      `mutation($input: ${type}!) { saved: ${mutation}(input: $input) { ... on ${of} { ${fields} } ... on Problem { problem: code message field offset presentVersion } } }`,
      { input },
    );
    if (errors) return { error: errors[0].extensions.code, message: errors[0].message };
    const { problem, ...saved } = data.saved;
    return problem === undefined ? saved : { ...saved, code: problem };
  };

/** An operator of a test's gateway. */
export async function operatorOf(gateway: TestGateway): Promise<{ ask: Desk['ask']; save: Save }> {
  const { headers } = await keyFor(gateway.dataSource, { name: 'Night shift', operator: true });
  const ask: Desk['ask'] = (query, variables = {}) => gateway.ask(query, variables, headers);
  return { ask, save: savesOf(ask) };
}

/** All of an edition that has no texts, in a language that has wording; not founded yet. */
export const newEdition = {
  ...{ code: 'tt-volga', expectedVersion: 0, tag: 'tt', primary: false, htmlLang: 'tt', formatLocale: 'tt-RU', calendar: 'gregory' },
  ...{ numberingSystem: 'latn', timeZone: 'Europe/Moscow', nativeName: 'Идел', publisherName: 'Меридиан', siteUrl: null },
  ...{ articleUrl: 'https://volga.meridian.example/{slug}', formerArticleUrls: [], hreflang: null, fallbacks: ['tt', 'ru'] },
  ...{ equivalents: [], desk: 'Volga desk', region: 'Volga', searchConfig: 'simple', staleNotices: false, active: true },
};

/** A notice for Tatar readers, worded as one that is there. */
export const newNotice = {
  ...{ code: 'volga-risk', expectedVersion: 0, kind: 'SAFETY', placement: 'AFTER_BODY', mustCarry: true, position: 40 },
  ...{ wording: 'sharingRisk', values: [], legalLanguage: 'ru', territories: ['RU'], excludedTerritories: [], editions: ['tt'] },
  ...{ channels: [], effectiveFrom: '2026-11-01T00:00:00Z', effectiveUntil: null, linkUrl: null, linkWording: null, image: null },
};

/** A drawing by a photographer of the samples. */
export const newImage = {
  ...{ code: 'bridge', expectedVersion: 0, focalX: 0.5, focalY: 0.25, credits: [{ role: 'PHOTO', person: 'nino-beridze' }] },
  renditions: [{ ratio: 'RATIO_16X9', width: 1600, height: 900, url: '/media/bridge-16x9.svg', contentType: 'image/svg+xml' }],
};

/** Something with names by language. */
export const newNamed = (code: string, more: object = {}) => ({
  ...{ code, expectedVersion: 0, language: 'en' },
  names: [
    { lang: 'en', text: 'The Volga' },
    { lang: 'tt', text: 'Идел' },
  ],
  ...more,
});
