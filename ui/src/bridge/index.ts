import type { Intent, Screen } from '../generated/types';

/** All that the window knows of the world: wishes and screens, what the shell asks of a page, and the clipboard. */
export interface Bridge {
  send(intent: Intent): Promise<void>;
  snapshot(): Promise<Screen>;
  /** Calls back with each new screen; the promise's value ends that. */
  onScreen(show: (screen: Screen) => void): Promise<() => void>;
  /** The first screen has been drawn. */
  painted(): Promise<void>;
  /** What a page that follows this one has to know; kept in memory alone. */
  keep(memory: string): Promise<void>;
  /** What the page before this one kept last. */
  kept(): Promise<string | null>;
  copy(text: string): Promise<void>;
  /** `null` where the clipboard cannot be read at all; the promise may still be refused by the person. */
  readClipboard: (() => Promise<string>) | null;
}
