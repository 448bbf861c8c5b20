import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { classOf, type InformationClass } from './classes.js';

/** What fields below the entry are asked with: those that need something, and those that say more with it. */
const argumentsBelow: Readonly<Record<string, string>> = {
  'Article.translations': '(editions: ["en", "ru"])',
  'Edition.label': '(key: READ_MORE)',
  'Edition.labels': '(keys: [READ_MORE])',
  'Tombstone.note': '(edition: "en")',
  'Tombstone.text': '(edition: "en")',
  'Translation.revisionDiff': '(from: 1, to: 3)',
  'Translation.revisions': '(first: 5)',
};

/** How a query is made: which classes it asks for, and how deep. */
export interface Wish {
  classes: ReadonlySet<InformationClass>;
  depth: number;
  /** Arguments of `Article.served`. */
  served: string;
  /** Fields that are not asked, as `Type.field`. */
  without?: ReadonlySet<string>;
}

type Composite = GraphQLObjectType | GraphQLInterfaceType;

/** The selection of all fields of some classes that can be reached from a type; undefined where there are none. */
export function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLNamedOutputType,
  wish: Wish,
  path: readonly string[] = [],
): string | undefined {
  if (isAbstractType(type)) {
    const members = schema.getPossibleTypes(type);
    const parts = members.flatMap((member) => {
      const fields = fieldsOf(schema, member, wish, path, conflictsOf(members));
      return fields.length > 0 ? [`... on ${member.name} { ${fields.join(' ')} }`] : [];
    });
    return parts.length > 0 ? `{ __typename ${parts.join(' ')} }` : undefined;
  }
  if (!isObjectType(type)) return undefined;
  const fields = fieldsOf(schema, type, wish, path, new Set());
  return fields.length > 0 ? `{ __typename ${fields.join(' ')} }` : undefined;
}

function fieldsOf(schema: GraphQLSchema, type: Composite, wish: Wish, path: readonly string[], conflicts: ReadonlySet<string>): string[] {
  // Once around: a story leads to others, which lead to itself.
  const visits = path.filter((each) => each === type.name).length;
  if (
    visits > (type.name === 'Translation' && ['related', 'translations'].includes(path.at(-1) ?? '') ? 1 : 0) ||
    path.length >= wish.depth * 2
  )
    return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const name = `${type.name}.${field.name}`;
    if (wish.without?.has(name)) return [];
    const target = getNamedType(field.type);
    const own = classOf(type.name, field.name);
    const isAsked = own !== undefined && wish.classes.has(own);
    if (!isCompositeType(target) && !isAsked) return [];
    const called = `${conflicts.has(field.name) ? `${type.name}_${field.name}: ` : ''}${field.name}${argumentsFor(name, field, wish)}`;
    if (!isCompositeType(target)) return [called];
    // Another story, of which the entries ask all: here, that it is there.
    if (name === 'Tombstone.replacedBy') return isAsked ? [`${called} { id }`] : [];
    const wishBelow = isListOfTexts(field) ? { ...wish, without: new Set([...(wish.without ?? []), ...costly]) } : wish;
    const below = selectionOf(schema, target, wishBelow, [...path, type.name, field.name]) ?? (isAsked ? wholeOf(target) : undefined);
    return below === undefined ? [] : [`${called} ${below}`];
  });
}

// What a document may ask of one text and not of many.
const costly = 'Body.blocks Body.html Body.markdown Translation.revisions Translation.revisionDiff Translation.related'.split(' ');

const isListOfTexts = ({ type }: GraphQLField<unknown, unknown>): boolean =>
  getNamedType(type).name === 'Translation' && isListType(getNullableType(type));

function argumentsFor(name: string, field: GraphQLField<unknown, unknown>, wish: Wish): string {
  if (name === 'Article.served') return wish.served;
  const given = argumentsBelow[name];
  if (given === undefined && field.args.some(isRequiredArgument))
    throw new Error(`the generator of queries knows no arguments for ${name}`);
  return given ?? '';
}

/** All that something of another class says by itself. */
function wholeOf(type: Composite | GraphQLUnionType): string {
  if (isUnionType(type)) return '{ __typename }';
  const fields = Object.values(type.getFields()).filter((field) => !field.args.some(isRequiredArgument));
  const leaves = fields.filter(({ type: of }) => !isCompositeType(getNamedType(of))).map(({ name }) => name);
  const name = fields.find(({ type: of }) => getNamedType(of).name === 'Name');
  return `{ __typename ${[...leaves, ...(name ? [`${name.name} { text }`] : [])].join(' ')} }`;
}

/** Names that stand for other types in other members: a selection of both is no valid document. */
function conflictsOf(members: readonly GraphQLObjectType[]): Set<string> {
  const types = new Map<string, string>();
  const conflicts = new Set<string>();
  for (const field of members.flatMap((member) => Object.values(member.getFields()))) {
    if ((types.get(field.name) ?? String(field.type)) !== String(field.type)) conflicts.add(field.name);
    types.set(field.name, String(field.type));
  }
  return conflicts;
}
