import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { BlockData } from '../articles/body.js';
import { Block } from './blocks.scalar.js';
import { BlockChange } from './diff-revisions.js';
import { RunKind } from './diff-words.js';

registerEnumType(BlockChange, {
  name: 'BlockChange',
  description: 'What happened to a block between two revisions.',
  valuesConfig: {
    ADDED: { description: 'Only the later revision has it.' },
    REMOVED: { description: 'Only the earlier revision has it.' },
    MOVED: { description: 'The same, elsewhere among the blocks both have.' },
    CHANGED: {
      description: 'Its text, its marks, its links or its kind differ; where no run was deleted or inserted, the text is the same.',
    },
    SAME: { description: 'Nothing happened to it.' },
  },
});

registerEnumType(RunKind, {
  name: 'RunKind',
  description: 'What happened to a stretch of text.',
  valuesConfig: {
    EQUAL: { description: 'Both revisions have it.' },
    DELETED: { description: 'Only the earlier revision has it.' },
    INSERTED: { description: 'Only the later revision has it.' },
  },
});

@ObjectType({ description: 'A stretch of text that stayed, went or came.' })
export class TextRun {
  @Field(() => RunKind, { description: 'What happened to it.' })
  readonly kind: RunKind;

  @Field({ description: 'The text. EQUAL and DELETED runs joined are the earlier text, EQUAL and INSERTED ones the later.' })
  readonly text: string;
}

@ObjectType()
abstract class Counted {
  @Field(() => Int, { description: 'Words deleted; in writing without spaces each character counts as one.' })
  readonly wordsDeleted: number;

  @Field(() => Int, { description: 'Words inserted, counted alike.' })
  readonly wordsInserted: number;

  @Field(() => Int, { description: 'Words changed as a reader counts: one put in the place of another is one.' })
  readonly wordsChanged: number;
}

@ObjectType({ description: 'What happened to a text, by word.' })
export class TextDiff extends Counted {
  @Field(() => [TextRun], { description: 'The text in order, a deleted run before the one inserted in its place.' })
  readonly runs: TextRun[];
}

@ObjectType({ description: 'What happened to one block of a body, told by its key.' })
export class BlockDiff extends TextDiff {
  @Field(() => ID, { description: 'The key of the block, the same in both revisions.' })
  readonly key: string;

  @Field(() => BlockChange, { description: 'What happened to it.' })
  readonly change: BlockChange;

  @Field({ description: 'Whether it stands elsewhere among the blocks both revisions have; a CHANGED block may be moved as well.' })
  readonly moved: boolean;

  @Field(() => Block, { nullable: true, description: 'The block in the earlier revision; null where it is not there.' })
  readonly before: BlockData | null;

  @Field(() => Block, {
    nullable: true,
    description: 'The block in the later revision: what tells the change of a picture, a link or a mark.',
  })
  readonly after: BlockData | null;
}

@ObjectType({
  description: 'What happened between two revisions of a translation. The counts are those of headline, dek and body together.',
})
export class RevisionDiff extends Counted {
  @Field(() => TextDiff, { description: 'The headline.' })
  readonly headline: TextDiff;

  @Field(() => TextDiff, { nullable: true, description: 'The dek; null where neither revision has one.' })
  readonly dek: TextDiff | null;

  @Field(() => [BlockDiff], { description: 'The blocks in the order of the later revision, each removed one after the block it followed.' })
  readonly blocks: BlockDiff[];
}
