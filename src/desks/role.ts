import { registerEnumType } from 'type-graphql';

/** What somebody may do in an edition; each includes the ones before it. */
export enum Role {
  TRANSLATOR = 'TRANSLATOR',
  EDITOR = 'EDITOR',
  CHIEF = 'CHIEF',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'What somebody may do in an edition. EDITOR includes TRANSLATOR, CHIEF includes both.',
  valuesConfig: {
    TRANSLATOR: { description: 'Claims and writes drafts, hands them in.' },
    EDITOR: {
      description:
        'Reviews, publishes, corrects, confirms; holds back a text of the own edition at once; keeps topics, people, places, agencies and pictures.',
    },
    CHIEF: {
      description:
        'Retracts and restores, sets embargoes; in the home edition for the whole story. Answers for the notices of the own edition.',
    },
  },
});

/** Roles by edition code. */
export type Roles = Readonly<Record<string, Role>>;

/** Who is asking, established by a key or a token before anything is read. */
export type Caller = {
  /** Lasting and unique, for audits and idempotency: `key:{uuid}` or `oidc:{subject}`. */
  id: string;
  /** As colleagues know them. */
  name: string;
  roles: Roles;
} & (
  | { kind: 'PUBLIC' | 'DESK' | 'OPERATOR' }
  | {
      kind: 'PARTNER';
      partner: string;
      /** By a key for tests: what feeds give it is made up. */
      test: boolean;
    }
);

/** Whoever shows no key and no token. */
export const publicCaller: Caller = { kind: 'PUBLIC', id: 'public', name: 'public', roles: {} };

/** Whether a caller’s feeds are the sandbox: a fixed set of samples, and nothing that the gateway holds. */
export const inSandbox = (caller: Caller): boolean => caller.kind === 'PARTNER' && caller.test;

const ranks = [Role.TRANSLATOR, Role.EDITOR, Role.CHIEF];

/** Whether a caller has at least a role in an edition; an operator runs the gateway and has none. */
export const hasRole = ({ roles }: Caller, edition: string, least: Role): boolean => {
  const role = Object.hasOwn(roles, edition) ? roles[edition] : undefined;
  return role !== undefined && ranks.indexOf(role) >= ranks.indexOf(least);
};
