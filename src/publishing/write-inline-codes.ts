import type { SpanData } from '../articles/body.js';
import { type XmlElement, type XmlNode, xml } from '../lib/xml.js';

const marks = ['href', 'lang', 'strong', 'em'] as const;
type Mark = (typeof marks)[number];
// A code that has data for its start must have some for its end, too.
const endOfLink = 'd0';

/** What writes the texts of one unit: the source first, then the target, whose codes take the ids of the same codes in the source. */
export interface CodeWriter {
  source(spans: readonly SpanData[]): XmlNode[];
  target(spans: readonly SpanData[]): XmlNode[];
  /** The addresses of the unit's links, after its texts have been written; undefined without links. */
  originalData(): XmlElement | undefined;
}

/** Spans as inline codes of XLIFF: `pc` for links, strong and em, `mrk` with ITS for words in another language, which are quoted in the original and stay. */
export function codeWriter(): CodeWriter {
  const free = new Map<string, string[]>();
  const addresses = new Map<string, string>();
  let count = 0;

  const newId = (): string => `${++count}`;
  const dataOf = (href: string): string => {
    const id = addresses.get(href) ?? `d${addresses.size + 1}`;
    addresses.set(href, id);
    return id;
  };
  const code = (mark: Mark, value: string, id: string, children: XmlNode[]): XmlElement => {
    switch (mark) {
      case 'href':
        return xml('pc', { id, type: 'link', dataRefStart: dataOf(value), dataRefEnd: endOfLink }, ...children);
      case 'lang':
        return xml('mrk', { id, type: 'its:generic', translate: 'no', 'itsm:lang': value }, ...children);
      case 'strong':
        return xml('pc', { id, type: 'fmt', subType: 'xlf:b' }, ...children);
      case 'em':
        return xml('pc', { id, type: 'fmt', subType: 'xlf:i' }, ...children);
    }
  };
  const write = (spans: readonly SpanData[], idOf: (signature: string) => string, [mark, ...inner]: readonly Mark[] = marks): XmlNode[] => {
    if (!mark) return [spans.map(({ text }) => text).join('')];
    return runs(spans, mark).flatMap(({ value, spans: run }) => {
      if (value === undefined) return write(run, idOf, inner);
      const id = idOf(`${mark} ${value}`);
      return [code(mark, value, id, write(run, idOf, inner))];
    });
  };

  return {
    source: (spans) =>
      write(spans, (signature) => {
        const id = newId();
        const same = free.get(signature);
        if (same) same.push(id);
        else free.set(signature, [id]);
        return id;
      }),
    target: (spans) => write(spans, (signature) => free.get(signature)?.shift() ?? newId()),
    originalData: () => {
      if (addresses.size === 0) return undefined;
      const data = [...addresses].map(([href, id]) => xml('data', { id }, href));
      return xml('originalData', {}, ...data, xml('data', { id: endOfLink }));
    },
  };
}

/** Neighbours that agree on a mark, together; the value is undefined where there is none. */
function runs(spans: readonly SpanData[], mark: Mark): { value: string | undefined; spans: SpanData[] }[] {
  const found: { value: string | undefined; spans: SpanData[] }[] = [];
  for (const span of spans) {
    const value = span[mark] ? `${span[mark]}` : undefined;
    const last = found.at(-1);
    if (last && last.value === value) last.spans.push(span);
    else found.push({ value, spans: [span] });
  }
  return found;
}
