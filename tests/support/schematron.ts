import { readFileSync } from 'node:fs';
import { ParseOption, XmlDocument, type XmlElement, type XmlNode } from 'libxml2-wasm';

const sch = { sch: 'http://purl.oclc.org/dsdl/schematron' };
/** Functions of XPath 2, which libxml2 does not have. */
const beyond = /\b(tokenize|matches|replace|exists|ends-with)\(/u;

interface Rule {
  pattern: string;
  contexts: string[];
  lets: { name: string; value: string }[];
  checks: { holds: boolean; test: string; message: string }[];
}

export interface Schematron {
  namespaces: Record<string, string>;
  rules: Rule[];
  /** Patterns with checks that need XPath 2, which are left out. */
  left: string[];
}

/** The rules of a Schematron file, as far as they can be run by XPath 1. */
export function readSchematron(file: string): Schematron {
  const document = XmlDocument.fromBuffer(readFileSync(file), { option: ParseOption.XML_PARSE_NOENT | ParseOption.XML_PARSE_NO_XXE });
  try {
    const attribute = (node: XmlNode, name: string): string => (node as XmlElement).attr(name)?.value ?? '';
    const left = new Set<string>();
    const namespaces = document.find('//sch:ns', sch).map((each) => [attribute(each, 'prefix'), attribute(each, 'uri')] as const);
    const rules = document.find('//sch:pattern/sch:rule[not(@role)]', sch).map((rule): Rule => {
      const pattern = (rule.get('../@id') as XmlNode | null)?.content ?? '';
      const all = rule.find('sch:assert[not(@role)] | sch:report[not(@role)]', sch).map((check) => ({
        holds: (check as XmlElement).name === 'assert',
        test: attribute(check, 'test'),
        message: check.content.replaceAll(/\s+/gu, ' ').trim(),
      }));
      const checks = all.filter(({ test }) => !beyond.test(test));
      if (checks.length < all.length) left.add(pattern);
      const lets = rule
        .find('sch:let[@name != "fragid"]', sch)
        .map((each) => ({ name: attribute(each, 'name'), value: attribute(each, 'value') }));
      return { pattern, contexts: alternatives(attribute(rule, 'context')), lets: lets.filter(({ value }) => !beyond.test(value)), checks };
    });
    return { namespaces: Object.fromEntries(namespaces), rules, left: [...left] };
  } finally {
    document.dispose();
  }
}

/** What the rules find wrong with a document: the pattern and its message. */
export function faultsBy({ namespaces, rules }: Schematron, document: XmlDocument): string[] {
  return rules.flatMap(({ pattern, contexts, lets, checks }) =>
    contexts
      .flatMap((context) => document.find(`//${context}`, namespaces))
      .flatMap((node) => {
        const variables = new Map<string, string>();
        const value = (expression: string) => node.eval(bound(expression, variables, node), namespaces);
        for (const each of lets) variables.set(each.name, asText(value(each.value)));
        return checks.filter(({ holds, test }) => isTrue(value(test)) !== holds).map(({ message }) => `${pattern}: ${message}`);
      }),
  );
}

/** XSLT's current() and Schematron's variables, put in as literals. */
const bound = (expression: string, variables: ReadonlyMap<string, string>, node: XmlNode): string =>
  expression
    .replaceAll(/current\(\)\/@([\w:]+)/gu, (_, name) => literal((node as XmlElement).attr(name)?.value ?? ''))
    .replaceAll('local-name(current())', literal((node as XmlElement).name))
    .replaceAll(/\$([\w-]+)/gu, (_, name) => literal(variables.get(name) ?? ''));
const literal = (text: string): string => `'${text.replaceAll("'", '')}'`;

type Value = XmlNode[] | string | boolean | number;
const isTrue = (value: Value): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const asText = (value: Value): string => (Array.isArray(value) ? (value[0]?.content ?? '') : `${value}`);

/** The parts of a pattern between bars that are in no predicate. */
function alternatives(context: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of context) {
    if (character === '[') depth += 1;
    if (character === ']') depth -= 1;
    if (character === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
