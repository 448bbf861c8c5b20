import type { SpanData } from '../articles/body.js';
import { type ReadElement, readXml, type XmlLimits, type XmlRefusal, XmlRefused } from '../lib/xml-reader.js';
import { BadUnit, type CodeContext, type Piece, readSpans, textOf, type UnitFault } from './read-inline-codes.js';
import { namespaces, provenance, type XliffState, xliffStates } from './xliff.js';

/** One unit of a file. `spans` is what its target says: undefined when the source has no words, or with a `fault`. */
export interface XliffUnit {
  translate: boolean;
  /** The least of its segments' states. */
  state: XliffState;
  spans: SpanData[] | undefined;
  fault: { reason: UnitFault; detail: string } | undefined;
}

/** A file as it came back; what it does not say is null. */
export interface XliffDocument {
  /** The URN of the translation. */
  original: string | null;
  srcLang: string | null;
  trgLang: string | null;
  /** The revision its source texts are: an edition's code and a number. */
  source: { edition: string; revision: number } | null;
  units: Map<string, XliffUnit>;
}

export type XliffRefusal = XmlRefusal | 'NOT_XLIFF' | 'UNSUPPORTED_VERSION' | 'SEVERAL_FILES';

/** A file that is not taken at all; the message says why, in English, for whoever made it. */
export class XliffRefused extends Error {
  override name = 'XliffRefused';
  constructor(
    readonly reason: XliffRefusal,
    message: string,
  ) {
    super(message);
  }
}

/** An XLIFF 2.0 or 2.1 document, however a tool has written it back; modules and extensions are passed over. Throws XliffRefused. */
export function readXliff(document: string | Uint8Array, limits?: Partial<XmlLimits>): XliffDocument {
  const root = readRoot(document, limits);
  const [file, ...others] = named(root, 'file');
  if (!file) throw new XliffRefused('NOT_XLIFF', 'there is no <file>');
  if (others.length > 0) throw new XliffRefused('SEVERAL_FILES', 'there is more than one <file>: one story at a time');
  const units = new Map<string, XliffUnit>();
  readUnits(file, inherited(file, inherited(root, { translate: true, preserve: false })), units);
  return {
    original: file.attributes.get('original') ?? null,
    srcLang: root.attributes.get('srcLang') ?? null,
    trgLang: root.attributes.get('trgLang') ?? null,
    source: readSource(file),
    units,
  };
}

interface Inherited {
  translate: boolean;
  preserve: boolean;
}

const isElement = (node: string | ReadElement): node is ReadElement => typeof node !== 'string';
const local = ({ name }: ReadElement): string | undefined =>
  name.startsWith(`{${namespaces.core}}`) ? name.slice(namespaces.core.length + 2) : undefined;
const named = (parent: ReadElement, name: string, namespace: string = namespaces.core): ReadElement[] =>
  parent.children.filter(isElement).filter((child) => child.name === `{${namespace}}${name}`);

function readRoot(document: string | Uint8Array, limits?: Partial<XmlLimits>): ReadElement {
  let root: ReadElement;
  try {
    root = readXml(document, limits);
  } catch (error) {
    throw error instanceof XmlRefused ? new XliffRefused(error.reason, error.message) : error;
  }
  const version = root.attributes.get('version') ?? '';
  if (!/^\{urn:oasis:names:tc:xliff:document:[^}]*\}xliff$/u.test(root.name))
    throw new XliffRefused('NOT_XLIFF', 'the root is not <xliff>');
  if (local(root) !== 'xliff' || !/^2\.[01]$/u.test(version)) {
    throw new XliffRefused('UNSUPPORTED_VERSION', `XLIFF ${version.slice(0, 10)} is not read, only 2.0 and 2.1`);
  }
  return root;
}

function inherited({ attributes }: ReadElement, from: Inherited): Inherited {
  const translate = attributes.get('translate');
  const space = attributes.get('{http://www.w3.org/XML/1998/namespace}space');
  return {
    translate: translate === undefined ? from.translate : translate !== 'no',
    preserve: space === undefined ? from.preserve : space === 'preserve',
  };
}

function readSource(file: ReadElement): XliffDocument['source'] {
  const groups = named(file, 'metadata', namespaces.metadata).flatMap((metadata) => named(metadata, 'metaGroup', namespaces.metadata));
  const ours = groups.filter(({ attributes }) => attributes.get('category') === provenance.category);
  const metas = ours.flatMap((group) => named(group, 'meta', namespaces.metadata));
  const meta = (type: string): string =>
    metas
      .filter(({ attributes }) => attributes.get('type') === type)
      .map(textOf)[0]
      ?.trim() ?? '';
  const edition = meta(provenance.edition);
  const revision = meta(provenance.revision);
  return edition !== '' && /^[1-9]\d{0,8}$/u.test(revision) ? { edition, revision: Number(revision) } : null;
}

