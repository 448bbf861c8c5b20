import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';

/** The most points one operation may cost; a field is a point, times the items of the lists around it. */
export const mostCost = 30_000;

// Fields that are a statement of their own, which no loader shares, for each edition the list may serve and twice that with a search:
// a list for each edition passes, with its count; sixty counts do not, nor a counted search that may serve all editions.
const statements: Record<string, number> = {
  'Query.articles': 100,
  'Query.events': 100,
  'Query.audit': 100,
  'Endpoint.deliveries': 50,
  'Query.explainAccess': 3,
  'Query.previewEntitlements': 150,
  'ArticleConnection.totalCount': 500,
};

// A whole text, read and rendered, weighs more than a value; two that are compared, much more.
const texts: Record<string, number> = {
  ...{ 'Translation.body': 5, 'Body.html': 10, 'Body.markdown': 10, 'Body.text': 10, 'Revision.body': 5 },
  ...{ 'Translation.revisionDiff': 100, 'MissedRevision.changedBlocks': 25, 'MissedRevision.changedWords': 25 },
};

// Introspection reads nothing but memory.
const introspectionPoint = 0.1;

const mostEditions = 33;

// How many items a list without `first` is taken to have: at the largest where they are read from rows, elsewhere as desks use them.
const usualItems: Record<string, number> = {
  'Article.translations': 30,
  'Article.alternates': 30,
  'Holder.holdings': 5,
  'Body.blocks': 15,
  // Of what happens to a story, one of each edition.
  'NewsEvent.texts': mostEditions,
  'RevisionDiff.blocks': 15,
  'Edition.labels': 30,
  'Query.editions': mostEditions,
  'Query.topics': 20,
  'Query.agencies': 20,
  'Query.endpoints': 5,
  'Partner.endpoints': 5,
  'Partner.messages': 20,
  'Query.registryNotices': 20,
  'RegistryImage.wordings': mostEditions,
  '__Schema.types': 80,
  '__Type.fields': 10,
  '__Type.inputFields': 10,
  '__Type.enumValues': 8,
};
const otherItems = 4;
const largestPage = 100;
// How many editions a tag or code may lead to: as it is, cut short, and with the fallbacks of one.
const editionsOfEach = new Map<unknown, number>([
  ['LOOKUP', 2],
  ['CHAIN', 3],
  ['ANY', 3],
]);

/**
 * The points of an operation with its variables: `first` × selections for pages, a usual length for other lists. The document is valid and
 * within `documentLimits`, so that spreading its fragments is bounded. Own code: the library for it loads a second copy of `graphql`.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): number {
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
  const root = schema.getRootType(operation.operation);
  return root
    ? Math.ceil(
        costOfSelections(operation.selectionSet, root, {
          schema,
          fragments,
          variables: { ...defaults, ...variables },
          page: largestPage,
          reads: mostEditions,
        }),
      )
    : 0;
}

interface Walk {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
  /** Items on a page of the list the walk is in. */
  page: number;
  /** What a statement of that list reads: an edition each, twice where it searches. */
  reads: number;
}

function costOfSelections(set: SelectionSetNode | undefined, type: GraphQLNamedType, walk: Walk): number {
  let total = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      const field = fieldOf(type, selection);
      if (!field) continue;
      const inside = insideOf(field, selection, walk);
      total +=
        pointsOf(field, type, inside) +
        itemsOf(field, selection, type, inside) * costOfSelections(selection.selectionSet, getNamedType(field.type), inside);
      continue;
    }
    const spread = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
    const condition = spread?.typeCondition && walk.schema.getType(spread.typeCondition.name.value);
    total += costOfSelections(spread?.selectionSet, condition && isCompositeType(condition) ? condition : type, walk);
  }
  return total;
}

function insideOf({ name, args }: GraphQLField<unknown, unknown>, selection: FieldNode, walk: Walk): Walk {
  if (!args.some((argument) => argument.name === 'first')) return walk;
  const page = pageOf(selection, walk);
  if (name === 'articles') return { ...walk, page, reads: readsOf(selection, walk) };
  return name === 'revisions' ? { ...walk, page } : { ...walk, page, reads: 1 };
}

function fieldOf(type: GraphQLNamedType, { name: { value } }: FieldNode): GraphQLField<unknown, unknown> | undefined {
  if (value === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (value === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[value] : undefined;
}

function pointsOf(field: GraphQLField<unknown, unknown>, type: GraphQLNamedType, { reads }: Walk): number {
  if (type.name.startsWith('__')) return introspectionPoint;
  const name = `${type.name}.${field.name}`;
  const statement = statements[name];
  return statement === undefined ? (texts[name] ?? 1) : statement * reads;
}

function itemsOf(field: GraphQLField<unknown, unknown>, node: FieldNode, type: GraphQLNamedType, walk: Walk): number {
  if (!isListType(getNullableType(field.type))) return 1;
  const name = `${type.name}.${field.name}`;
  if (name.endsWith('Connection.edges') || name === 'EventPage.events') return walk.page;
  const named = ['ids', 'editions', 'keys'].map((argument) => valueOf(argument, node, walk)).find(Array.isArray);
  return Math.min(named?.length ?? Number.POSITIVE_INFINITY, name === 'Query.nodes' ? largestPage : (usualItems[name] ?? otherItems));
}

const pageOf = (node: FieldNode, walk: Walk): number => {
  const size = Number(valueOf('first', node, walk) ?? valueOf('last', node, walk) ?? 20);
  return Math.min(Math.max(size || 1, 1), largestPage);
};

function readsOf(node: FieldNode, walk: Walk): number {
  const locales = valueOf('locales', node, walk);
  const tags = Array.isArray(locales) ? locales.length : 1;
  const editions = Math.max(tags, 1) * (editionsOfEach.get(valueOf('policy', node, walk)) ?? 1);
  const searches = (valueOf('filter', node, walk) as { search?: unknown } | null | undefined)?.search != null;
  return Math.min(editions, mostEditions) * (searches ? 2 : 1);
}

function valueOf(argument: string, { arguments: given = [] }: FieldNode, { variables }: Walk): unknown {
  const value = given.find((each) => each.name.value === argument)?.value;
  return value && valueFromASTUntyped(value, variables);
}
