import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { Direction } from '../../src/editions/edition.js';
import { inPackage } from '../../src/lib/root.js';
import { exportXliff } from '../../src/publishing/export-xliff.js';
import { anyStory } from '../support/any-story.js';
import { faultsBy, readSchematron, type Schematron } from '../support/schematron.js';

const folder = join(process.env.DRAGOMAN_FIXTURES ?? inPackage('..', 'shared', 'data'), 'schemas', 'xliff');
const schemas: [string, string][] = [
  ['urn:oasis:names:tc:xliff:document:2.0', 'xliff_core_2.0.xsd'],
  ['urn:oasis:names:tc:xliff:metadata:2.0', 'metadata.xsd'],
  ['urn:oasis:names:tc:xliff:itsm:2.1', 'itsm.xsd'],
  ['http://www.w3.org/2005/11/its', 'its.xsd'],
];

let xsd: XsdValidator;
let rules: Schematron[];

beforeAll(() => {
  if (!existsSync(join(folder, 'catalog.xml'))) throw new Error(`the schemas of XLIFF are not at ${folder}: set DRAGOMAN_FIXTURES`);
  xmlRegisterFsInputProviders();
  const imports = schemas.map(([namespace, file]) => `<xs:import namespace="${namespace}" schemaLocation="${file}"/>`).join('');
  const all = XmlDocument.fromString(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports}</xs:schema>`, {
    url: pathToFileURL(join(folder, 'all.xsd')).href,
  });
  xsd = XsdValidator.fromDoc(all);
  all.dispose();
  rules = ['xliff_core_2.1.sch', 'metadata.sch', 'its.sch'].map((name) => readSchematron(join(folder, name)));
});
afterAll(() => xsd?.dispose());

/** What XSD and Schematron find wrong with a document; empty for a valid one. */
function faults(text: string): string[] {
  const document = XmlDocument.fromString(text);
  try {
    xsd.validate(document);
    return rules.flatMap((each) => faultsBy(each, document));
  } catch (error) {
    return [(error as Error).message];
  } finally {
    document.dispose();
  }
}

const anyExport = fc
  .record({
    text: anyStory,
    present: fc.option(anyStory, { nil: undefined }),
    state: fc.constantFrom('translated' as const, 'reviewed' as const, 'final' as const),
    fixed: fc.subarray(['p1', 'p2', 'a-1']),
    outdated: fc.subarray(['p1', 'p3', 'headline']),
  })
  .map(({ text, present, state, fixed, outdated }) =>
    exportXliff({
      original: 'urn:newsml:meridian.example:20240220:11111111-1111-4111-8111-111111111111.fa',
      source: { tag: 'sr-Latn', direction: Direction.LTR, edition: 'sr-latn', revision: 7, text },
      target: { tag: 'fa', direction: Direction.RTL, outdated: new Set(outdated), ...(present && { present: { text: present, state } }) },
      fixed: new Set(fixed),
    }),
  );

test('what is exported is valid by the schemas and the rules of XLIFF 2.1, whatever the story', () => {
  fc.assert(
    fc.property(anyExport, (document) => {
      expect(faults(document)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('each kind of fault has been seen', () => {
  const valid = exportXliff({
    original: 'urn:x',
    source: {
      tag: 'en',
      direction: Direction.LTR,
      edition: 'en',
      revision: 1,
      text: {
        headline: 'a',
        dek: null,
        blocks: [
          {
            key: 'p1',
            type: 'paragraph',
            spans: [
              { text: 'a', href: 'https://a.example/' },
              { text: 'b', lang: 'ru', strong: true },
            ],
          },
        ],
      },
    },
    target: { tag: 'tt', direction: Direction.LTR },
  });
  test.each([
    ['nothing', 'x-none', 'x-none', undefined],
    ['an id that is no name', 'unit id="p1"', 'unit id="p 1"', /NMTOKEN/u],
    ['a state that is none', 'state="initial"', 'state="begun"', /state/u],
    ['metadata that say nothing', / type="source-edition"/u, '', /type/u],
    ['a language that is none', 'itsm:lang="ru"', 'itsm:lang="ru_RU"', /language/u],
    ['another version of ITS', 'its:version="2.0"', 'its:version="3"', /version/u],
    ['an id twice', 'unit id="headline"', 'unit id="p1"', /K3/u],
    ['a code twice', 'id="2"', 'id="1"', /K6S/u],
    ['a link to no data', 'data id="d1"', 'data id="d9"', /F17S/u],
    ['a link whose end has no data', / dataRefEnd="[^"]*"/u, '', /F17S/u],
    ['no version of ITS', ' its:version="2.0"', '', /ITS version/u],
    ['a target in no language', / trgLang="tt"(.*?)(<\/source>)/su, '$1$2<target>b</target>', /F1:/u],
  ])('%s', (_, part, instead, fault) => {
    const broken = valid.replace(part, instead);
    expect(faults(broken)).toEqual(fault ? expect.arrayContaining([expect.stringMatching(fault)]) : []);
  });

  test('the rules that cannot be run are of sub-flows and code points, which no export has', () => {
    expect(rules.flatMap(({ left }) => left).filter(Boolean)).toEqual(['F21', 'F22', 'F23', 'F25']);
    expect(valid).not.toMatch(/subFlows|<cp/u);
  });
});
