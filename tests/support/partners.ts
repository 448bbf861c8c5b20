import type { TestGateway } from './gateway.js';
import { keyFor } from './keys.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Result = any;

export const entitlementFields =
  'id version editions topics kinds excludedAgencies territories level images machine early validFrom validUntil';
export const partnerFields = `code name version delaySeconds active contacts { name email role } entitlements { ${entitlementFields} }`;
const problem = '... on Problem { code message presentVersion field }';

/** An operator, by their key; each mutation gives its result, or `{ error }` with the code of an error. */
export interface Operator {
  ask(query: string, variables?: Record<string, unknown>): Promise<Result>;
  savePartner(input: object): Promise<Result>;
  saveEntitlement(input: object): Promise<Result>;
  endEntitlement(input: object): Promise<Result>;
}

export async function operatorOf(gateway: TestGateway): Promise<Operator> {
  const { headers } = await keyFor(gateway.dataSource, { name: 'Night shift', operator: true });
  const ask: Operator['ask'] = async (query, variables = {}) => gateway.ask(query, variables, headers);
  const mutation = (name: string, input: string, fields: string) => async (given: object) => {
    const { data, errors } = await ask(`mutation($input: ${input}!) { result: ${name}(input: $input) { ${fields} ${problem} } }`, {
      input: given,
    });
    return errors ? { error: errors[0].extensions.code, message: errors[0].message } : (data.result.partner ?? data.result);
  };
  return {
    ask,
    savePartner: mutation('savePartner', 'SavePartnerInput', `... on SavedPartner { partner { ${partnerFields} } }`),
    saveEntitlement: mutation('saveEntitlement', 'SaveEntitlementInput', `... on Entitlement { ${entitlementFields} }`),
    endEntitlement: mutation('endEntitlement', 'EndEntitlementInput', `... on Entitlement { ${entitlementFields} }`),
  };
}
