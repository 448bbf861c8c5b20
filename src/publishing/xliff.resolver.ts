import { Arg, Ctx, createUnionType, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Revision } from '../articles/translation.js';
import { translationUrn } from '../articles/urn.js';
import { hasRole, Role } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import { EditionCode } from '../lib/scalars.js';
import type { DeskContext } from './desk-context.js';
import { mustStand } from './desk-text.js';
import { BlockChange, diffRevisions } from './diff-revisions.js';
import { DraftInput, namedOf, readAnswer, uuidOf } from './draft.resolver.js';
import { DraftText } from './draft.type.js';
import { exportXliff } from './export-xliff.js';
import { importXliff, type UnitReport } from './import-xliff.js';
import { orProblem, Problem } from './problem.type.js';
import { readXliff, type XliffDocument, XliffRefused } from './read-xliff.js';
import { mustStandAsBasis } from './standing-basis.js';
import { presentBasis, type StoryFacts, storyFacts } from './story-facts.queries.js';
import { readInput } from './text-input.js';
import { saveDraft } from './write-draft.js';
import type { StoryText } from './xliff.js';

@InputType({ description: 'A translated XLIFF document.' })
class ImportXliffInput extends DraftInput {
  @Field({
    description: 'The document, XLIFF 2.0 or 2.1, as `exportXliff` made it and a translation tool filled it; at most 200,000 characters.',
  })
  readonly document: string;
}

@ObjectType({ description: 'What is to be known of a unit of an XLIFF document.' })
class XliffReport implements UnitReport {
  @Field({ description: 'Id of the unit.' })
  readonly unit: string;

  @Field(() => String, {
    description: 'MISSING_TARGET, BROKEN_CODES, FORBIDDEN_CHARACTERS, DUPLICATE_UNIT, UNKNOWN_UNIT, LOST_LINK or CHANGED_QUOTATION.',
  })
  readonly reason: UnitReport['reason'];

  @Field({ description: 'The same in more words, in English.' })
  readonly detail: string;

  @Field({ description: 'Whether its target was taken all the same.' })
  readonly taken: boolean;
}

@ObjectType({ description: 'A draft made of an XLIFF document.' })
class XliffImport {
  @Field(() => DraftText, { description: 'The draft, made from the revision that was exported: behind, if its source has moved on.' })
  readonly draft: DraftText;

  @Field(() => [XliffReport], { description: 'Units that were not taken, or not whole.' })
  readonly reports: XliffReport[];
}

const XliffResult = createUnionType({
  name: 'XliffResult',
  description: 'What an XLIFF document came to, or why nothing was changed.',
  types: () => [XliffImport, Problem] as const,
});

const storyText = ({ headline, dek, body }: Pick<Revision, 'headline' | 'dek' | 'body'>): StoryText => ({ headline, dek, blocks: body });

@Resolver()
export class XliffResolver {
  @Query(() => String, {
    description:
      'A text to be translated as an XLIFF 2.1 document, with what there is of the translation: its draft, else what is published; units whose source has changed since are `initial` again. Translating goes ahead of an embargo, and of a later publication; what was taken back is refused: IS_RETRACTED, BASIS_UNKNOWN for the source. For TRANSLATORs of the edition.',
  })
  async exportXliff(
    @Arg('article', () => ID, { description: 'URN of the story, or of one of its translations.' }) article: string,
    @Arg('edition', () => EditionCode, { description: 'The edition to translate into.' }) edition: string,
    @Arg('source', () => EditionCode, { nullable: true, description: 'The edition to translate from; the home edition when left out.' })
    source: string | null,
    @Ctx() context: DeskContext,
  ): Promise<string> {
    const { facts, editions } = await forTranslator(uuidOf(article), edition, context);
    const from = facts.translations.get(source ?? facts.article.homeEditionCode);
    if (!from?.text || from.row.publishedAt === null) throw new Refusal('NOT_PUBLISHED', {});
    const { editionCode: sourceEdition, revision } = from.row;
    await mustStandAsBasis(context.read.manager, { articleUuid: facts.article.uuid, editionCode: edition }, [
      { edition: sourceEdition, revision },
    ]);
    const draft = facts.drafts.get(edition);
    const present = draft ?? facts.translations.get(edition)?.text;
    const basis = draft ? draft.basis : await presentBasis(context.read.manager, facts, edition);
    const seen = basis?.find((each) => each.edition === from.row.editionCode)?.revision;
    const [to, of] = [editions.of(edition), editions.of(from.row.editionCode)];
    return exportXliff({
      original: translationUrn(facts.article, edition),
      source: { tag: of.tag, direction: of.direction, edition: of.code, revision: from.row.revision, text: storyText(from.text) },
      target: {
        ...{ tag: to.tag, direction: to.direction },
        ...(present && { present: { text: storyText(present), state: draft ? 'translated' : 'final' } }),
        ...(seen !== undefined && seen < from.row.revision && { outdated: await changedSince(seen, from.text, context) }),
      },
    });
  }

