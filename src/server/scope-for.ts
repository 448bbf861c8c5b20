import type { Caller } from '../desks/role.js';
import { type Scope, scopeOf } from '../rights/scope.js';
import type { Gateway } from './context.js';

/** By what a caller reads: a partner by what it is entitled to, in two statements; anybody else by nothing, in none. */
export async function scopeFor({ dataSource, clock }: Pick<Gateway, 'dataSource' | 'clock'>, caller: Caller): Promise<Scope | undefined> {
  if (caller.kind !== 'PARTNER') return undefined;
  const scope = await scopeOf({ manager: dataSource.manager, now: clock() }, caller.partner);
  if (!scope) throw new Error(`no partner ${caller.partner}`);
  return scope;
}
