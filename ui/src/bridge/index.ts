import type { Intent, Screen } from '../generated/types';

/** All that the window knows of the world: two calls, one event, and the clipboard. */
export interface Bridge {
  send(intent: Intent): Promise<void>;
  snapshot(): Promise<Screen>;
  /** Calls back with each new screen; the promise's value ends that. */
  onScreen(show: (screen: Screen) => void): Promise<() => void>;
  copy(text: string): Promise<void>;
  /** `null` where the clipboard cannot be read at all; the promise may still be refused by the person. */
  readClipboard: (() => Promise<string>) | null;
}
