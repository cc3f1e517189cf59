import { en } from './help.en';
import { ru, type HelpTexts } from './help.ru';
import type { Lang } from './words';

export type { HelpTexts };
export const help: Record<Lang, HelpTexts> = { ru, en };
