import { en } from './en';
import { ru, type Texts } from './ru';
import type { Lang } from './words';

export type { Texts, Lang };
export const texts: Record<Lang, Texts> = { ru, en };
