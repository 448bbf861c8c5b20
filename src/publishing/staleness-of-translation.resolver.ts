import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Translation } from '../articles/translation.type.js';
import type { EditionContext } from '../editions/edition.loaders.js';
import { MissedRevision } from './missed-revision.type.js';
import { Staleness } from './staleness.js';
import type { StalenessLoaders } from './staleness.loaders.js';

/** What these fields ask of a request. */
interface StalenessContext extends Pick<EditionContext, 'editions'> {
  load: StalenessLoaders;
}

@Resolver(() => Translation)
export class StalenessOfTranslationResolver {
  @FieldResolver(() => Staleness, {
    description: 'How far it is behind what it was made from, at any remove: the worst counts. By revisions, never by dates.',
  })
  staleness(@Root() { row }: Translation, @Ctx() { load }: StalenessContext): Promise<Staleness> {
    return load.stalenessOfTranslation.load(row);
  }

  @FieldResolver(() => [MissedRevision], {
    description:
      'The revisions it misses of what it was made from, at any remove, by edition and number; without those of editions that are retracted.',
  })
  async missed(@Root() { row }: Translation, @Ctx() { load, editions }: StalenessContext): Promise<MissedRevision[]> {
    const [{ missed, retractedSources }, registry] = await Promise.all([load.missedOfTranslation.load(row), editions()]);
    return missed
      .filter(({ sourceEditionCode }) => !retractedSources.includes(sourceEditionCode))
      .map(({ sourceEditionCode, number, significance, publishedAt, note }) => ({
        ...{ edition: registry.of(sourceEditionCode), revision: number, significance, publishedAt, note },
      }));
  }
}
