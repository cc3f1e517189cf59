import type { Look } from '../src/gallery/stage';

/** One column of the gallery: everything of a look but its scene. */
export interface Cell extends Omit<Look, 'scene'> {
  size: Size;
}

export interface Size {
  width: number;
  height: number;
  /** A device with fingers on its glass. */
  touch: boolean;
  /** What a notch above and a bar of gestures below cover of it. */
  covered?: { top: number; bottom: number };
}

const size = (width: number, height: number, touch: boolean): Size => ({ width, height, touch });

export const phone = size(360, 640, true);
export const tablet = size(768, 1024, true);
export const tabletAcross = size(1024, 768, true);
export const laptop = size(1280, 800, false);
export const wide = size(1920, 1080, false);
export const sizes = [phone, tablet, tabletAcross, laptop, wide];

const themes = ['light', 'dark', 'contrast'] as const;
const langs = ['ru', 'en'] as const;

/** Every size in every theme and language; with letters twice as large where most people have them: on a phone and on a laptop. */
export const whole: Cell[] = sizes.flatMap((size) =>
  themes.flatMap((theme) =>
    langs.flatMap((lang) =>
      (size === phone || size === laptop ? [100, 200] : [100]).map((text) => ({ size, theme, lang, text })),
    ),
  ),
);

/**
 * The two cells that are kept: their pictures and what a screen reader hears. Between them stand both layouts, themes and languages;
 * each `cargo xtask test` looks at these.
 */
export const kept: Cell[] = [
  { size: phone, theme: 'light', lang: 'ru', text: 100 },
  { size: laptop, theme: 'dark', lang: 'en', text: 100 },
];

/** Least room in each layout: what is in sight here is in sight on larger ones, but for what a layout does at one height alone. */
const least = [size(1280, 642, false), { ...size(390, 844, true), covered: { top: 47, bottom: 34 } }];

const promisedAt = (sizes: Size[]): Cell[] => sizes.map((size) => ({ size, theme: 'light', lang: 'ru', text: 100 }));

/** The promised sizes of each `cargo xtask test`. */
export const promisedShort: Cell[] = promisedAt(least);

/**
 * Where the main action and what one acts on are in sight before anybody scrolls. A laptop's screen twice: as it is, and the 78
 * points less that the window's title bar and the system's panel leave of it; a phone with what its notch covers.
 */
export const promised: Cell[] = promisedAt([
  size(1366, 768, false),
  size(1366, 690, false),
  size(1280, 800, false),
  size(1280, 720, false),
  tablet,
  tabletAcross,
  ...least,
]);

export const isKept = (cell: Cell): boolean => kept.some((one) => title(one) === title(cell));

/** Where Tab goes all the way round: each theme draws the focus its own way, a language or a size does not. */
export const hasKeys = ({ size, lang, text }: Cell): boolean => size === laptop && lang === 'en' && text === 100;

export const sizeName = ({ width, height }: Size): string => `${width}x${height}`;

export const title = ({ size, theme, lang, text }: Cell): string =>
  `${sizeName(size)}-${theme}-${lang}${text === 100 ? '' : `-${text}`}`;
