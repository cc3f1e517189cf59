/** Becomes true once a condition has held for so long without a break, and false with it at once. */
export class DelayedFlag {
  #over = $state(false);

  constructor(condition: () => boolean, ms: number) {
    $effect(() => {
      if (!condition()) return;
      const timer = setTimeout(() => (this.#over = true), ms);
      return () => {
        clearTimeout(timer);
        this.#over = false;
      };
    });
  }

  get now(): boolean {
    return this.#over;
  }
}
