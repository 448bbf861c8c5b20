import type { TestGateway } from './gateway.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Result = any;

export const endpointFields =
  'id version partner editionCode url description topics editions payload format document variables concurrency state disabledBecause failingSince notBefore formerSecretUntil createdAt';
const problem = '... on Problem { code message presentVersion field }';
const saved = `... on SavedEndpoint { secret endpoint { ${endpointFields} } }`;

const mutations = {
  saveEndpoint: ['SaveEndpointInput', saved],
  rotateEndpointSecret: ['RotateEndpointSecretInput', saved],
  pauseEndpoint: ['EndpointInput', saved],
  resumeEndpoint: ['EndpointInput', saved],
  deleteEndpoint: ['EndpointInput', '... on DeletedEndpoint { endpointId }'],
  sendTestEvent: ['EndpointInput', '... on TestEvent { messageId }'],
  replay: ['ReplayInput', '... on Replayed { again added }'],
} as const;

/** Somebody who manages endpoints; each mutation gives its result, or `{ error }` with the code of an error. */
export type EndpointKeeper = Record<keyof typeof mutations, (input: object) => Promise<Result>> & {
  ask(query: string, variables?: Record<string, unknown>): Promise<Result>;
};

/** Whoever shows some headers. */
export function keeperOf(gateway: TestGateway, headers: Record<string, string>): EndpointKeeper {
  const ask: EndpointKeeper['ask'] = async (query, variables = {}) => gateway.ask(query, variables, headers);
  const named = Object.entries(mutations).map(([name, [input, fields]]) => [
    name,
    async (given: object) => {
      const { data, errors } = await ask(`mutation($input: ${input}!) { result: ${name}(input: $input) { ${fields} ${problem} } }`, {
        input: given,
      });
      return errors ? { error: errors[0].extensions.code, message: errors[0].message } : data.result;
    },
  ]);
  return { ask, ...Object.fromEntries(named) } as EndpointKeeper;
}
