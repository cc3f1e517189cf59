/** What both languages share: how numbers, spans and moments are put into words. */

export type Lang = 'ru' | 'en';

const locale = { ru: 'ru-RU', en: 'en-GB' };
const rules = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };

export interface Forms {
  one: string;
  few?: string;
  many: string;
}

/** `4 попытки`: the number with the form that agrees with it. */
export function count(lang: Lang, n: number, forms: Forms): string {
  return `${n.toLocaleString(locale[lang])}\u00a0${form(lang, n, forms)}`;
}

/** The form that agrees with the number, alone. */
export function form(lang: Lang, n: number, forms: Forms): string {
  const rule = rules[lang].select(n);
  if (rule === 'one') return forms.one;
  // What is neither is a fraction: «1,5 попытки», as for a few.
  return rule === 'many' ? forms.many : (forms.few ?? forms.many);
}

/** `5 минут`, as they stand after «через» or «ещё». */
export const minutes = {
  ru: (n: number) => count('ru', n, { one: 'минуту', few: 'минуты', many: 'минут' }),
  en: (n: number) => count('en', n, { one: 'minute', many: 'minutes' }),
};

/** `9:18`, `0:42`, `1:02:05`; a started second counts whole, so `0:00` is the end and nothing else. */
export function span(ms: number): string {
  const all = Math.max(0, Math.ceil(ms / 1000));
  const seconds = String(all % 60).padStart(2, '0');
  const minutes = Math.floor(all / 60);
  if (minutes < 60) return `${minutes}:${seconds}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}`;
}

const zone = 'Europe/Moscow';

function format(lang: Lang, options: Intl.DateTimeFormatOptions) {
  return new Intl.DateTimeFormat(locale[lang], { timeZone: zone, ...options });
}

/** A phone number, or a class, that does not break over two lines, also where dots hide what is between its hyphens. */
export const whole = (phone: string) => phone.replaceAll(' ', '\u00a0').replaceAll('-•', '-\u2060•');

/** A masked name: its last letter with the dot stays beside what stands before it, the rest breaks between its words. */
export const masked = (name: string) => name.replace(/ (\S+)$/, '\u00a0$1');

/** So long a name that in a small window, or in a sentence, there is room for little else. */
export const isLong = (name: string) => name.length > 30;

/** Whether the name of the child, or of the parent, is so long. */
export const takesRoom = ({ fullName, parent }: { fullName: string; parent: string | null }) =>
  isLong(fullName) || isLong(parent ?? '');

const clusters = new Intl.Segmenter('ru', { granularity: 'grapheme' });

/** The first letter of a word as people see it, with its marks: whatever signs stand before it, and however it is encoded. */
export const initialOf = (word: string) =>
  [...clusters.segment(word)].map(({ segment }) => segment).find((segment) => /[\p{L}\p{N}]/u.test(segment)) ?? '';

/** `МО`: the first letters of a name's first word and its last. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).map(initialOf).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  // Arabic letters would run together.
  return letters.join(/\p{Script=Arabic}/u.test(name) ? '\u200c' : '').toLocaleUpperCase('ru');
}

/** `12:31` in Moscow. */
export function clock(lang: Lang, ms: number): string {
  return format(lang, { hour: 'numeric', minute: '2-digit', hour12: false }).format(ms);
}

/** `12:31`, or `24 ноября, 12:31` when that was another day than `now`. */
export function moment(lang: Lang, ms: number, now: number): string {
  const day = format(lang, { day: 'numeric', month: 'long' });
  const time = clock(lang, ms);
  return day.format(ms) === day.format(now) ? time : `${day.format(ms)}, ${time}`;
}

/** `24 ноября 2026 г., 12:31:07`: a moment in full. */
export function full(lang: Lang, ms: number): string {
  return format(lang, { dateStyle: 'long', timeStyle: 'medium' }).format(ms);
}

/** Noon in Moscow of `YYYY-MM-DD`: a moment that is on that day in every reckoning used here. */
export function noon(date: string): number {
  return Date.parse(`${date}T12:00:00+03:00`);
}

/** The day after `date` that is not a Sunday: schools are closed then. */
export function nextSchoolDay(date: string): string {
  const next = shift(date, 1);
  return new Date(noon(next)).getUTCDay() === 0 ? shift(date, 2) : next;
}

/** `Вторник, 24 ноября`. */
export function dayTitle(lang: Lang, date: string): string {
  const text = format(lang, { weekday: 'long', day: 'numeric', month: 'long' }).format(noon(date));
  return text.charAt(0).toLocaleUpperCase(locale[lang]) + text.slice(1);
}

/** `23–29 ноября`: the week of a date. */
export function weekTitle(lang: Lang, date: string): string {
  const monday = week(date)[0] ?? date;
  return format(lang, { day: 'numeric', month: 'long' }).formatRange(noon(monday), noon(shift(monday, 6)));
}

/** `вт`, `Tue`. */
export function weekday(lang: Lang, date: string): string {
  return format(lang, { weekday: 'short' }).format(noon(date)).replace('.', '');
}

/** `YYYY-MM-DD`, `days` later. */
export function shift(date: string, days: number): string {
  return new Date(noon(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Monday to Saturday of the week of `date`, with Sunday when that is the day itself. */
export function week(date: string): string[] {
  const fromMonday = (new Date(noon(date)).getUTCDay() + 6) % 7;
  const monday = shift(date, -fromMonday);
  const days = Array.from({ length: fromMonday === 6 ? 7 : 6 }, (_, i) => shift(monday, i));
  return days;
}
