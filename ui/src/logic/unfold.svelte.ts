/** Names that have a line or a few of room each, until a press of `Unfold.svelte` shows them whole. Who listens hears them whole. */
export class Names {
  /** Of one of them not all is seen. */
  cut = $state(false);
  whole = $state(false);

  /** Follows the names inside an element: those that say by `data-lines` how many lines they have. */
  readonly inside = (element: HTMLElement) => {
    // What is shown whole does not say whether there is room for it.
    if (this.whole) return;
    const measure = () => {
      // Letters may stand a little out of their line; a line that is cut off is higher than that.
      this.cut = [...element.querySelectorAll('[data-lines]')].some((one) => one.scrollHeight > one.clientHeight + 4);
    };
    // The names may change while their room stays as it is.
    const words = new MutationObserver(measure);
    words.observe(element, { characterData: true, childList: true, subtree: true });
    const room = new ResizeObserver(measure);
    room.observe(element);
    return () => {
      words.disconnect();
      room.disconnect();
    };
  };
}
