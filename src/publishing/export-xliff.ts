import type { Direction } from '../editions/edition.js';
import { writeXml, type XmlElement, xml } from '../lib/xml.js';
import { codeWriter } from './write-inline-codes.js';
import { namespaces, provenance, type StoryText, type XliffState } from './xliff.js';
import { mapUnits, type Unit, unitsOf } from './xliff-units.js';

export interface XliffExport {
  /** The URN of the translation that is to be made or brought up to date. */
  original: string;
  /** The revision it is translated from, of the edition with this code. */
  source: { tag: string; direction: Direction; edition: string; revision: number; text: StoryText };
  target: {
    tag: string;
    direction: Direction;
    /** What there is of it already, with how far it has come. */
    present?: { text: StoryText; state: Exclude<XliffState, 'initial'> };
    /** Keys of blocks (and `headline`, `dek`) whose source has changed since: present, but to be looked at anew. */
    outdated?: ReadonlySet<string>;
  };
  /** Keys of blocks that stay in the source's words: a quotation of a law, a credit. */
  fixed?: ReadonlySet<string>;
}

/** The texts of a source revision as an XLIFF 2.1 document: one unit for each, with the target where there is one already. */
export function exportXliff({ original, source, target, fixed }: XliffExport): string {
  const present = target.present && { units: unitsOf(target.present.text), state: target.present.state };
  const units: XmlElement[] = [];
  mapUnits(source.text, (unit) => {
    const translate = !unit.isAddress && !(unit.block !== undefined && fixed?.has(unit.block));
    const found = translate ? present?.units.get(unit.id) : undefined;
    const state = found && !target.outdated?.has(unit.block ?? unit.id) ? present!.state : 'initial';
    units.push(writeUnit(unit, translate, found && { spans: found.spans, state }));
    return unit.spans;
  });
  return writeXml(
    xml(
      'xliff',
      {
        xmlns: namespaces.core,
        'xmlns:mda': namespaces.metadata,
        'xmlns:its': namespaces.its,
        'xmlns:itsm': namespaces.itsm,
        'its:version': '2.0',
        version: '2.1',
        srcLang: source.tag,
        trgLang: target.tag,
        'xml:space': 'preserve',
      },
      xml(
        'file',
        { id: 'story', original, srcDir: source.direction.toLowerCase(), trgDir: target.direction.toLowerCase() },
        xml(
          'mda:metadata',
          {},
          xml(
            'mda:metaGroup',
            { category: provenance.category },
            xml('mda:meta', { type: provenance.edition }, source.edition),
            xml('mda:meta', { type: provenance.revision }, `${source.revision}`),
          ),
        ),
        ...units,
      ),
    ),
  );
}

function writeUnit(unit: Unit, translate: boolean, target: { spans: Unit['spans']; state: XliffState } | undefined): XmlElement {
  const codes = codeWriter();
  const source = xml('source', {}, ...codes.source(unit.spans));
  const segment = xml('segment', { state: target?.state ?? 'initial' }, source, target && xml('target', {}, ...codes.target(target.spans)));
  return xml(
    'unit',
    { id: unit.id, type: `dragoman:${unit.kind}`, translate: translate ? undefined : 'no' },
    codes.originalData(),
    segment,
  );
}
