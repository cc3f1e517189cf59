import type { Intent, Screen } from '../generated/types';
import type { Bridge } from '.';

/** A bridge that plays screens and remembers what the window sent; for tests and for the gallery. */
export class Scripted implements Bridge {
  sent: Intent[] = [];
  copied: string[] = [];
  /** How often the page has said that it has painted. */
  drawn = 0;
  memory: string | null = null;
  /** What `send` does besides remembering: the other side of the story. */
  answer: (intent: Intent) => Screen | null | Promise<Screen | null> = () => null;
  readClipboard: (() => Promise<string>) | null = null;
  #shows = new Set<(screen: Screen) => void>();
  #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  async send(intent: Intent): Promise<void> {
    this.sent.push(intent);
    const next = await this.answer(intent);
    if (next) this.show(next);
  }

  /** A new screen, newer than any before. */
  show(screen: Screen): void {
    this.#screen = { ...screen, revision: this.#screen.revision + 1 };
    for (const show of this.#shows) show(this.#screen);
  }

  snapshot(): Promise<Screen> {
    return Promise.resolve(this.#screen);
  }

  onScreen(show: (screen: Screen) => void): Promise<() => void> {
    this.#shows.add(show);
    return Promise.resolve(() => {
      this.#shows.delete(show);
    });
  }

  painted(): Promise<void> {
    this.drawn += 1;
    return Promise.resolve();
  }

  keep(memory: string): Promise<void> {
    this.memory = memory;
    return Promise.resolve();
  }

  kept(): Promise<string | null> {
    return Promise.resolve(this.memory);
  }

  copy(text: string): Promise<void> {
    this.copied.push(text);
    return Promise.resolve();
  }
}
