import { getContext, setContext } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import type { Bridge } from './bridge';
import type { Cause, CauseKind, Intent, Messengers, Screen } from './generated/types';
import type { Topic } from './help/topics';
import { actorOf, causeText } from './logic/actor';
import { Memory } from './logic/memory';
import { first, textsOf, type Actor, type Lang, type Texts } from './text';
import type { CauseText } from './text/ru.causes';

/** `contrast` is more of it, on the system's light or dark. */
export type Theme = 'system' | 'light' | 'dark' | 'contrast';
/** Where «Справка» opens: at what a cause is about, at one answer, or at what is near. */
export type HelpAt = { cause: CauseKind } | { topic: Topic } | 'near';
export type Size = 'compact' | 'medium' | 'expanded';

/** The present moment, ticking only while something on the screen reads it; true again at once after sleep. */
class Clock {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 500);
    const wake = () => {
      if (document.visibilityState === 'visible') update();
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('focus', wake);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('focus', wake);
    };
  });

  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A window that cannot keep the choice still follows it until it closes.
  }
}

/** What every part of the window shares: the bridge, the newest screen, the language, the size of the window. */
export class Ui {
  screen = $state.raw<Screen | null>(null);
  lang = $state<Lang>('ru');
  theme = $state<Theme>('system');
  size = $state<Size>('expanded');
  topBar = $state(true);
  /** Low, and wide enough for things to stand beside each other: a laptop's window. */
  low = $state(false);
  /** So low that the head of a step takes one row: what is left of a small laptop's screen. */
  flat = $state(false);
  toast = $state<string | null>(null);
  /** «Справка» lies above the screen, which waits beneath. */
  help = $state<HelpAt | null>(null);
  /** The shell did not take what was sent. */
  deaf = $state(false);
  /** Something is wrong that the window itself can see. */
  amiss = $state(false);
  /** Steps of the bridge that the person has already seen laid. */
  seenDone = 0;
  #texts = $state.raw<Texts>(first);
  /** Makes texts name the messengers that the operator offers; what is written is for MAX alone. */
  tell = $state.raw<<T>(texts: T) => T>((texts) => texts);
  readonly t = $derived<Texts>(this.tell(this.#texts));
  readonly clock = new Clock();
  readonly bridge: Bridge;
  readonly memory: Memory;
  #toastTimer: ReturnType<typeof setTimeout> | undefined;
  /** What the person asked the system for. */
  readonly #moreContrast = window.matchMedia?.('(prefers-contrast: more)');

  constructor(bridge: Bridge) {
    this.bridge = bridge;
    this.memory = new Memory((memory) => void bridge.keep(memory).catch(() => (this.deaf = true)));
    const theme = stored('mostik.theme');
    if (theme === 'light' || theme === 'dark' || theme === 'contrast') this.theme = theme;
    this.#show();
    this.#moreContrast?.addEventListener('change', () => this.#show());
  }

  /** Shows a screen unless a newer one is shown already. */
  receive = (screen: Screen): void => {
    if (this.screen === null || screen.revision >= this.screen.revision) {
      // A program that starts again comes to its step by these; from a step on, what was typed at another one is of no use.
      const onItsWay = ['starting', 'keyring', 'opening'].includes(this.screen?.view ?? 'starting');
      if (!onItsWay && screen.view !== this.screen?.view) this.memory.forget();
      this.screen = screen;
      this.deaf = false;
      void this.#nameMessengers(screen.messengers);
    }
  };

  /** The messengers that the operator offers. */
  get messengers(): Messengers {
    return this.screen?.messengers ?? { max: true, vk: false };
  }

  #named = 'MAX';

  async #nameMessengers(offered: Messengers): Promise<void> {
    const names = [offered.max && 'MAX', offered.vk && 'VK'].filter(Boolean).join(' ');
    if (names === this.#named) return;
    this.#named = names;
    const { teller } = await import('./text/messengers');
    this.tell = teller(offered);
  }

  openHelp(at: HelpAt): void {
    this.help = at;
  }

  send = async (intent: Intent): Promise<void> => {
    try {
      await this.bridge.send(intent);
    } catch {
      this.deaf = true;
    }
  };

  async copy(text: string, done: string): Promise<void> {
    try {
      await this.bridge.copy(text);
      this.say(done);
    } catch {
      this.say(this.t.common.notCopied);
    }
  }

  /** One line at the bottom, for six seconds. */
  say(text: string): void {
    clearTimeout(this.#toastTimer);
    this.toast = text;
    this.#toastTimer = setTimeout(() => (this.toast = null), 6000);
  }

  /** Who acts, and by what contact. */
  get actor(): Actor {
    return actorOf(this.screen);
  }

  /** How a cause is said on the present screen. */
  said(cause: Cause): { what: string; next: string } {
    return causeText(this.t, cause, this.screen);
  }

  /** The language that was chosen before, if it is not the first one, and what the page before this one knew. */
  async recall(): Promise<void> {
    const [kept] = await Promise.all([
      this.bridge.kept().catch(() => null),
      stored('mostik.lang') === 'en' ? this.setLang('en') : null,
    ]);
    this.memory.recall(kept);
    this.help = this.memory.take<HelpAt | null>('help', null);
  }

  async setLang(lang: Lang): Promise<void> {
    const texts = await textsOf(lang);
    this.lang = lang;
    this.#texts = texts;
    store('mostik.lang', lang);
    this.#show();
  }

  /** The person's choice: the window's own, and that of letters and messages. */
  async chooseLang(lang: Lang): Promise<void> {
    await this.setLang(lang);
    await this.send({ intent: 'set_language', language: lang });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    store('mostik.theme', theme);
    this.#show();
  }

  #show(): void {
    const root = document.documentElement;
    root.lang = this.lang;
    if (this.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = this.theme;
    root.toggleAttribute('data-contrast', this.theme === 'contrast' || this.#moreContrast?.matches === true);
  }

  /** The size class: the window's width and height in letters, so that larger text alone moves a window to the smaller class. */
  measure = (): void => {
    const root = document.documentElement;
    const rem = Number.parseFloat(getComputedStyle(root).fontSize) || 16;
    const [width, height] = [window.innerWidth / rem, window.innerHeight / rem];
    this.size = width < 37.5 ? 'compact' : width < 64 ? 'medium' : 'expanded';
    this.topBar = width >= 51.25;
    this.low = this.topBar && height < 54;
    this.flat = this.topBar && height < 50;
    root.dataset.size = this.size;
    root.dataset.bar = this.topBar ? 'top' : 'bottom';
    root.toggleAttribute('data-low', this.low);
    root.toggleAttribute('data-flat', this.flat);
  };
}

const key = Symbol('ui');

export const provideUi = (ui: Ui): Ui => setContext(key, ui);
export const useUi = (): Ui => getContext<Ui>(key);

type OwnCauses = () => Partial<Record<CauseKind, CauseText>>;
const causesKey = Symbol('causes');

/** What a part of the window says of a cause in its own words. */
export const sayCauses = (own: OwnCauses): void => void setContext(causesKey, own);

/** How a cause is said here. */
export function useSaid(): (cause: Cause) => CauseText {
  const ui = useUi();
  const own = getContext<OwnCauses | undefined>(causesKey);
  return (cause) => own?.()[cause.kind] ?? ui.said(cause);
}
