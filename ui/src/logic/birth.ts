/** How people write a date: `14.03.2016`, `14/3/16`, `14032016`, `2016-03-14`, «14 марта 2016». The machine decides whether it fits. */
const months = ['янв', 'фев', 'мар', 'апр', 'ма', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'];
const monthsEn = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `YYYY-MM-DD`, or `null` for what is no day of the calendar. */
export function readDate(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  const iso = /^(\d{4})\D(\d{1,2})\D(\d{1,2})$/.exec(trimmed);
  if (iso) return date(iso[1], iso[2], iso[3]);
  const whole = /^(\d{2})(\d{2})(\d{4})$/.exec(trimmed);
  if (whole) return date(whole[3], whole[2], whole[1]);
  const parts =
    /^(\d{1,2})[\s.,/\u00a0\u2010-\u2015-]+(\d{1,2})[\s.,/\u00a0\u2010-\u2015-]+(\d{4}|\d{2})(?:\s*г\.?)?$/.exec(
      trimmed,
    );
  if (parts) return date(parts[3], parts[2], parts[1]);
  const words = /^(\d{1,2})[\s\u00a0]+(\p{L}+)\.?[\s\u00a0,]+(\d{4})(?:\s*г\.?)?$/u.exec(trimmed);
  if (!words) return null;
  const [, day, name = '', year] = words;
  // «мая» begins like «марта»: the longer beginning is looked at first.
  const at = Math.max(
    name.startsWith('мар') ? 2 : months.findIndex((month) => name.startsWith(month)),
    monthsEn.findIndex((month) => name.startsWith(month)),
  );
  return at < 0 ? null : date(year, String(at + 1), day);
}

function date(year = '', month = '', day = ''): string | null {
  const full = year.length === 2 ? `20${year}` : year;
  const text = `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${text}T12:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? null : text;
}

/** `14.03.2016` of `2016-03-14`. */
export function writeDate(iso: string): string {
  const [year, month, day] = iso.split('-');
  return `${day}.${month}.${year}`;
}
