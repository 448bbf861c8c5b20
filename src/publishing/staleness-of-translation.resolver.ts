import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../articles/article-context.js';
import { Translation } from '../articles/translation.type.js';
import type { EditionContext } from '../editions/edition.loaders.js';
import type { RevisionChange } from './history.loaders.js';
import { type HistoryContext, mustReadRevisions } from './history.resolver.js';
import { MissedRevision } from './missed-revision.type.js';
import { type Missed, Staleness } from './staleness.js';
import type { StalenessLoaders } from './staleness.loaders.js';
import type { TranslationKey } from './staleness.queries.js';

/** What these fields ask of a request. */
interface StalenessContext extends Pick<EditionContext, 'editions'>, AccessContext {
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
      'The revisions it misses of what it was made from, at any remove, by edition and number; without those of editions that are retracted or that a partner may not have, and of single revisions that were taken back.',
  })
  async missed(@Root() translation: Translation, @Ctx() context: StalenessContext): Promise<MissedRevision[]> {
    const { row } = translation;
    const [{ missed, retractedSources }, registry] = await Promise.all([context.load.missedOfTranslation.load(row), context.editions()]);
    const hidden = [...retractedSources, ...(await notGiven(missed, row, context))];
    return missed
      .filter(({ sourceEditionCode }) => !hidden.includes(sourceEditionCode))
      .map(({ sourceEditionCode, number, significance, publishedAt, note }) => ({
        ...{ edition: registry.of(sourceEditionCode), revision: number, significance, publishedAt, note },
        ...{ by: translation, key: { articleUuid: row.articleUuid, editionCode: sourceEditionCode, number } },
      }));
  }
}

/** The editions a text was made from whose texts the caller may not have. */
async function notGiven(missed: readonly Missed[], { articleUuid }: TranslationKey, { accessOf }: AccessContext): Promise<string[]> {
  const sources = [...new Set(missed.map(({ sourceEditionCode }) => sourceEditionCode))];
  const found = await Promise.all(
    sources.map(async (editionCode) => ((await accessOf({ articleUuid, editionCode })).allowed ? [] : [editionCode])),
  );
  return found.flat();
}

const forDesks =
  'For whoever has a role in some edition, and operators; others are refused (FORBIDDEN). Null where no revision before it stands.';

@Resolver(() => MissedRevision)
export class MissedRevisionResolver {
  @FieldResolver(() => [String], {
    nullable: true,
    description: `Keys of the blocks that it added, changed, moved or took away, against the latest revision before it that stands. ${forDesks}`,
  })
  async changedBlocks(@Root() missed: MissedRevision, @Ctx() context: HistoryContext): Promise<string[] | null> {
    return (await changeOf(missed, context))?.blocks ?? null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: `How many words of headline, dek and body it changed, as a reader counts: one put in the place of another is one. ${forDesks}`,
  })
  async changedWords(@Root() missed: MissedRevision, @Ctx() context: HistoryContext): Promise<number | null> {
    return (await changeOf(missed, context))?.words ?? null;
  }
}

async function changeOf({ by, key }: MissedRevision, context: HistoryContext): Promise<RevisionChange | null> {
  mustReadRevisions(by, context);
  return context.load.changeOfRevision.load(key);
}