  @Mutation(() => XliffResult, {
    description:
      'Saves a translated XLIFF document as the draft of its edition, made from the revision it was exported from. For TRANSLATORs of the edition.',
  })
  importXliff(
    @Arg('input', () => ImportXliffInput, { description: 'The document, over the version of the draft seen.' }) input: ImportXliffInput,
    @Ctx() context: DeskContext,
  ): Promise<XliffImport | Problem> {
    return orProblem(async () => {
      const named = await namedOf('SAVE_DRAFT', input, context);
      const { facts, editions } = await forTranslator(named.articleUuid, named.edition, context);
      const document = readDocument(input.document);
      const { source } = document;
      if (document.original !== translationUrn(facts.article, named.edition) || !source)
        throw new Refusal('BAD_USER_INPUT', { detail: 'the document is not one that was exported for this text' });
      if (source.revision < 1 || source.revision > (facts.translations.get(source.edition)?.row.revision ?? 0))
        throw new Refusal('BASIS_UNKNOWN', source);
      await mustStandAsBasis(context.read.manager, { articleUuid: named.articleUuid, editionCode: named.edition }, [source]);
      const key = { articleUuid: named.articleUuid, editionCode: source.edition, number: source.revision };
      const [words, body] = await Promise.all([context.load.revision.load(key), context.load.body.load(key)]);
      const present = facts.drafts.get(named.edition) ?? facts.translations.get(named.edition)?.text;
      const { text, reports } = importXliff(document, storyText({ ...words, body }), present && storyText(present));
      const saved = await saveDraft(context.write, {
        ...named,
        ...{ text: readInput({ ...text, blocks: [...text.blocks] }, editions.of(named.edition).tag).text, asked: input.document },
        meaning: { basis: [source] },
        expectedVersion: input.expectedVersion,
      });
      return Object.assign(new XliffImport(), { draft: await readAnswer(saved, context), reports });
    }, context.sayError);
  }
}

/** What of a text has changed since one of its revisions: keys of blocks, `headline`, `dek`. */
async function changedSince(number: number, present: Revision, { load }: DeskContext): Promise<Set<string>> {
  const key = { articleUuid: present.articleUuid, editionCode: present.editionCode, number };
  const [{ headline, dek }, body] = await Promise.all([load.revision.load(key), load.body.load(key)]);
  const changes = diffRevisions({ headline, dek, body }, present);
  const blocks = changes.blocks.filter(({ change }) => change === BlockChange.CHANGED).map((block) => block.key);
  return new Set([...blocks, ...(headline === present.headline ? [] : ['headline']), ...(dek === present.dek ? [] : ['dek'])]);
}

/** Throws FORBIDDEN, STORY_UNKNOWN, UNKNOWN_EDITION, IS_RETRACTED. */
async function forTranslator(
  articleUuid: string,
  edition: string,
  context: DeskContext,
): Promise<{ facts: StoryFacts; editions: Awaited<ReturnType<DeskContext['editions']>> }> {
  if (!hasRole(context.caller, edition, Role.TRANSLATOR)) throw new Refusal('FORBIDDEN', {});
  const [facts, editions] = await Promise.all([storyFacts(context.read.manager, articleUuid), context.editions()]);
  if (!facts) throw new Refusal('STORY_UNKNOWN', {});
  if (!editions.find(edition)) throw new Refusal('UNKNOWN_EDITION', { value: edition });
  mustStand(facts, edition);
  return { facts, editions };
}

function readDocument(document: string): XliffDocument {
  try {
    return readXliff(document);
  } catch (error) {
    if (error instanceof XliffRefused) throw new Refusal('BAD_USER_INPUT', { detail: `XLIFF: ${error.reason}` });
    throw error;
  }
}
