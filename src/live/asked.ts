import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { FeedContext } from '../feeds/feed-context.js';
import { Refusal } from '../lib/errors.js';
import { articleOf } from '../publishing/event-log.queries.js';
import type { NewsFilter } from '../push/news.js';
import { NewsKind } from '../push/news-kind.js';

/** A valid operation with the variables it came with. */
export interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** The text of the document. */
  source: string;
  variables: Record<string, unknown>;
}

/** What somebody subscribes to. */
export interface Asked extends Operation {
  /** Equal for those that may share each answer. */
  key: string;
  after: string | null;
  filter: NewsFilter;
  /** Whether texts are given, and not their ids alone. */
  givesTexts: boolean;
}

interface GivenFilter {
  editions?: string[] | null;
  topic?: string | null;
  kinds?: NewsKind[] | null;
  article?: string | null;
}

/** What an operation subscribes to. Throws BAD_USER_INPUT, UNKNOWN_EDITION, EDITION_CLOSED, UNKNOWN_NAME, GraphQLErrors of its variables. */
export async function readAsked(given: Operation, context: FeedContext): Promise<Asked> {
  const { schema, document, operation, source, variables } = given;
  const field = rootField(document, operation);
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 10 });
  const [problem] = coerced.errors ?? [];
  if (problem) throw coded(problem);
  const values = argumentsOf(schema, field, coerced.coerced!);
  const filter = (values.filter ?? {}) as GivenFilter;
  const article = (values.article ?? filter.article ?? null) as string | null;
  const editions = values.edition == null ? filter.editions : [values.edition as string];
  const registry = await context.editions();
  for (const code of editions ?? []) registry.open(code);
  return {
    ...given,
    key: keyOf(source, operation, withoutPlace(field, variables, document)),
    after: (values.after ?? null) as string | null,
    filter: {
      ...{ editions, kinds: kindsOf(field, filter.kinds), article: article === null ? null : articleOf(article) },
      topic: await topicOf(filter.topic, context),
    },
    givesTexts: selects(document, ['translation', 'served']),
  };
}

const coded = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    originalError: error.originalError ?? null,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
  });

function argumentsOf(schema: GraphQLSchema, field: FieldNode, coerced: Record<string, unknown>): Record<string, unknown> {
  try {
    return getArgumentValues(schema.getSubscriptionType()!.getFields()[field.name.value]!, field, coerced);
  } catch (error) {
    throw error instanceof GraphQLError ? coded(error) : error;
  }
}

/** `articlePublished` tells of nothing else, whatever kinds it is asked for beside. */
function kindsOf(field: FieldNode, kinds: NewsKind[] | null | undefined): NewsKind[] | null | undefined {
  if (field.name.value !== 'articlePublished') return kinds;
  return kinds == null || kinds.includes(NewsKind.PUBLISHED) ? [NewsKind.PUBLISHED] : [];
}

async function topicOf(code: string | null | undefined, { load }: FeedContext): Promise<NewsFilter['topic']> {
  if (code == null) return null;
  // PostgreSQL takes no U+0000, which no code has.
  const topic = code.includes('\0') ? null : await load.topic.load(code);
  if (!topic) throw new Refusal('UNKNOWN_NAME', { value: code });
  return topic;
}

/** The one field that a subscription has (validated), which nothing may leave out. */
function rootField(document: DocumentNode, { selectionSet }: OperationDefinitionNode): FieldNode {
  const found = (set: SelectionSetNode): FieldNode => {
    const [selection] = set.selections;
    if (set.selections.length !== 1 || !selection || (selection.directives?.length ?? 0) > 0)
      throw new Refusal('BAD_USER_INPUT', { detail: 'a subscription has one field, without a directive' });
    if (selection.kind === Kind.FIELD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) return found(selection.selectionSet);
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
    );
    return found((fragment as { selectionSet: SelectionSetNode } & typeof fragment)!.selectionSet);
  };
  return found(selectionSet);
}

/** The variables without that which gives the place to go on from, if it gives nothing else: those who resume share what comes then. */
function withoutPlace(field: FieldNode, variables: Record<string, unknown>, document: DocumentNode): Record<string, unknown> {
  const value = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (value?.kind !== Kind.VARIABLE) return variables;
  const name = value.name.value;
  let uses = 0;
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.VARIABLE_DEFINITION) return false;
      if (node.kind === Kind.VARIABLE && node.name.value === name) uses++;
      return undefined;
    },
  });
  const { [name]: place, ...others } = variables;
  return uses === 1 ? others : { ...others, [name]: place };
}

const keyOf = (source: string, { name }: OperationDefinitionNode, variables: Record<string, unknown>): string =>
  JSON.stringify([source, name?.value ?? null, Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1))]);

function selects(document: DocumentNode, fields: readonly string[]): boolean {
  let found = false;
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.FIELD && fields.includes(node.name.value)) found = true;
    },
  });
  return found;
}
