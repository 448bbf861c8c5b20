import { Field, InputType, Int } from 'type-graphql';
import type { BlockData } from '../articles/body.js';
import { Origin, Significance } from '../articles/translation.js';
import { storyCredit } from '../credits/party-in-role.js';
import { Refusal } from '../lib/errors.js';
import { EditionCode } from '../lib/scalars.js';
import { Blocks } from './blocks.scalar.js';
import { blocksOfHtml, type HtmlFault, type PastedBody, type PastedHtml } from './blocks-of-html.js';
import { cleanNotes } from './checked-input.js';
import { cleanInput } from './clean-input.js';
import { CreditInput, creditsOfInput } from './credit-input.js';
import type { DeskText, DeskTextMeaning } from './desk-text.js';

@InputType({ description: 'The words of a text. Give the body as `blocks` or as `html`.' })
export class TextInput {
  @Field({ description: 'The headline, at most 500 characters.' })
  readonly headline: string;

  @Field(() => String, { nullable: true, description: 'The line below it, at most 2,000 characters.' })
  readonly dek?: string | null;

  @Field(() => Blocks, { nullable: true, description: 'The body as typed blocks.' })
  readonly blocks?: BlockData[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The body as HTML, as pasted: what a news text may hold becomes blocks, the rest is left out and told in `dropped`. Passages keep the keys they had. Pictures, recordings and related stories of the text are told by the addresses its own HTML gives them, and stay at their places where the HTML shows none of their kind.',
  })
  readonly html?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The last part of its address; made from the headline when left out, and kept from then on.',
  })
  readonly slug?: string | null;
}

@InputType({ description: 'A published revision of the same story that a text is made from.' })
export class SourceRevisionInput {
  @Field(() => EditionCode, { description: 'Its edition.' })
  readonly edition: string;

  @Field(() => Int, { description: 'Its number.' })
  readonly revision: number;
}

@InputType({ description: 'What a desk says about a text beside its words.' })
export class MeaningInput {
  @Field(() => Significance, { nullable: true, description: 'What the change means to those who hold the text; UPDATE when left out.' })
  readonly significance?: Significance | null;

  @Field(() => Origin, { nullable: true, description: 'Who wrote it; HUMAN when left out.' })
  readonly origin?: Origin | null;

  @Field(() => String, { nullable: true, description: 'What a correction tells the reader, in the language of the text.' })
  readonly note?: string | null;

  @Field(() => String, { nullable: true, description: 'What changed, for colleagues.' })
  readonly changeNote?: string | null;

  @Field(() => String, { nullable: true, description: 'The machine that wrote it, where one did.' })
  readonly tool?: string | null;

  @Field(() => [SourceRevisionInput], {
    nullable: true,
    description: 'What it is made from; what the text before it was made from when left out, or the present original.',
  })
  readonly basis?: SourceRevisionInput[] | null;

  @Field(() => [CreditInput], {
    nullable: true,
    description:
      'Who is credited for this edition’s text, all of them in their order: its translators and editors. As they are when left out. Credits of the story in all editions are those of `updateArticle`.',
  })
  readonly credits?: CreditInput[] | null;
}

/** What a desk says about a text, with its notes cleaned and its credits checked. Throws TEXT_REFUSED, FIELD_REFUSED, BAD_USER_INPUT. */
export function meaningOfInput({ note, changeNote, tool, credits, ...meaning }: MeaningInput): DeskTextMeaning {
  if (meaning.significance === Significance.RETRACTION)
    throw new Refusal('BAD_USER_INPUT', { detail: 'meaning.significance: a text is taken back by `retract`' });
  return { ...meaning, ...cleanNotes({ note, changeNote, tool }), credits: credits && creditsOfInput(credits, storyCredit) };
}

/** An input as it is stored, and what of its HTML is not. */
export interface ReadInput {
  text: DeskText;
  dropped: PastedBody['dropped'];
}

/** The words of an input, cleaned, for an edition in `language`; HTML takes the place of the body in `over`. Throws TEXT_REFUSED, BAD_USER_INPUT. */
export function readInput(
  { headline, dek, blocks, html, slug }: TextInput,
  language: string,
  over: Omit<PastedHtml, 'html' | 'language' | 'path'> = {},
): ReadInput {
  if ((blocks == null) === (html == null)) throw new Refusal('BAD_USER_INPUT', { detail: 'give either blocks or html' });
  if (headline.length > 500 || (dek?.length ?? 0) > 2000) throw new Refusal('BAD_USER_INPUT', { detail: 'headline or dek is too long' });
  if (slug != null && !/^(?!\.{1,2}$)[^\s/\\\p{C}]{1,150}$/u.test(slug)) throw new Refusal('BAD_USER_INPUT', { detail: 'not a slug' });
  const pasted = html == null ? undefined : blocksOfHtml({ html, language, ...over, path: 'html' });
  if (pasted?.ok === false) throw refusalOf(pasted.fault);
  const cleaned = cleanInput({ headline, dek: dek ?? null, body: pasted?.blocks ?? blocks! });
  if (!cleaned.ok) throw refusalOf(cleaned.fault);
  const text = cleaned.value;
  if (text.headline === '') throw new Refusal('BAD_USER_INPUT', { detail: 'the headline is empty' });
  return { text: { ...text, dek: text.dek || null, slug: slug?.normalize('NFC') ?? null }, dropped: pasted?.dropped ?? [] };
}

const refusalOf = (fault: HtmlFault): Refusal =>
  fault.code === 'FORBIDDEN_CHARACTER'
    ? new Refusal('TEXT_REFUSED', { field: fault.path, offset: fault.offset })
    : new Refusal('BAD_USER_INPUT', { detail: `${fault.path}: ${fault.code}, at most ${fault.max}` });
