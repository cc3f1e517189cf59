// @vitest-environment node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

type Tokens = Record<string, string>;
type Scheme = 'light' | 'dark';

const sheet = readFileSync(fileURLToPath(new URL('../src/style/tokens.css', import.meta.url)), 'utf8');

function declared(selector: string): Tokens {
  const block = sheet.split(`${selector} {`)[1]?.split('}')[0];
  if (!block) throw new Error(`no ${selector} in tokens.css`);
  return Object.fromEntries([...block.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]));
}

const plain = declared('\n:root');
const themes: [string, Scheme, Tokens][] = [
  ['light', 'light', plain],
  ['dark', 'dark', plain],
  ['contrast on light', 'light', { ...plain, ...declared(':root[data-contrast]') }],
  ['contrast on dark', 'dark', { ...plain, ...declared(':root[data-contrast]') }],
];

/** The colour of a token, its references followed. */
function colour(tokens: Tokens, scheme: Scheme, name: string): string {
  let value = tokens[`--${name}`] ?? '';
  const either = /^light-dark\((.+), (.+)\)$/.exec(value);
  if (either) value = (scheme === 'light' ? either[1] : either[2]) ?? '';
  const other = /^var\(--(.+)\)$/.exec(value)?.[1];
  if (other) return colour(tokens, scheme, other);
  if (!/^#[0-9a-f]{6}$/.test(value)) throw new Error(`${name} is no colour: ${value}`);
  return value;
}

/** The relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Letters and the grounds they stand on: section 2.2 of the design, and what the window has added. */
const letters: [string, string[]][] = [
  ['text', ['bg', 'surface', 'surface-2', 'bank-l', 'bank-r', 'river']],
  ['bg', ['text']],
  ['text-2', ['surface', 'bg', 'surface-2', 'bank-l', 'bank-r', 'river']],
  ['text-3', ['surface', 'bg', 'river', 'bank-r']],
  ['on-primary', ['primary', 'primary-h', 'primary-p']],
  ['primary', ['surface', 'bg', 'bank-l', 'bank-r']],
  ['on-tint', ['tint', 'tint-2']],
  ['on-honey', ['honey-tint', 'surface']],
  ['bad', ['surface']],
  ['on-bad', ['bad-tint']],
  ['on-bad-fill', ['bad']],
  ['good', ['surface']],
  ['on-good', ['good-tint', 'surface']],
];

/** Edges of what is pressed or filled in. */
const edges: [string, string[]][] = [
  ['field', ['surface', 'bg']],
  ['primary', ['surface', 'bg', 'river']],
  ['bad', ['surface']],
];

/** What is drawn and says something, always beside words. */
const signs: [string, string[]][] = [
  ['honey', ['surface']],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n): [string, string[]] => [`plank-${n}`, ['river', 'bank-l', 'bank-r']]),
];

describe.each(themes)('in the theme %s', (theme, scheme, tokens) => {
  const more = theme.startsWith('contrast');
  const of = (name: string) => colour(tokens, scheme, name);
  const tooPale = (pairs: [string, string[]][], need: number) =>
    pairs.flatMap(([front, grounds]) =>
      grounds
        .map((ground) => ({ pair: `${front} / ${ground}`, ratio: ratio(of(front), of(ground)) }))
        .filter((one) => one.ratio < need)
        .map((one) => `${one.pair}: ${one.ratio.toFixed(2)} < ${need}`),
    );

  test('letters can be read', () => {
    expect(tooPale(letters, more ? 7 : 4.5)).toEqual([]);
  });

  test('edges of controls can be seen', () => {
    expect(tooPale(edges, more ? 4.5 : 3)).toEqual([]);
    // Here the edge is the only cue, also around what elsewhere has its ground to show it.
    if (more) expect(tooPale([['line-2', ['surface', 'bg']], ['honey-line', ['honey-tint']]], 4.5)).toEqual([]); // prettier-ignore
  });

  test('signs can be told from what is behind them', () => {
    expect(tooPale(signs, 3)).toEqual([]);
  });
});

test('the formula is that of WCAG', () => {
  expect(ratio('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(ratio('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