function readUnits(parent: ReadElement, from: Inherited, units: Map<string, XliffUnit>): void {
  for (const child of parent.children.filter(isElement)) {
    if (local(child) === 'group') readUnits(child, inherited(child, from), units);
    if (local(child) !== 'unit') continue;
    const id = child.attributes.get('id') ?? '';
    const unit = readUnit(child, inherited(child, from));
    const twice = { ...unit, spans: undefined, fault: { reason: 'DUPLICATE_UNIT' as const, detail: 'is in the file more than once' } };
    units.set(id, units.has(id) ? twice : unit);
  }
}

function readUnit(element: ReadElement, from: Inherited): XliffUnit {
  const segments = element.children.filter(isElement).filter((child) => local(child) === 'segment' || local(child) === 'ignorable');
  const unit = { translate: from.translate, state: leastState(segments) };
  try {
    return { ...unit, spans: from.translate ? readTarget(element, segments, from) : undefined, fault: undefined };
  } catch (error) {
    if (!(error instanceof BadUnit)) throw error;
    return { ...unit, spans: undefined, fault: { reason: error.reason, detail: error.message } };
  }
}

function stateOf(segment: ReadElement): XliffState {
  return xliffStates.find((state) => state === segment.attributes.get('state')) ?? 'initial';
}

function leastState(segments: readonly ReadElement[]): XliffState {
  const states = segments.filter((each) => local(each) === 'segment').map(stateOf);
  return xliffStates.find((state) => states.includes(state)) ?? 'initial';
}

function orderOf(target: ReadElement | undefined): number | undefined {
  const order = target?.attributes.get('order') ?? '';
  return /^\d{1,6}$/u.test(order) ? Number(order) : undefined;
}

/** The text of an element that is to be translated: without what is marked as staying. */
const translatable = ({ name, attributes, children }: ReadElement): string =>
  name === `{${namespaces.core}}mrk` && attributes.get('translate') === 'no'
    ? ''
    : children.map((each) => (typeof each === 'string' ? each : translatable(each))).join('');

const isBlank = (element: ReadElement | undefined): boolean => !element || textOf(element).trim() === '';

function readTarget(unit: ReadElement, segments: readonly ReadElement[], from: Inherited): SpanData[] | undefined {
  const parts = segments.map((segment, index) => {
    const [source] = named(segment, 'source');
    const [target] = named(segment, 'target');
    const wanted = local(segment) === 'segment' && source !== undefined && translatable(source).trim() !== '';
    // A tool that has not come to a segment may write an empty target; a translator who has moved its words elsewhere gives it a state.
    const missing = wanted && (!target || (isBlank(target) && stateOf(segment) === 'initial'));
    return { source, target, wanted, missing, order: orderOf(target) ?? index + 1 };
  });
  const wanted = parts.filter((part) => part.wanted);
  const missing = parts.filter((part) => part.missing);
  if (missing.length > 0) {
    const some = wanted.length > missing.length ? `${missing.length} of ${wanted.length} segments have no target` : 'has no target';
    throw new BadUnit('MISSING_TARGET', some);
  }
  const pieces = parts
    .toSorted((a, b) => a.order - b.order)
    .flatMap(({ source, target }): Piece[] => {
      const piece = target ?? source;
      return piece ? [{ element: piece, preserve: inherited(piece, from).preserve }] : [];
    });
  const spans = readSpans(
    pieces,
    contextOf(
      unit,
      parts.map(({ source }) => source).filter((source) => source !== undefined),
    ),
  );
  if (wanted.length > 0 && spans.every(({ text }) => text.trim() === '')) throw new BadUnit('MISSING_TARGET', 'has an empty target');
  return spans.length > 0 ? spans : undefined;
}

function contextOf(unit: ReadElement, sources: readonly ReadElement[]): CodeContext {
  const codes = new Map<string, ReadElement>();
  const collect = (element: ReadElement): void => {
    for (const child of element.children.filter(isElement)) {
      const id = child.attributes.get('id');
      if (id !== undefined) codes.set(id, child);
      collect(child);
    }
  };
  sources.forEach(collect);
  const data = named(unit, 'originalData').flatMap((each) => named(each, 'data'));
  return { codes, data: new Map(data.map((each) => [each.attributes.get('id') ?? '', textOf(each)])) };
}
