import { SaxesParser } from 'saxes';

/** An element as read. Names are `{namespace}local`; a name without a namespace stands alone. */
export interface ReadElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: (string | ReadElement)[];
}

export type XmlRefusal = 'TOO_LARGE' | 'NOT_UTF8' | 'DOCTYPE' | 'TOO_DEEP' | 'TOO_SLOW' | 'NOT_WELL_FORMED';

/** A document that is not read; the message says why, in English, for whoever made the file. */
export class XmlRefused extends Error {
  override name = 'XmlRefused';
  constructor(
    readonly reason: XmlRefusal,
    message: string,
  ) {
    super(message);
  }
}

/** How much a document may ask for: `size` in bytes, or in UTF-16 units of a string. */
export interface XmlLimits {
  size: number;
  depth: number;
  milliseconds: number;
  now: () => number;
}

const usual: XmlLimits = { size: 2_000_000, depth: 64, milliseconds: 2_000, now: () => performance.now() };
const chunk = 65_536;

/**
 * The root of a document from outside. No DTD, no entities but the five, UTF-8 only; nothing is ever fetched. A character that XML
 * forbids does not end the reading: it stays in its text (as U+FFFE when written as a reference or when half a surrogate pair), for the
 * caller to find and report. Throws XmlRefused.
 */
export function readXml(document: string | Uint8Array, limits: Partial<XmlLimits> = {}): ReadElement {
  const { size, depth, milliseconds, now } = { ...usual, ...limits };
  if (document.length > size) throw new XmlRefused('TOO_LARGE', `the document is larger than ${size} bytes`);
  const deadline = now() + milliseconds;
  // The parser pairs half a surrogate pair with whatever follows, even with "<".
  const text = decode(document).replace(/\p{Surrogate}/gu, '\uFFFE');
  if (hasDoctype(text)) throw new XmlRefused('DOCTYPE', 'the document has a DOCTYPE');
  const { parser, root } = builder(depth);
  for (let at = 0; at < text.length; at += chunk) {
    if (now() > deadline) throw new XmlRefused('TOO_SLOW', `reading took longer than ${milliseconds} ms`);
    parser.write(text.slice(at, at + chunk));
  }
  parser.close();
  return root();
}

function decode(document: string | Uint8Array): string {
  if (typeof document === 'string') return document.replace(/^\uFEFF/u, '');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(document);
  } catch {
    throw new XmlRefused('NOT_UTF8', 'the bytes are not UTF-8');
  }
}

/** Whether a DTD comes before the root: seen without reading it, however long it is. Elsewhere it is not well-formed. */
function hasDoctype(text: string): boolean {
  const space = /\s*/uy;
  for (let at = 0; ; ) {
    space.lastIndex = at;
    at += space.exec(text)![0].length;
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
    if (!end) return text.startsWith('<!DOCTYPE', at);
    const next = text.indexOf(end, at + 2);
    if (next < 0) return false;
    at = next + end.length;
  }
}

function builder(depth: number) {
  const parser = new SaxesParser({ xmlns: true, position: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  const holder: ReadElement = { name: '', attributes: new Map(), children: [] };
  const open: ReadElement[] = [holder];
  let badReference: Error | undefined;

  const malformed = (error: Error): never => {
    throw new XmlRefused('NOT_WELL_FORMED', error.message.slice(0, 200));
  };
  const append = (text: string): void => {
    const { children } = open.at(-1)!;
    children.push(badReference ? `${text}\uFFFE` : text);
    badReference = undefined;
  };
  parser.on('error', (error) => {
    if (/: disallowed character\.$/u.test(error.message)) return;
    if (!/: malformed character entity\.$/u.test(error.message)) malformed(error);
    badReference ??= error;
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding && !/^(utf-?8|us-ascii)$/iu.test(encoding))
      throw new XmlRefused('NOT_UTF8', `the document says it is ${encoding}, not UTF-8`);
  });
  parser.on('opentag', (tag) => {
    if (badReference) malformed(badReference);
    if (open.length > depth) throw new XmlRefused('TOO_DEEP', `elements are nested deeper than ${depth}`);
    const attributes = Object.values(tag.attributes).map(({ uri, local, prefix, name, value }): [string, string] => [
      prefix === '' ? name : `{${uri}}${local}`,
      value,
    ]);
    const read = { name: tag.uri === '' ? tag.local : `{${tag.uri}}${tag.local}`, attributes: new Map(attributes), children: [] };
    open.at(-1)!.children.push(read);
    open.push(read);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', (text) => {
    if (open.length > 1) append(text);
  });
  parser.on('cdata', append);
  return { parser, root: () => holder.children[0] as ReadElement };
}
