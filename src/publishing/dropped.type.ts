import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Dropped } from './pasted-html.js';

registerEnumType(Dropped, {
  name: 'Dropped',
  description: 'What a text cannot hold of pasted HTML.',
  valuesConfig: {
    SCRIPT: { description: 'Script, as an element, a handler or an address.' },
    LINK: { description: 'A link that leads nowhere from here, as into a file or within its page; its words were kept.' },
    PICTURE: { description: 'A picture that the text did not hold before: pictures come as blocks.' },
    RECORDING: { description: 'Audio or video that the text did not hold before.' },
    EMBED: { description: 'A frame or player of a site that is not known.' },
    DRAWING: { description: 'A drawing (SVG, canvas).' },
    FORMULA: { description: 'A formula (MathML).' },
    CONTROL: { description: 'A field, a button or a choice of a form.' },
    RULE: { description: 'A line drawn across the page.' },
    DELETED_TEXT: { description: 'Words struck through, or marked as deleted.' },
    HIDDEN_TEXT: { description: 'Words that were not shown, such as an office program’s comments.' },
    INVISIBLE_CHARACTER: { description: 'A character without a shape that its writing does not need.' },
  },
});

@ObjectType({ description: 'How often something was left out of pasted HTML.' })
export class DroppedMatter {
  @Field(() => Dropped, { description: 'What.' })
  readonly what: Dropped;

  @Field(() => Int, { description: 'How often.' })
  readonly count: number;
}

/** The description of the field that tells it, wherever a mutation takes HTML. */
export const droppedField = {
  description: 'What was left out of the HTML that this mutation was given, most often first; empty for blocks, and in every other answer.',
} as const;
