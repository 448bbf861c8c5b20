import {
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLField, type GraphQLNamedType, type GraphQLSchema, getNamedType,
  getNullableType, isCompositeType, isInterfaceType, isListType, isObjectType, Kind, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';

/** The most points one operation may cost; a field is a point, times the items of the lists around it. */
export const mostCost = 30_000;

// How many items a list without `first` is taken to have: at the largest where they are read from rows, elsewhere as desks use them.
const usualItems: Record<string, number> = {
  'ArticleConnection.edges': 1,
  'Article.translations': 30,
  'Article.alternates': 30,
  'Body.blocks': 15,
  'Edition.labels': 30,
  'Query.editions': 33,
  'Query.topics': 20,
  'Query.agencies': 20,
};
const otherItems = 4;
const largestPage = 100;

/**
 * The points of an operation with its variables: `first` × selections for pages, a usual length for other lists. The document is valid and within
 * `documentLimits`, so that spreading its fragments is bounded. Own code, because the library for it loads a second copy of `graphql` in ES modules.
 */
export function costOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Record<string, unknown>): number {
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])));
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
    ),
  );
  const root = schema.getRootType(operation.operation);
  return root ? costOfSelections(operation.selectionSet, root, { schema, fragments, variables: { ...defaults, ...variables } }) : 0;
}

interface Walk {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
}

function costOfSelections(set: SelectionSetNode | undefined, type: GraphQLNamedType, walk: Walk): number {
  let total = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
      if (field) total += 1 + itemsOf(field, selection, type, walk) * costOfSelections(selection.selectionSet, getNamedType(field.type), walk);
      continue;
    }
    const spread = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
    const condition = spread?.typeCondition && walk.schema.getType(spread.typeCondition.name.value);
    total += costOfSelections(spread?.selectionSet, condition && isCompositeType(condition) ? condition : type, walk);
  }
  return total;
}

function itemsOf(field: GraphQLField<unknown, unknown>, node: FieldNode, type: GraphQLNamedType, { variables }: Walk): number {
  const name = `${type.name}.${field.name}`;
  const value = (argument: string): unknown => {
    const given = node.arguments?.find((each) => each.name.value === argument)?.value;
    if (given?.kind === Kind.VARIABLE) return variables[given.name.value];
    if (given?.kind === Kind.INT) return Number(given.value);
    return given?.kind === Kind.LIST ? given.values : undefined;
  };
  if (name === 'Query.articles') return Math.min(Math.max(Number(value('first') ?? value('last') ?? 20) || 1, 1), largestPage);
  if (!isListType(getNullableType(field.type))) return 1;
  const named = value('ids') ?? value('editions') ?? value('keys');
  return Math.min(Array.isArray(named) ? named.length : Number.POSITIVE_INFINITY, name === 'Query.nodes' ? largestPage : (usualItems[name] ?? otherItems));
}
