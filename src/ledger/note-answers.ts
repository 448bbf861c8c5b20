import { defaultFieldResolver, type GraphQLFieldResolver, GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { Served } from '../articles/served.js';
import type { TranslationRow } from '../articles/translation.js';
import type { Translation } from '../articles/translation.type.js';
import type { GivenTexts } from './given-texts.js';

/** What noting asks of a request; undefined where nothing of it is noted. */
export interface GivenContext {
  given: GivenTexts | undefined;
}

/** The fields of `Translation` by which somebody has some of its words, pictures or credits. */
export const wordsOfTranslation: ReadonlySet<string> = new Set('body byline credits creditLine dek headline image kicker'.split(' '));

/**
 * Has a schema gather what its answers give of texts: a text is given when one of its words is, by whatever way an answer came to it. In the
 * schema, so that no way can forget to; in place.
 */
export function noteAnswers(schema: GraphQLSchema): GraphQLSchema {
  for (const name of wordsOfTranslation)
    watch(schema, ['Translation', name], (given, { row }: Translation, value) => {
      // What is left out was not given.
      if (value !== null && value !== undefined) given.add(named(row));
    });
  watch(schema, ['Served', 'notices'], (given, { translation }: Served, notices) => {
    if (translation) given.addNotices(named(translation.row), notices as { code: string; version: number }[]);
  });
  return schema;
}

const named = ({ articleUuid, editionCode, revision }: TranslationRow) => ({ articleUuid, editionCode, revision });

function watch<Source>(
  schema: GraphQLSchema,
  [type, name]: [string, string],
  note: (given: GivenTexts, source: Source, value: unknown) => void,
) {
  const object = schema.getType(type);
  const field = object instanceof GraphQLObjectType ? object.getFields()[name] : undefined;
  if (!field) throw new Error(`${type}.${name} is no field of the schema`);
  const resolve: GraphQLFieldResolver<Source, GivenContext> = field.resolve ?? defaultFieldResolver;
  const watched: typeof resolve = async (source, args, context, info) => {
    const value = await resolve(source, args, context, info);
    note(context.given!, source, value);
    return value;
  };
  field.resolve = (source, args, context: GivenContext, info) => (context.given ? watched : resolve)(source, args, context, info);
}
