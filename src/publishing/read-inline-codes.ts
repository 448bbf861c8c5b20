import { type SpanData, span as spanShape } from '../articles/body.js';
import { clean } from '../lib/text.js';
import type { ReadElement } from '../lib/xml-reader.js';
import { namespaces } from './xliff.js';

/** Why a unit of a file cannot be taken as it is. */
export type UnitFault = 'MISSING_TARGET' | 'BROKEN_CODES' | 'FORBIDDEN_CHARACTERS' | 'DUPLICATE_UNIT';

/** Thrown for one unit, and caught where units are read: the others are read nevertheless. */
export class BadUnit extends Error {
  override name = 'BadUnit';
  constructor(
    readonly reason: UnitFault,
    message: string,
  ) {
    super(message);
  }
}

/** What the codes of a target refer to: the codes in the unit's sources, and its original data, each by id. */
export interface CodeContext {
  codes: ReadonlyMap<string, ReadElement>;
  data: ReadonlyMap<string, string>;
}

/** A `<target>` (or a `<source>` that stands for one), and whether its white space means something. */
export interface Piece {
  element: ReadElement;
  preserve: boolean;
}

type Marks = Omit<SpanData, 'text'>;
// Each text is compared with all that are open: without a bound, a hostile unit would cost the square of its length.
const mostOpen = 64;
const inCore = `{${namespaces.core}}`;
const id = ({ attributes }: ReadElement): string => attributes.get('id') ?? '';
const broken = (message: string): never => {
  throw new BadUnit('BROKEN_CODES', message);
};

/** The text of an element without its codes. */
export const textOf = ({ name, attributes, children }: ReadElement): string =>
  name === `${inCore}cp`
    ? codePoint(attributes.get('hex'))
    : children.map((each) => (typeof each === 'string' ? each : textOf(each))).join('');

/**
 * The spans of one unit, whose pieces may share codes (`sc` in one, `ec` in another; overlapping ones too). A code says what it is itself,
 * or is the source's of its id, or of the one it is a copy of. Codes that no span can hold are left out. Throws BadUnit.
 */
export function readSpans(pieces: readonly Piece[], context: CodeContext): SpanData[] {
  const open = new Map<string, Marks>();
  const runs: { text: string; marks: Marks }[] = [];
  let afterSpace = true;

  const push = (raw: string, marks: Marks, preserve: boolean): void => {
    const text = preserve ? raw : raw.replace(/[ \t\r\n]+/gu, ' ').replace(afterSpace ? /^ /u : /^$/u, '');
    if (text === '') return;
    afterSpace = /[ \t\r\n]$/u.test(text);
    const all: Marks = Object.assign({}, ...open.values(), marks);
    const last = runs.at(-1);
    if (last && sameMarks(last.marks, all)) last.text += text;
    else runs.push({ text, marks: all });
  };
  const begin = (key: string, marks: Marks): void => {
    if (open.has(key)) broken(`code "${key}" begins twice`);
    if (open.size === mostOpen) broken(`more than ${mostOpen} codes are open at once`);
    open.set(key, marks);
  };
  const end = (key: string): void => {
    if (!open.delete(key)) broken(`code "${key}" ends without having begun`);
  };
  const read = (element: ReadElement, marks: Marks, preserve: boolean): void => {
    for (const child of element.children) {
      if (typeof child === 'string') push(child, marks, preserve);
      else if (child.name.startsWith(inCore)) readCode(child, marks, preserve);
    }
  };
  const readCode = (code: ReadElement, marks: Marks, preserve: boolean): void => {
    const name = code.name.slice(inCore.length);
    if (name === 'pc') read(code, { ...marks, ...marksOfCode(code, context) }, preserve);
    else if (name === 'mrk') read(code, { ...marks, ...marksOfAnnotation(code) }, preserve);
    else if (name === 'sc') begin(id(code), marksOfCode(code, context));
    else if (name === 'sm') begin(id(code), marksOfAnnotation(code));
    else if (name === 'ec') end(code.attributes.get('startRef') ?? id(code));
    else if (name === 'em') end(code.attributes.get('startRef') ?? '');
    else if (name === 'cp') push(textOf(code), marks, true);
    else if (name === 'ph' && code.attributes.get('subType') === 'xlf:lb') push('\n', marks, true);
    else broken(`<${name}> "${id(code)}" stands for nothing in a story`);
  };

  for (const { element, preserve } of pieces) read(element, {}, preserve);
  for (const key of open.keys()) broken(`code "${key}" is not closed`);
  const last = runs.at(-1);
  if (last && !pieces.at(-1)!.preserve) last.text = last.text.replace(/ $/u, '');
  return runs.filter(({ text }) => text !== '').map(({ text, marks }) => checked({ text, ...marks }));
}

function marksOfCode(code: ReadElement, { codes, data }: CodeContext): Marks {
  const key = code.attributes.get('copyOf') ?? id(code);
  const origin = codes.get(key);
  if (!origin && !code.attributes.has('type')) broken(`code "${key}" is not in the source`);
  const value = (name: string): string | undefined => code.attributes.get(name) ?? origin?.attributes.get(name);
  if (value('type') === 'link') {
    const href = data.get(value('dataRefStart') ?? value('dataRef') ?? '');
    return href === undefined ? broken(`link "${key}" has no address`) : { href };
  }
  return value('subType') === 'xlf:b' ? { strong: true } : value('subType') === 'xlf:i' ? { em: true } : {};
}

function marksOfAnnotation({ attributes }: ReadElement): Marks {
  const lang = attributes.get(`{${namespaces.itsm}}lang`) ?? attributes.get('{http://www.w3.org/XML/1998/namespace}lang');
  return lang === undefined ? {} : { lang };
}

const sameMarks = (a: Marks, b: Marks): boolean => a.strong === b.strong && a.em === b.em && a.href === b.href && a.lang === b.lang;

function checked(span: SpanData): SpanData {
  const text = clean(span.text);
  if (text !== span.text.normalize('NFC')) throw new BadUnit('FORBIDDEN_CHARACTERS', 'holds a character that XML forbids');
  const { error } = spanShape.safeParse(span);
  if (error) broken(`${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`);
  return { ...span, text };
}

function codePoint(hex = ''): string {
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFE';
}
