import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Refusal } from '../lib/errors.js';
import { EditionCode, LanguageTag } from '../lib/scalars.js';
import { parseAcceptLanguage } from './accept-language.js';
import { Edition } from './edition.js';
import type { EditionContext } from './edition.loaders.js';
import { Label, LabelKey } from './label.js';
import { LocaleResolution } from './locale.type.js';
import { accountOf } from './request-locale.js';
import { planLocale, resolveLocale } from './resolve-locale.js';

const longestHeader = 1000;

@Resolver(() => Edition)
export class EditionResolver {
  @Query(() => Edition, { nullable: true, description: 'One edition by its code; null when there is none.' })
  async edition(
    @Arg('code', () => EditionCode, { description: 'The code.' }) code: string,
    @Ctx() context: EditionContext,
  ): Promise<Edition | null> {
    return (await context.editions()).find(code) ?? null;
  }

  @Query(() => [Edition], { description: 'Editions, ordered by code.' })
  async editions(
    @Arg('language', () => LanguageTag, { nullable: true, description: 'Only editions in this language: `sr` gives both scripts.' })
    language: string | null,
    @Arg('active', () => Boolean, { nullable: true, description: 'Only active, or only inactive ones.' }) active: boolean | null,
    @Ctx() context: EditionContext,
  ): Promise<Edition[]> {
    const { all } = await context.editions();
    const wanted = (tag: string): boolean => language == null || tag === language || tag.startsWith(`${language}-`);
    return all.filter((edition) => wanted(edition.tag) && (active == null || edition.active === active));
  }

  @Query(() => LocaleResolution, {
    description:
      'RFC 4647 look-up of an Accept-Language value over the primary editions, for a front end that wants it; the gateway never does it by itself. Reason NONE when no range matches.',
  })
  async negotiateEdition(
    @Arg('acceptLanguage', () => String, { description: `The header’s value, at most ${longestHeader} characters.` })
    acceptLanguage: string,
    @Ctx() context: EditionContext,
  ): Promise<LocaleResolution> {
    if (acceptLanguage.length > longestHeader)
      throw new Refusal('BAD_USER_INPUT', { detail: `acceptLanguage has more than ${longestHeader} characters` });
    const editions = await context.editions();
    const { ranges, excluded } = parseAcceptLanguage(acceptLanguage);
    const refused = planLocale({ locales: excluded, policy: 'STRICT' }, editions.active).steps.map((step) => step.edition);
    const available = new Set(
      editions.active.filter((edition) => edition.primary && !refused.includes(edition.code)).map((edition) => edition.code),
    );
    const plan = planLocale({ locales: ranges, policy: 'LOOKUP' }, editions.active);
    // There is no original here: a header that names nothing is not answered with some edition.
    const steps = plan.steps.filter((step) => step.edition !== null);
    return accountOf(plan, resolveLocale({ ...plan, steps }, available, ''), editions);
  }

  @FieldResolver(() => String, { description: 'An interface label in its language.' })
  label(
    @Arg('key', () => LabelKey, { description: 'Which label.' }) key: LabelKey,
    @Root() edition: Edition,
    @Ctx() context: EditionContext,
  ): string {
    return context.speak(edition).say.text('labels', key);
  }

  @FieldResolver(() => [Label], { description: 'Interface labels in its language, so that a front end needs no wording of its own.' })
  labels(
    @Arg('keys', () => [LabelKey], { nullable: true, description: 'Which labels; all when left out.' }) keys: LabelKey[] | null,
    @Root() edition: Edition,
    @Ctx() context: EditionContext,
  ): Label[] {
    const { say } = context.speak(edition);
    return (keys ?? Object.values(LabelKey)).map((key) => ({ key, text: say.text('labels', key) }));
  }
}
