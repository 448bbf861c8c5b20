import type { Origin } from '../articles/translation.js';
import type { Item } from './item.js';

const trained = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** What IPTC calls a text that a machine made; of one that an editor has checked it has no name, so that `literal` says so. */
export const sourceTypes: Record<Exclude<Origin, Origin.HUMAN>, { name: string; uri: string; literal: string }> = {
  MACHINE: { name: 'machine translation', uri: trained, literal: 'MACHINE' },
  MACHINE_REVIEWED: { name: 'machine translation, checked by an editor', uri: trained, literal: 'MACHINE_REVIEWED' },
};

/** What the receiving desk must know and readers need not: in English, for it stands beside codes. Null when there is nothing. */
export function editorsNote({ notices, omitted }: Item): string | null {
  const must = notices.filter(({ mustCarry }) => mustCarry).map(({ code, version, placement }) => `${code} v${version} (${placement})`);
  const lines = [
    ...(must.length === 0 ? [] : [`Must be carried with the text: ${must.join(', ')}.`]),
    ...(omitted.length === 0
      ? []
      : [`Left out: ${omitted.map(({ part, image, reason }) => `${part}${image === null ? '' : ` ${image}`} (${reason})`).join(', ')}.`]),
  ];
  return lines.length === 0 ? null : lines.join(' ');
}
