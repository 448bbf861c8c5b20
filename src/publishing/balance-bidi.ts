const control = /[\u202A-\u202E\u2066-\u2069]/gu;
const endOfEmbedding = '\u202C';
const endOfIsolate = '\u2069';

/**
 * The texts of one paragraph with every bidi embedding, override and isolate closed at its end, and closers that close nothing taken out
 * (UAX #9: an isolate's end closes what was opened in it). What opens in one text may close in another: marks cut sentences anywhere.
 */
export function balanceBidi(texts: readonly string[]): string[] {
  const open: string[] = [];
  let isolates = 0;
  const closeOne = (): string => {
    const end = open.pop() ?? '';
    if (end === endOfIsolate) isolates -= 1;
    return end;
  };
  const balanced = texts.map((text) =>
    text.replace(control, (found) => {
      if (found === endOfEmbedding) return open.at(-1) === endOfEmbedding ? closeOne() : '';
      if (found === endOfIsolate) {
        if (isolates === 0) return '';
        let closed = '';
        while (!closed.endsWith(endOfIsolate)) closed += closeOne();
        return closed;
      }
      const end = found <= '\u202E' ? endOfEmbedding : endOfIsolate;
      if (end === endOfIsolate) isolates += 1;
      open.push(end);
      return found;
    }),
  );
  const last = balanced.pop();
  return last === undefined ? [] : [...balanced, last + open.reverse().join('')];
}
