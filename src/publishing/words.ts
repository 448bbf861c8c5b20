// Letters of writing without spaces stand each for itself; elsewhere words are as `countWords` has them. By rule, not by Intl.Segmenter, whose
// dictionaries change with the version of ICU: two gateways would not agree.
const alone = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Thai}`;
const letter = String.raw`(?![${alone}])[\p{L}\p{N}]`;
const inWord = String.raw`${letter}|[\p{M}'’ʼʻ\u200C\u200D-]`;
const pieces = new RegExp(String.raw`[${alone}]\p{M}*|${letter}(?:${inWord})*|\s+|[^]`, 'gu');
const word = /^[\p{L}\p{N}]/u;

/** A text cut into words, white space and single other characters; joined they are the text. */
export const piecesOf = (text: string): string[] => text.match(pieces) ?? [];

/** Whether a piece is a word. */
export const isWord = (piece: string): boolean => word.test(piece);
