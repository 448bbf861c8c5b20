import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { Refusal } from '../lib/errors.js';

/**
 * The most a document may be, before anything looks at its meaning. What desks send has at most 33 aliases (one for each edition), 10 levels
 * and 500 tokens; the introspection query of tools has 13 levels of its own.
 */
export const documentLimits = { tokens: 2000, depth: 15, aliases: 60, fields: 4000, comparisons: 5000 };

/** The most values may be, in the document and in variables: no argument takes a longer list than `nodes`, or a longer text than an address. */
export const valueLimits = { list: 100, values: 1000, text: 4000 };

/** As above, in the variables of desks, which send whole articles. */
export const deskLimits = { list: 1000, values: 20_000, text: 200_000 };

interface Size {
  depth: number;
  aliases: number;
  fields: number;
}

/**
 * Refuses a document that is too long, too deep, or too large once its fragments are spread; a syntax error is left to the parser behind.
 * Each fragment is measured once, so that the work is linear however often it is spread. The nesting of introspection does not count:
 * validation bounds it, and `costOf` what it yields.
 */
export function refuseDocument(source: string): Refusal | undefined {
  let document: DocumentNode;
  try {
    document = parse(source, { noLocation: true, maxTokens: documentLimits.tokens });
  } catch (error) {
    return error instanceof GraphQLError && error.message.endsWith(' tokens. Parsing aborted.')
      ? new Refusal('DOCUMENT_TOO_LONG', { max: documentLimits.tokens })
      : undefined;
  }
  const size = measure(document);
  if (size.depth > documentLimits.depth) return new Refusal('DOCUMENT_TOO_DEEP', { max: documentLimits.depth });
  if (size.aliases > documentLimits.aliases) return new Refusal('TOO_MANY_ALIASES', { max: documentLimits.aliases });
  if (size.fields > documentLimits.fields) return new Refusal('DOCUMENT_TOO_COSTLY', { cost: size.fields, max: documentLimits.fields });
  return refuseParts(document);
}

/** Looks at each part once: its values, and the pairs of fields that validation will compare, argument by argument, for a conflict. */
function refuseParts(document: DocumentNode): Refusal | undefined {
  let refusal: Refusal | undefined;
  const named = new Map<string, number>();
  let comparisons = 0;
  const lookAt = (node: ASTNode): Refusal | undefined => {
    if (node.kind === Kind.STRING) return refuseText(node.value);
    if (node.kind === Kind.LIST) return refuseList(node.values);
    if (node.kind !== Kind.FIELD || !node.arguments?.length) return undefined;
    const name = (node.alias ?? node.name).value;
    const before = named.get(name) ?? 0;
    named.set(name, before + 1);
    comparisons += before;
    const max = documentLimits.comparisons;
    return comparisons > max ? new Refusal('DOCUMENT_TOO_COSTLY', { cost: comparisons, max }) : undefined;
  };
  visit(document, {
    enter: (node) => {
      refusal = lookAt(node);
      return refusal && BREAK;
    },
  });
  return refusal;
}

/** Refuses variables that hold more, or longer, values than any operation takes. */
export function refuseVariables(variables: unknown, limits: typeof valueLimits = valueLimits): Refusal | undefined {
  const waiting = [variables];
  for (let seen = 0; waiting.length > 0; seen++) {
    if (seen > limits.values) return new Refusal('TOO_MANY_VALUES', { max: limits.values });
    const value = waiting.pop();
    const refusal =
      typeof value === 'string' ? refuseText(value, limits.text) : Array.isArray(value) ? refuseList(value, limits.list) : undefined;
    if (refusal) return refusal;
    if (typeof value === 'object' && value !== null) waiting.push(...Object.values(value));
  }
  return undefined;
}

const refuseList = ({ length }: readonly unknown[], max = valueLimits.list): Refusal | undefined =>
  length > max ? new Refusal('TOO_MANY_VALUES', { max }) : undefined;

/** PostgreSQL stores no U+0000, and a surrogate without its partner is no character at all. */
function refuseText(text: string, max = valueLimits.text): Refusal | undefined {
  if (text.length > max) return new Refusal('BAD_USER_INPUT', { detail: `a string has more than ${max} characters` });
  return /\0|\p{Cs}/u.test(text) ? new Refusal('BAD_USER_INPUT', { detail: 'a string holds U+0000 or half of a character' }) : undefined;
}

function measure(document: DocumentNode): Size {
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const measured = new Map<string, Size>();
  const ofFragment = (fragment: FragmentDefinitionNode | undefined): Size => {
    if (!fragment) return { depth: 0, aliases: 0, fields: 0 };
    const name = fragment.name.value;
    const known = measured.get(name);
    if (known) return known;
    // A fragment inside itself counts nothing here: validation refuses it by name.
    measured.set(name, { depth: 0, aliases: 0, fields: 0 });
    const size = ofSelections(fragment.selectionSet);
    measured.set(name, size);
    return size;
  };
  const ofSelections = (set: SelectionSetNode | undefined): Size => {
    const total: Size = { depth: 0, aliases: 0, fields: 0 };
    for (const selection of set?.selections ?? []) {
      const isField = selection.kind === Kind.FIELD;
      const isIntrospection = isField && (selection.name.value === '__schema' || selection.name.value === '__type');
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD ? ofFragment(fragments.get(selection.name.value)) : ofSelections(selection.selectionSet);
      total.depth = Math.max(total.depth, (isIntrospection ? 0 : inner.depth) + (isField ? 1 : 0));
      total.aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
      total.fields += inner.fields + (isField ? 1 : 0);
    }
    return total;
  };
  // Each fragment is measured even when nothing spreads it: validation would still walk it.
  const sizes = document.definitions.map((each) =>
    each.kind === Kind.OPERATION_DEFINITION
      ? ofSelections(each.selectionSet)
      : ofFragment(each.kind === Kind.FRAGMENT_DEFINITION ? each : undefined),
  );
  return {
    depth: Math.max(0, ...sizes.map((size) => size.depth)),
    aliases: Math.max(0, ...sizes.map((size) => size.aliases)),
    fields: Math.max(0, ...sizes.map((size) => size.fields)),
  };
}
