/** So many of something at once: under each name, and all together. */
export interface SlotLimits {
  each: number;
  all: number;
}

/** Takes a place under a name, and gives the way to give it back, once; undefined where there is none left. */
export type TakeSlot = (name: string) => (() => void) | undefined;

/** Places for what costs something for as long as it lasts. */
export function makeSlots({ each, all }: SlotLimits): TakeSlot {
  const taken = new Map<string, number>();
  let together = 0;
  return (name) => {
    const own = taken.get(name) ?? 0;
    if (own >= each || together >= all) return undefined;
    taken.set(name, own + 1);
    together += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      together -= 1;
      const left = taken.get(name)! - 1;
      if (left === 0) taken.delete(name);
      else taken.set(name, left);
    };
  };
}
