/** Where the focus was: the element, and in a field what was selected. */
interface Focused {
  at: string;
  from: number | null;
  to: number | null;
}

/**
 * What a page that follows this one has to know, because this one's process may end at any moment: what was typed and not sent,
 * what lay open, where the focus was. The shell keeps it in its own memory and gives it back. No password is ever told.
 */
export class Memory {
  /** Of the page before this one; each thing is taken once. */
  #before: Record<string, unknown> = {};
  /** Of this one. */
  #now: Record<string, unknown> = {};
  #told = '{}';
  #telling = false;
  readonly #tell: (memory: string) => void;

  constructor(tell: (memory: string) => void) {
    this.#tell = tell;
  }

  /** What the page before this one said last, if there was one. */
  recall(text: string | null): void {
    if (text === null) return;
    try {
      this.#before = JSON.parse(text) as Record<string, unknown>;
    } catch {
      this.#before = {};
    }
  }

  /** What was kept under this name; what is taken was kept by the same program, so it is of the same kind. */
  take<T>(name: string, otherwise: T): T {
    const found = this.#before[name];
    if (found === undefined) return otherwise;
    Reflect.deleteProperty(this.#before, name);
    return found as T;
  }

  /** Keeps this until the returned function is called: while what it belongs to is on the screen. For an effect. */
  keep(name: string, value: unknown): () => void {
    this.#now[name] = value;
    this.#tellSoon();
    return () => {
      Reflect.deleteProperty(this.#now, name);
      this.#tellSoon();
    };
  }

  /** The step has changed since: what was typed at another one is of no use here. */
  forget(): void {
    this.#before = {};
  }

  /** Notes where the focus stands, and where the page. */
  noteFocus(element: EventTarget | null): void {
    if (!(element instanceof HTMLElement)) return;
    const at = selectorOf(element);
    if (at === null) return;
    const text =
      element instanceof HTMLInputElement && ['text', 'tel', 'search'].includes(element.type) ? element : null;
    this.keep('focus', { at, from: text?.selectionStart ?? null, to: text?.selectionEnd ?? null } satisfies Focused);
  }

  noteScroll(): void {
    this.keep('scroll', window.scrollY);
  }

  /** Puts focus and page where they stood. */
  restorePlace(): void {
    const focus = this.take<Focused | null>('focus', null);
    const scroll = this.take<number | null>('scroll', null);
    const element = focus && document.querySelector<HTMLElement>(focus.at);
    element?.focus({ preventScroll: true });
    if (element instanceof HTMLInputElement && focus?.from !== null && focus?.to !== undefined) {
      element.setSelectionRange(focus.from, focus.to);
    }
    if (scroll !== null) window.scrollTo(0, scroll);
  }

  // One word for all that changes at once; what is the same as before is not told again.
  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      const memory = JSON.stringify(this.#now);
      if (memory === this.#told) return;
      this.#told = memory;
      this.#tell(memory);
    });
  }
}

/** How the element is found on a page that was drawn anew; `null` where nothing names it alone. */
function selectorOf(element: HTMLElement): string | null {
  const { testid } = element.dataset;
  const named = [testid && `[data-testid="${testid}"]`, element.id && `[id="${element.id}"]`];
  return named.find((selector) => selector && document.querySelectorAll(selector).length === 1) || null;
}
