const longest = 80;

/**
 * The last part of a text's address, from its headline in its own script: runs of letters, marks and digits, lower-case by language-neutral
 * rules, joined by hyphens, at most 80 characters; then eight hex digits of the story's uuid, which make it unique without a look-up.
 */
export function slugOf(headline: string, articleUuid: string): string {
  const words =
    headline
      .toLowerCase()
      .normalize('NFC')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...cut([...words.join('-')]), articleUuid.slice(0, 8)].join('-');
}

function cut(characters: string[]): string[] {
  const text = characters.slice(0, longest).join('');
  if (characters.length <= longest || characters[longest] === '-') return text ? [text] : [];
  const hyphen = text.lastIndexOf('-');
  return [hyphen > 0 ? text.slice(0, hyphen) : text];
}
