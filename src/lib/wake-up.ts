/** A pause that somebody may end. */
export class WakeUp {
  #woken = false;
  #end: (() => void) | undefined;

  /** Ends the present wait; without one, the next ends at once. */
  wake(): void {
    this.#woken = true;
    this.#end?.();
  }

  /** Waits until somebody wakes, at most so long. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#end = undefined;
    this.#woken = false;
  }
}
