import { ru, type Actor, type Texts } from './ru';
import type { Lang } from './words';

export type { Actor, Texts, Lang };

// Russian is what the window starts with; the other language comes when it is chosen.
const load: Record<Lang, () => Promise<Texts>> = {
  ru: () => Promise.resolve(ru),
  en: async () => (await import('./en')).en,
};

export const first: Texts = ru;
export const textsOf = (lang: Lang): Promise<Texts> => load[lang]();

/** What each language calls itself. */
export const names: Record<Lang, string> = { ru: 'Русский', en: 'English' };
