// Which digits of a text are the code. It is found here, and nowhere else: the cells have to show it, and no code is ever in what
// the machine shows. The machine and the service take digits alone.

/** What a text holds: one code, several different ones, or none. */
export type Found = { code: string } | 'two' | null;

/** Zeros of the scripts whose digits count, as in the machine (`digit_of` of mostik-wire): Arabic, Persian, full-width. */
const zeros = [0x660, 0x6f0, 0xff10];
const foreign = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u20e3|[\ufe00-\ufe0f]/g;

function asciiOf(digit: string): string {
  const sign = digit.charCodeAt(0);
  const zero = zeros.find((from) => sign >= from && sign < from + 10) ?? sign;
  return String(sign - zero);
}

/** ASCII digits, one kind of blank and dash, nothing invisible. */
const plain = (text: string) =>
  text
    .replace(foreign, asciiOf)
    .replace(invisible, '')
    .replace(/[^\S\n]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-');

/** Digits that belong to numbers, masked ones too, to days and to hours. */
const others = [
  /\+7[ \d()]*[•*]{3}[ -]?[•*]{2}[ -]?\d\d/g,
  /\+\d{11,14}(?!\d)/g,
  /(?:^|[^\d-])\+?[78][ (-]*9\d\d[ )-]*\d{3}[ -]*\d\d[ -]*\d\d(?!\d)/g,
  /(?:^|\D)\d{4}-\d\d-\d\d(?!\d)/g,
  /(?:^|\D)\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)(?!\d)/g,
  /(?:^|\D)\d{1,2}:\d\d(?::\d\d)?(?!\d)/g,
];
/** A word for «code» right before the digits. */
const label = /(?:код|code|пароль|password)[^\d\n]{0,16}$/i;
/** The last line of an SMS that binds its code to a host. */
const bound = /^@\S+ #(\d+)\b/;

/** All digits of what is typed; the field holds `length` of them. */
export const digitsOf = (text: string, length = 6): string => plain(text).replace(/\D/g, '').slice(0, length);

/** The code of `length` digits in a pasted text: the code alone, or a whole message with numbers and hours in it. */
export function codeIn(text: string, length = 6): Found {
  const all = new Set<string>();
  const named = new Set<string>();
  for (const line of plain(text).split('\n')) {
    const whole = bound.exec(line.trim())?.[1];
    if (whole !== undefined) {
      if (whole.length === length) [all, named].forEach((codes) => codes.add(whole));
      continue;
    }
    const rest = others.reduce((left, other) => left.replace(other, ' ; '), line);
    for (const run of rest.matchAll(/\d+(?:[ -]{1,3}\d+)*/g)) {
      const groups = run[0].split(/[ -]+/);
      const joined = groups.join('');
      const isNamed = label.test(rest.slice(0, run.index));
      // «123 456», «123-456», «1 2 3 4 5 6»; else a group that stands for itself: «481902 10».
      const codes = joined.length === length ? [joined] : groups.filter((group) => group.length === length);
      codes.forEach((code) => {
        all.add(code);
        if (isNamed) named.add(code);
      });
    }
  }
  const [first, ...more] = named.size > 0 ? named : all;
  if (first === undefined) return null;
  return more.length > 0 ? 'two' : { code: first };
}
