import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { ArticleLoaders } from '../articles/article.loaders.js';
import type { BlockData } from '../articles/body.js';
import type { Content } from '../articles/content-hash.js';
import { Translation } from '../articles/translation.type.js';
import type { Caller } from '../desks/role.js';
import type { EditionContext, Editions } from '../editions/edition.loaders.js';
import { Refusal } from '../lib/errors.js';
import type { Read } from '../lib/load.js';
import { numberCursor, numberOf, PageArgs, pageOf } from '../lib/relay.js';
import { Blocks } from './blocks.scalar.js';
import { RevisionDiff } from './diff.type.js';
import type { ChangedContent } from './diff-revisions.js';
import { differencesOf, type HistoryLoaders } from './history.loaders.js';
import type { PastRevision } from './history.queries.js';
import { mustBeAllowed } from './policy.js';
import { type PastRevisionResult, RetractedRevision, RevisionConnection, RevisionText } from './revision.type.js';

/** What the history of texts asks of a request. */
export interface HistoryContext extends Pick<EditionContext, 'editions'> {
  read: Read;
  caller: Caller;
  load: HistoryLoaders & Pick<ArticleLoaders, 'body'>;
}

/** Throws FORBIDDEN unless the caller may read the history of a text. */
export const mustReadRevisions = ({ article, edition }: Translation, { caller }: Pick<HistoryContext, 'caller'>): void =>
  mustBeAllowed(caller, 'READ_REVISIONS', { edition: edition.code, home: article.homeEditionCode });

@Resolver(() => Translation)
export class HistoryResolver {
  @FieldResolver(() => RevisionConnection, {
    nullable: true,
    description:
      'What it said from its first publication on, newest first. For whoever has a role in some edition, and operators; others are refused (FORBIDDEN).',
  })
  async revisions(
    @Args() pageArgs: PageArgs,
    @Root() translation: Translation,
    @Ctx() context: HistoryContext,
  ): Promise<RevisionConnection> {
    mustReadRevisions(translation, context);
    const { row, edition } = translation;
    const page = pageOf(pageArgs);
    const { articleUuid, editionCode } = row;
    const list = `revisions ${articleUuid}.${editionCode}`;
    const below = page.after === undefined ? row.revision + 1 : numberOf(page.after, list);
    const above = page.before === undefined ? 0 : numberOf(page.before, list);
    const { size, backwards } = page;
    const found = await context.load.historyOfTranslation.load({ articleUuid, editionCode, above, below, size, backwards });
    const editions = await context.editions();
    const shown = found.slice(0, size);
    if (backwards) shown.reverse();
    const edges = shown.map((revision) => ({
      cursor: numberCursor(list, revision.number),
      node: shownAs(revision, edition.tag, editions),
    }));
    const more = found.length > size;
    return {
      edges,
      pageInfo: {
        hasNextPage: backwards ? page.before !== undefined : more,
        hasPreviousPage: backwards ? more : page.after !== undefined,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  }

  @FieldResolver(() => RevisionDiff, {
    nullable: true,
    description:
      'What happened between two of its revisions, whichever of them is the later: blocks by key, texts by word. For whoever has a role in some edition, and operators. REVISION_UNKNOWN where there is none of a number, IS_RETRACTED where it was taken back.',
  })
  async revisionDiff(
    @Arg('from', () => Int, { description: 'The number of the one.' }) from: number,
    @Arg('to', () => Int, { description: 'The number of the other.' }) to: number,
    @Root() translation: Translation,
    @Ctx() context: HistoryContext,
  ): Promise<ChangedContent> {
    mustReadRevisions(translation, context);
    const textAt = async (number: number): Promise<Content> => {
      const { articleUuid, editionCode, revision } = translation.row;
      const known = number >= 1 && number <= revision;
      const text = known ? await context.load.textOfRevision.load({ articleUuid, editionCode, number }) : null;
      if (text === null) throw new Refusal('REVISION_UNKNOWN', { revision: number });
      if (text === 'RETRACTED') throw new Refusal('IS_RETRACTED', {});
      return text;
    };
    const [before, after] = await Promise.all([textAt(from), textAt(to)]);
    return differencesOf(context.read, before, after);
  }
}

@Resolver(() => RevisionText)
export class RevisionTextResolver {
  @FieldResolver(() => Blocks, { description: 'The body, as `TextInput.blocks` takes it back.' })
  body(@Root() { articleUuid, editionCode, number }: RevisionText, @Ctx() { load }: HistoryContext): Promise<BlockData[]> {
    return load.body.load({ articleUuid, editionCode, number });
  }
}

/** A revision as desks are shown it: of one that was taken back nothing but that. */
function shownAs({ retraction, basis, ...revision }: PastRevision, tag: string, editions: Editions): typeof PastRevisionResult {
  const { number } = revision;
  if (retraction) {
    const { kind, retractedAt, notes } = retraction;
    return Object.assign(new RetractedRevision(), { number, kind, retractedAt: new Date(retractedAt), note: notes[tag] ?? null });
  }
  const sources = basis.map((source) => ({ edition: editions.of(source.edition), revision: source.revision }));
  return Object.assign(new RevisionText(), { ...revision, basis: sources });
}
