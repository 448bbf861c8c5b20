import { writeJson } from '../lib/json.js';
import { type Finding, type FindingClass, findingClasses } from './compare-holdings.js';

/** Says of what an answer is. */
type Head = Readonly<Record<string, unknown>>;

const noneYet = (): Record<FindingClass, number> =>
  Object.fromEntries(findingClasses.map((each) => [each, 0])) as Record<FindingClass, number>;

/** Findings as JSON, in pieces: a list for each class, and how many there are. What was named is held until all of it is found; what is missing is not. */
export async function* findingsAsJson(head: Head, named: number, found: AsyncIterable<readonly Finding[]>): AsyncIterable<string> {
  const counts = noneYet();
  const held = new Map<FindingClass, string[]>(findingClasses.map((each) => [each, []]));
  let isMissing = false;
  yield `${writeJson(head).slice(0, -1)}`;
  for await (const findings of found)
    for (const { class: of, ...finding } of findings) {
      if (of === 'missing' && !isMissing) {
        yield* listsOf(held);
        yield ',\n"missing":[';
        isMissing = true;
      }
      const text = writeJson(finding);
      if (of === 'missing') yield `${counts.missing === 0 ? '\n' : ',\n'}${text}`;
      else held.get(of)!.push(text);
      counts[of] += 1;
    }
  if (!isMissing) {
    yield* listsOf(held);
    yield ',\n"missing":[';
  }
  yield `],\n"counts":${writeJson({ named, ...counts })}}\n`;
}

function* listsOf(held: ReadonlyMap<FindingClass, string[]>): Iterable<string> {
  for (const [name, texts] of held) {
    if (name === 'missing') continue;
    yield `,\n"${name}":[`;
    for (const [index, text] of texts.entries()) yield `${index === 0 ? '\n' : ',\n'}${text}`;
    yield ']';
    texts.length = 0;
  }
}

/** Findings as a line of JSON each, in the order in which they are found; the last line says how many, so that an answer that was cut off is known. */
export async function* findingsAsLines(head: Head, named: number, found: AsyncIterable<readonly Finding[]>): AsyncIterable<string> {
  const counts = noneYet();
  for await (const findings of found)
    for (const finding of findings) {
      counts[finding.class] += 1;
      yield `${writeJson(finding)}\n`;
    }
  yield `${writeJson({ class: 'end', ...head, counts: { named, ...counts } })}\n`;
}
