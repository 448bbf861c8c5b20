import type { Roles } from '../../src/desks/role.js';
import type { TestGateway } from './gateway.js';
import { keyFor } from './keys.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Result = any;

const draft = `... on DraftText { id articleId edition { code } version state significance origin headline dek body basis { edition { code } revision } note author reviewer scheduledFor }`;
const published = `... on Published { id revision translation { headline revision } obligations { edition { code } dueAt } }`;
const retracted = `... on Retracted { scope articleId editions { code } left { code } revision presentRevision image stories }`;
const expiry = `... on Expiry { id until }`;
const problem = `... on Problem { code message presentRevision presentVersion field offset problemOf: articleId }`;

const mutations = {
  createArticle: ['CreateArticleInput', draft],
  translate: ['TranslateInput', draft],
  saveDraft: ['SaveDraftInput', draft],
  submitDraft: ['DraftInput', draft],
  reviewDraft: ['ReviewDraftInput', draft],
  scheduleDraft: ['ScheduleDraftInput', draft],
  publishDraft: ['PublishDraftInput', published],
  correct: ['ReviseInput', published],
  editMinor: ['ReviseInput', published],
  retract: ['RetractWithNotesInput', retracted],
  restore: ['RestoreInput', retracted],
  setExpiry: ['SetExpiryInput', expiry],
} as const;

/** Somebody at a desk, by their key; each mutation gives its result, a draft under `draft`, or `{ error }` with the code of an error. */
export type Desk = Record<keyof typeof mutations, (input: object) => Promise<Result>> & {
  confirmStillAccurate(translations: string[]): Promise<Result>;
  setEmbargo(article: string, until: string | null): Promise<Result>;
  ask(query: string, variables?: Record<string, unknown>): Promise<Result>;
};

/** A desk with roles, known to colleagues by a name. */
export async function deskOf(gateway: TestGateway, name: string, roles: Roles): Promise<Desk> {
  const { headers } = await keyFor(gateway.dataSource, { name, roles });
  const ask: Desk['ask'] = async (query, variables = {}) => gateway.ask(query, variables, headers);
  const run = async (document: string, variables: Record<string, unknown>): Promise<Result> => {
    const { data, errors } = await ask(document, variables);
    if (errors) return { error: errors[0].extensions.code, message: errors[0].message };
    const { result } = data;
    return result && 'articleId' in result && 'state' in result ? { draft: result } : result;
  };
  const named = Object.entries(mutations).map(([mutation, [input, fields]]) => [
    mutation,
    (given: object) => run(`mutation($input: ${input}!) { result: ${mutation}(input: $input) { ${fields} ${problem} } }`, { input: given }),
  ]);
  return {
    ...(Object.fromEntries(named) as Record<keyof typeof mutations, (input: object) => Promise<Result>>),
    confirmStillAccurate: (translations) =>
      run(`mutation($ids: [ID!]!) { result: confirmStillAccurate(translations: $ids) { ... on Confirmed { translations } ${problem} } }`, {
        ids: translations,
      }),
    setEmbargo: (article, until) =>
      run(
        `mutation($article: ID!, $until: DateTimeISO) { result: setEmbargo(article: $article, until: $until) { ... on Embargo { articleId until } ${problem} } }`,
        { article, until },
      ),
    ask,
  };
}
