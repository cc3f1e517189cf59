import type { Lang } from '../text';
import type { Theme } from '../ui.svelte';

/** One scene, the way a person may have it. */
export interface Look {
  scene: string;
  theme: Theme;
  lang: Lang;
  /** Percent. */
  text: number;
}

/** What the gallery's page offers to the one who drives it. */
export interface Stage {
  scenes: string[];
  /** Takes off what was shown, shows this, and comes back when nothing moves any more; `answers` are the scenes that follow intents. */
  show: (look: Look, answers?: Record<string, string>) => Promise<void>;
  /** Comes back when nothing moves any more. */
  quiet: () => Promise<void>;
  /** What is wrong with the sizes of what is shown. */
  findings: (touch: boolean) => string[];
  axe: () => Promise<string[]>;
  /** What nobody sees, of what has to be in sight before anybody scrolls. */
  beforeScrolling: () => string[];
  /** Begins to follow the focus of the keyboard; gives out how many places it has to visit. */
  followFocus: () => Promise<number>;
  /** What the focus has not visited since, or visited unseen. */
  missedByFocus: () => string[];
  /** What the window sent since it was asked last. */
  sent: () => string[];
}

declare global {
  interface Window {
    stage: Stage;
  }
}
