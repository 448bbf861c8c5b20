import { createReadStream } from 'node:fs';

/** A line of a text file; `text` is undefined where it is too long or not UTF-8, and `problem` says so. */
export interface Line {
  number: number;
  text: string | undefined;
  problem?: string;
  /** Bytes of the file up to the end of this line. */
  end: number;
}

const newline = 0x0a;

/** The lines of a UTF-8 file, one at a time; of a line longer than `longest` bytes no more than that is ever held. */
export async function* readLines(file: string, longest: number): AsyncGenerator<Line> {
  // `ignoreBOM: false` drops a byte order mark, as of a file saved on Windows.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  let end = 0;

  const add = (part: Buffer): void => {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  };
  const finish = (): Line => {
    const bytes = length <= longest ? Buffer.concat(parts) : undefined;
    parts = [];
    length = 0;
    number += 1;
    if (!bytes) return { number, text: undefined, problem: `longer than ${longest / 1024 / 1024} MiB`, end };
    try {
      return { number, text: decoder.decode(bytes), end };
    } catch {
      return { number, text: undefined, problem: 'not UTF-8', end };
    }
  };

  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, at));
      end += at + 1 - from;
      from = at + 1;
      yield finish();
    }
    add(chunk.subarray(from));
    end += chunk.length - from;
  }
  if (length > 0) yield finish();
}
