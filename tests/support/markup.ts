/** One piece of HTML as a browser would see it. */
export type Token =
  | { kind: 'text'; text: string }
  | { kind: 'open'; name: string; attributes: Record<string, string | true> }
  | { kind: 'close'; name: string };

const voidElements = ['br', 'img', 'meta', 'track'];

/**
 * Reads HTML that leaves a parser no choice: lower-case tags, double-quoted attributes, every special character a numeric reference,
 * every element closed in order. Throws on anything else, so that what passes is read alike by every browser and feed reader.
 */
export function readHtml(html: string): Token[] {
  const piece = /([^<>&"']+|(?:&#\d+;)+)|<([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^<>"']*")?)*)>|<\/([a-z][a-z0-9]*)>/uy;
  const tokens: Token[] = [];
  const open: string[] = [];
  while (piece.lastIndex < html.length) {
    const at = piece.lastIndex;
    const match = piece.exec(html);
    if (!match) throw new Error(`no HTML we write: ${html.slice(at, at + 60)}`);
    const [, text, name, attributes = '', closed] = match;
    if (text !== undefined) tokens.push({ kind: 'text', text: unescape(text) });
    if (name !== undefined) {
      const pairs = [...attributes.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/gu)].map(
        ([, key = '', value]) => [key, value === undefined || unescape(value)] as const,
      );
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`an attribute twice: ${match[0]}`);
      tokens.push({ kind: 'open', name, attributes: Object.fromEntries(pairs) });
      if (!voidElements.includes(name)) open.push(name);
    }
    if (closed !== undefined) {
      if (open.pop() !== closed) throw new Error(`</${closed}> closes nothing`);
      tokens.push({ kind: 'close', name: closed });
    }
  }
  if (open.length > 0) throw new Error(`<${open.join('><')}> not closed`);
  return tokens;
}

function unescape(text: string): string {
  if (/&(?!#\d+;)/u.test(text)) throw new Error(`a bare ampersand: ${text}`);
  return text.replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)));
}
