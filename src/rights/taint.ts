/** One revision of an edition’s text, made from one of another. */
export interface MadeFrom {
  edition: string;
  number: number;
  source: string;
  sourceNumber: number;
  /** When that revision of the source was followed by another; null while it is the present one. */
  sourceSupersededAt: Date | null;
}

/** An agency whose copy is in a text. */
export interface WireCredit {
  /** Null: of the story in all editions. */
  edition: string | null;
  agency: string;
  /** Until when the credit was given; null while it is. */
  until: Date | null;
}

/**
 * The agencies whose copy is in the present revision of a text, sorted: its own, the story’s, and those of every text it was made from, at
 * any remove. A revision of a source that has been followed by another keeps the credits it ended with: what is made from it holds that copy.
 */
export function taintOf(text: { edition: string; number: number }, made: readonly MadeFrom[], wires: readonly WireCredit[]): string[] {
  const agencies = new Set<string>();
  const seen = new Set<string>();
  const waiting = [{ ...text, supersededAt: null as Date | null }];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { edition, number, supersededAt } = at;
    if (seen.has(`${edition} ${number}`)) continue;
    seen.add(`${edition} ${number}`);
    for (const wire of wires) if (isOf(wire, edition) && isHeld(wire, supersededAt)) agencies.add(wire.agency);
    for (const each of made)
      if (each.edition === edition && each.number === number)
        waiting.push({ edition: each.source, number: each.sourceNumber, supersededAt: each.sourceSupersededAt });
  }
  return [...agencies].sort();
}

const isOf = (wire: WireCredit, edition: string): boolean => wire.edition === null || wire.edition === edition;

const isHeld = ({ until }: WireCredit, supersededAt: Date | null): boolean =>
  until === null || (supersededAt !== null && until >= supersededAt);
