import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import type { EditionContext } from '../editions/edition.loaders.js';
import { type Caller, publicCaller } from './role.js';
import { CallerKind, EditionRole, Viewer } from './viewer.type.js';

/** What resolvers ask of a request to know who sent it. */
export interface CallerContext {
  caller: Caller;
  /** Whether the answer may be given to everybody for a while: set to false by whatever makes it one for this request alone. */
  answer: { isForAll: boolean };
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, {
    description:
      'Who is asking, by the key or token in `Authorization: Bearer …`: for a front end, to know what it may offer. Without either, kind is PUBLIC; with one that is wrong, the whole request is refused as UNAUTHENTICATED.',
  })
  viewer(@Ctx() { caller, answer }: CallerContext): Viewer {
    answer.isForAll = false;
    return { kind: CallerKind[caller.kind], name: caller.id === publicCaller.id ? null : caller.name };
  }

  @FieldResolver(() => [EditionRole], { description: 'Their roles, ordered by edition code.' })
  async roles(@Ctx() { caller, editions }: Pick<CallerContext, 'caller'> & EditionContext): Promise<EditionRole[]> {
    if (Object.keys(caller.roles).length === 0) return [];
    const { all } = await editions();
    return all.flatMap((edition) => (Object.hasOwn(caller.roles, edition.code) ? [{ edition, role: caller.roles[edition.code]! }] : []));
  }
}
