/** What an element may hold: text, or another element. */
export type XmlNode = string | XmlElement;

/** Attributes by name, namespace declarations among them; one without a value is not written. */
export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

export interface XmlElement {
  name: string;
  attributes: XmlAttributes;
  children: readonly (XmlNode | undefined)[];
}

/** An element; children that are undefined are not written. Throws on a name that is none: names are code, never data. */
export function xml(name: string, attributes: XmlAttributes = {}, ...children: (XmlNode | undefined)[]): XmlElement {
  for (const each of [name, ...Object.keys(attributes)]) {
    if (!qualifiedName.test(each)) throw new TypeError(`not an XML name: ${JSON.stringify(each)}`);
  }
  return { name, attributes, children };
}

/** The document with this root: XML 1.0, UTF-8, well-formed whatever the texts hold. No white space is added anywhere. */
export const writeXml = (root: XmlElement): string => `${declaration}${element(root)}\n`;

/**
 * As `writeXml`, in pieces, for more children than should be held at once: they come at the end of the last element of `path`, of which each is
 * the last child of the one before. Every child begins a line, so none of these elements may hold text.
 */
export function* streamXml(path: readonly XmlElement[], children: Iterable<XmlElement>): Iterable<string> {
  yield declaration + path.map((each) => `<${tagOf(each)}>${innerOf(each)}`).join('');
  for (const each of children) yield `\n${element(each)}`;
  yield `\n${path
    .map(({ name }) => `</${name}>`)
    .reverse()
    .join('')}\n`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

const qualifiedName = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/u;
// https://www.w3.org/TR/xml/#NT-Char, negated; with the u flag, a surrogate without its partner is outside of it too.
const notAllowed = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text: string, special: RegExp): string =>
  text.replace(notAllowed, '').replace(special, (character) => named[character] ?? `&#${character.codePointAt(0)};`);

// A parser turns a bare carriage return into a line feed, and white space in an attribute into spaces: both are written as references.
const content = (text: string): string => escape(text, /[&<>\r]/gu);
const value = (text: string): string => escape(text, /[&<>"\t\n\r]/gu);

const tagOf = ({ name, attributes }: XmlElement): string =>
  Object.entries(attributes).reduce((all, [key, each]) => (each === undefined ? all : `${all} ${key}="${value(`${each}`)}"`), name);

const innerOf = ({ children }: XmlElement): string =>
  children.map((each) => (each === undefined ? '' : typeof each === 'string' ? content(each) : element(each))).join('');

function element(each: XmlElement): string {
  const [tag, inner] = [tagOf(each), innerOf(each)];
  return inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${each.name}>`;
}
