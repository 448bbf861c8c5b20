import type { SpanData } from '../articles/body.js';
import { scriptOf } from '../editions/resolve-locale.js';
import { cleanSpans, joinSpans } from './clean-input.js';
import { withoutInvisible } from './invisible-characters.js';

/** Where line feeds may stand: nowhere, one at a time, or two as well, which part paragraphs. */
export type LineFeeds = 0 | 1 | 2;

const common = (a: SpanData, b: SpanData): Omit<SpanData, 'text'> => ({
  ...(a.strong && b.strong ? { strong: true } : {}),
  ...(a.em && b.em ? { em: true } : {}),
  ...(a.href !== undefined && a.href === b.href ? { href: a.href } : {}),
  ...(a.lang !== undefined && a.lang === b.lang ? { lang: a.lang } : {}),
});

function spaceOf(run: string, lineFeeds: LineFeeds): string {
  const broken = Math.min(run.split('\n').length - 1, lineFeeds);
  return broken > 0 ? '\n'.repeat(broken) : run === '\u00A0' ? run : ' ';
}

/**
 * Spans with their white space as a reader sees it: runs are one space (a lone no-break space stays one) or their line feeds, none at the
 * ends; between two words it has the marks both share.
 */
function collapse(spans: readonly SpanData[], lineFeeds: LineFeeds): SpanData[] {
  const tidy: SpanData[] = [];
  let space = '';
  for (const span of spans) {
    for (const text of span.text.split(/([ \t\n\f\r\u00A0]+)/u)) {
      if (text === '') continue;
      if (/^[ \t\n\f\r\u00A0]/u.test(text)) {
        space += text;
        continue;
      }
      const before = tidy.at(-1);
      if (before && space !== '') tidy.push({ ...common(before, span), text: spaceOf(space, lineFeeds) });
      tidy.push({ ...span, text });
      space = '';
    }
  }
  return joinSpans(tidy);
}

const compound: Record<string, string[]> = {
  Jpan: ['Hira', 'Kana', 'Hani'],
  Kore: ['Hang', 'Hani'],
  Hans: ['Hani'],
  Hant: ['Hani'],
  Hanb: ['Hani', 'Bopo'],
};
const letters = new Map<string, RegExp>();

function lettersOf(script: string): RegExp {
  const known = letters.get(script);
  if (known) return known;
  let pattern = /\p{L}/u;
  try {
    if (!script.startsWith('Z'))
      pattern = new RegExp(`[${(compound[script] ?? [script]).map((each) => `\\p{Script=${each}}`).join('')}]`, 'u');
  } catch {
    // Unicode has no such script: every letter will do.
  }
  letters.set(script, pattern);
  return pattern;
}

/** Word says `en-US` of Cyrillic words: a language none of whose letters is there is not the text's. */
const honest = ({ lang, ...rest }: SpanData): SpanData =>
  lang !== undefined && lettersOf(scriptOf(lang)).test(rest.text) ? { ...rest, lang } : rest;

const shown = /[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u;

/** Pasted spans of one paragraph as they are stored; none where nothing in them shows. */
export function tidySpans(pasted: readonly SpanData[], lineFeeds: LineFeeds): SpanData[] {
  const visible = joinSpans(pasted.map((span) => ({ ...span, text: withoutInvisible(span.text) })));
  const spans = collapse(cleanSpans(visible.map(honest)), lineFeeds);
  return spans.some(({ text }) => shown.test(text)) ? spans : [];
}

/** Pasted spans as paragraphs, cut where two line feeds part them; each is tidied by itself, because no bidi control reaches over its end. */
export function paragraphsOf(pasted: readonly SpanData[]): SpanData[][] {
  const paragraphs: SpanData[][] = [[]];
  for (const span of tidySpans(pasted, 2)) {
    for (const [index, text] of span.text.split('\n\n').entries()) {
      if (index > 0) paragraphs.push([]);
      if (text !== '') paragraphs.at(-1)?.push({ ...span, text });
    }
  }
  const tidied = paragraphs.length > 1 ? paragraphs.map((each) => tidySpans(each, 1)) : paragraphs;
  return tidied.filter((each) => each.length > 0);
}
