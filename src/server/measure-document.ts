import { type DocumentNode, type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { Refusal } from '../lib/errors.js';

/** The most a document may be, before anything looks at its meaning. */
export const documentLimits = { tokens: 2000, depth: 15, aliases: 60, fields: 4000 };

interface Size {
  depth: number;
  aliases: number;
  fields: number;
}

/**
 * Refuses a document that is too long, too deep, or too large once its fragments are spread; a syntax error is left to the parser behind.
 * Each fragment is measured once, so that the work is linear however often it is spread. Introspection's own nesting does not count.
 */
export function refuseDocument(source: string): Refusal | undefined {
  let document: DocumentNode;
  try {
    document = parse(source, { noLocation: true, maxTokens: documentLimits.tokens });
  } catch (error) {
    return /more than \d+ tokens/u.test(String(error)) ? new Refusal('DOCUMENT_TOO_LONG', { max: documentLimits.tokens }) : undefined;
  }
  const size = measure(document);
  if (size.depth > documentLimits.depth) return new Refusal('DOCUMENT_TOO_DEEP', { max: documentLimits.depth });
  if (size.aliases > documentLimits.aliases) return new Refusal('TOO_MANY_ALIASES', { max: documentLimits.aliases });
  if (size.fields > documentLimits.fields) return new Refusal('DOCUMENT_TOO_COSTLY', { cost: size.fields, max: documentLimits.fields });
  return undefined;
}

function measure(document: DocumentNode): Size {
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])));
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
      if (isField && selection.name.value.startsWith('__')) continue;
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? ofFragment(fragments.get(selection.name.value)) : ofSelections(selection.selectionSet);
      total.depth = Math.max(total.depth, inner.depth + (isField ? 1 : 0));
      total.aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
      total.fields += inner.fields + (isField ? 1 : 0);
    }
    return total;
  };
  // Each fragment is measured even when nothing spreads it: validation would still walk it.
  const sizes = document.definitions.map((each) =>
    each.kind === Kind.OPERATION_DEFINITION ? ofSelections(each.selectionSet) : ofFragment(each.kind === Kind.FRAGMENT_DEFINITION ? each : undefined),
  );
  return {
    depth: Math.max(0, ...sizes.map((size) => size.depth)),
    aliases: Math.max(0, ...sizes.map((size) => size.aliases)),
    fields: Math.max(0, ...sizes.map((size) => size.fields)),
  };
}
