import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { EditionContext } from '../editions/edition.loaders.js';
import type { Read } from '../lib/load.js';
import { EditionCode } from '../lib/scalars.js';
import { Agency } from './agency.js';
import { nameIn } from './name-in.js';
import { Name, type Named } from './named.js';
import { Person } from './person.js';
import { Place } from './place.js';
import { Topic } from './topic.js';
import type { TopicLoaders } from './topic.loaders.js';
import { allNamed } from './topic.queries.js';

type Context = EditionContext & { read: Read; load: TopicLoaders };

/** The `name` field, the same for everything that has names by language. */
function namesOf(row: new () => Named): new () => object {
  @Resolver(() => row)
  class NamesResolver {
    @FieldResolver(() => Name, { description: 'Its name as readers of an edition expect it; without an edition, in its own language.' })
    async name(
      @Arg('edition', () => EditionCode, { nullable: true, description: 'Whose readers.' }) edition: string | null,
      @Root() named: Named,
      @Ctx() context: Context,
    ): Promise<Name> {
      return nameIn(named, edition == null ? null : (await context.editions()).named(edition));
    }
  }
  return NamesResolver;
}

@Resolver()
class RegisterResolver {
  @Query(() => Topic, { nullable: true, description: 'One topic by its code.' })
  topic(@Arg('code', () => String, { description: 'Its code.' }) code: string, @Ctx() { load }: Context): Promise<Topic | null> {
    return load.topic.load(code);
  }

  @Query(() => [Topic], { description: 'All topics, ordered by code.' })
  topics(@Ctx() { read }: Context): Promise<Topic[]> {
    return allNamed(read, Topic);
  }

  @Query(() => Person, { nullable: true, description: 'One person by code.' })
  person(@Arg('code', () => String, { description: 'The code.' }) code: string, @Ctx() { load }: Context): Promise<Person | null> {
    return load.person.load(code);
  }

  @Query(() => Place, { nullable: true, description: 'One place by its code.' })
  place(@Arg('code', () => String, { description: 'Its code.' }) code: string, @Ctx() { load }: Context): Promise<Place | null> {
    return load.place.load(code);
  }

  @Query(() => Agency, { nullable: true, description: 'One news agency by its code.' })
  agency(@Arg('code', () => String, { description: 'Its code.' }) code: string, @Ctx() { load }: Context): Promise<Agency | null> {
    return load.agency.load(code);
  }

  @Query(() => [Agency], { description: 'All news agencies, ordered by code.' })
  agencies(@Ctx() { read }: Context): Promise<Agency[]> {
    return allNamed(read, Agency);
  }
}

export const topicResolvers = [RegisterResolver, ...[Topic, Person, Place, Agency].map(namesOf)];
