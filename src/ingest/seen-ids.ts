import { createHash } from 'node:crypto';

// A slot is the line and 96 bits of the id's SHA-256: of a hundred thousand million files of a billion lines, one has two ids that share them.
const width = 4;
const fullest = 3 / 4;

/**
 * Which ids a file has given so far, and on which lines. The ids themselves are not kept, however long: a line costs 21 to 43 bytes, half as
 * much again for the moment the table grows, so that a million lines cost 32 MiB.
 */
export class SeenIds {
  #slots = new Uint32Array(1024 * width);
  #count = 0;

  /** The line, counted from 1, that gave this id before; undefined for a new one, which is kept with this line. */
  add(id: string, line: number): number | undefined {
    const hash = createHash('sha256').update(id, 'utf16le').digest();
    const key = [hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8)] as const;
    const slot = this.#slotOf(...key);
    const before = this.#slots[slot]!;
    if (before !== 0) return before;
    this.#slots.set([line, ...key], slot);
    this.#count += 1;
    if (this.#count * width > this.#slots.length * fullest) this.#grow();
    return undefined;
  }

  /** Where a key is, or would be: the first of its slots that is its own or free. */
  #slotOf(a: number, b: number, c: number): number {
    const slots = this.#slots;
    let slot = (a * width) % slots.length;
    while (slots[slot] !== 0 && !(slots[slot + 1] === a && slots[slot + 2] === b && slots[slot + 3] === c))
      slot = (slot + width) % slots.length;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += width) {
      if (old[at] === 0) continue;
      const taken = old.subarray(at, at + width);
      this.#slots.set(taken, this.#slotOf(taken[1]!, taken[2]!, taken[3]!));
    }
  }
}
