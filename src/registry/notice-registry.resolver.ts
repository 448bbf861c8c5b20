import { Arg, Ctx, createUnionType, Field, FieldResolver, InputType, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { EditionCode, LanguageTag, Territory, WebAddress } from '../lib/scalars.js';
import { Channel, NoticeKind, NoticePlacement, NoticeRow } from '../notices/notice.js';
import { checkedKey } from '../publishing/idempotency-key.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import type { NoticeValues } from './notice-shape.js';
import { mustBeInside, type RegistryContext } from './registry-context.js';
import { SaveInput } from './save-input.js';
import { saveNotice } from './save-notice.js';

@ObjectType({ description: 'A number in the wording of a notice.' })
class NoticeValue {
  @Field({ description: 'What is counted: the plural keys of this name word it.' })
  readonly name: string;

  @Field(() => Int, { description: 'How many.' })
  readonly value: number;
}

@InputType({ description: 'A number in the wording of a notice.' })
class NoticeValueInput {
  @Field({ description: 'What is counted: the plural keys of this name word it.' })
  readonly name: string;

  @Field(() => Int, { description: 'How many.' })
  readonly value: number;
}

@InputType({ description: 'A notice, whole. Its words are in `locales/`.' })
class SaveNoticeInput extends SaveInput {
  @Field(() => NoticeKind, { description: 'Why readers are told: LEGAL, SAFETY, ABOUT or PARTNER; the others come with texts.' })
  readonly kind: NoticeKind;

  @Field(() => NoticePlacement, { description: 'Where on the page it belongs.' })
  readonly placement: NoticePlacement;

  @Field({ description: 'Whether whoever shows the text must show this too.' })
  readonly mustCarry: boolean;

  @Field(() => Int, { description: 'Its place among the notices, 0 to 10,000: lower ones first.' })
  readonly position: number;

  @Field({ description: 'The key of its wording in `locales/*/notices.json`; its legal language must have it.' })
  readonly wording: string;

  @Field(() => [NoticeValueInput], { defaultValue: [], description: 'The numbers its wording takes.' })
  readonly values: NoticeValueInput[];

  @Field(() => LanguageTag, { description: 'The language it is shown in where a reader’s has no wording; an edition’s.' })
  readonly legalLanguage: string;

  @Field(() => [Territory], { defaultValue: [], description: 'Where its readers are; empty: everywhere.' })
  readonly territories: string[];

  @Field(() => [Territory], { defaultValue: [], description: 'Where readers are not told.' })
  readonly excludedTerritories: string[];

  @Field(() => [EditionCode], { defaultValue: [], description: 'Whose readers are told; empty: those of all editions.' })
  readonly editions: string[];

  @Field(() => [Channel], { defaultValue: [], description: 'Where it is shown; empty: everywhere.' })
  readonly channels: Channel[];

  @Field(() => GraphQLDateTimeISO, { description: 'From when readers are told.' })
  readonly effectiveFrom: Date;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Until when; for good when left out. A notice is never deleted; this ends it.',
  })
  readonly effectiveUntil?: Date | null;

  @Field(() => WebAddress, { nullable: true, description: 'Where it leads; needs `linkWording`.' })
  readonly linkUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'The key of the words of its link.' })
  readonly linkWording?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of its picture.' })
  readonly image?: string | null;

  @Field({
    defaultValue: false,
    description:
      'Of a notice that must be carried, where this changes it: whether partners are to take down, or correct, every text they hold that carries an earlier version. They are told of the change in any case.',
  })
  readonly recall: boolean;
}

const NoticeResult = createUnionType({
  name: 'NoticeResult',
  description: 'A notice as it stands after a mutation, or why nothing was changed; ask for one of the two `code`s under another name.',
  types: () => [NoticeRow, Problem] as const,
});

@Resolver(() => NoticeRow)
export class NoticeRegistryResolver {
  @Query(() => NoticeRow, {
    nullable: true,
    description: 'One notice of the registry by its code, in force or not. For desks and operators.',
  })
  async registryNotice(
    @Arg('code', () => String, { description: 'The code.' }) code: string,
    @Ctx() context: RegistryContext,
  ): Promise<NoticeRow | null> {
    return (await this.registryNotices(context)).find((notice) => notice.code === code) ?? null;
  }

  @Query(() => [NoticeRow], { description: 'All notices of the registry in their order, in force or not. For desks and operators.' })
  async registryNotices(@Ctx() { caller, notices }: RegistryContext): Promise<NoticeRow[]> {
    mustBeInside(caller);
    return [...(await notices())].sort((a, b) => a.position - b.position || (a.code < b.code ? -1 : 1));
  }

  @Mutation(() => NoticeResult, {
    description:
      'Adds a notice to the registry, or changes it over the version seen; all of it is given. For CHIEFs of every edition it is or was for; for all editions, and in any, operators.',
  })
  saveNotice(@Arg('input', () => SaveNoticeInput, { description: 'The notice.' }) input: SaveNoticeInput, @Ctx() context: RegistryContext) {
    return orProblem(async () => {
      mustBeInside(context.caller);
      const { expectedVersion, idempotencyKey, values, recall, ...rest } = input;
      const { effectiveFrom, effectiveUntil, linkUrl = null, linkWording = null, image = null } = rest;
      const times = { effectiveFrom: effectiveFrom.toISOString(), effectiveUntil: effectiveUntil?.toISOString() ?? null };
      if (new Set(values.map(({ name }) => name)).size < values.length)
        throw new Refusal('FIELD_REFUSED', { field: 'values', detail: 'one is given twice' });
      const numbers = Object.fromEntries(values.map(({ name, value }) => [name, value]));
      const given = { ...rest, ...times, linkUrl, linkWording, image, values: numbers } as NoticeValues;
      const request = { given, recall, expectedVersion, idempotencyKey: checkedKey(idempotencyKey) };
      const { code } = await saveNotice({ ...context.write, wording: context.wording }, request);
      return this.registryNotice(code, context);
    }, context.sayError);
  }

  @FieldResolver(() => [NoticeValue], { description: 'The numbers its wording takes.' })
  values(@Root() { values }: NoticeRow): NoticeValue[] {
    return Object.entries(values).map(([name, value]) => ({ name, value }));
  }
}
