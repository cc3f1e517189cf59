/** What of a typed or pasted text is the code: at most `length` digits. */
export function digitsOf(text: string, length = 6): string {
  const digits = text.replace(/\D/g, '');
  if (digits.length <= length) return digits;
  // A whole message was pasted, maybe with a phone number in it: a lone group wins, then one of two halves.
  const half = `\\d{${length / 2}}`;
  const lone =
    new RegExp(`(?:^|\\D)(\\d{${length}})(?!\\d)`).exec(text) ??
    new RegExp(`(?:^|\\D)(${half}[\\s\\u00a0\\u2010-\\u2015-]?${half})(?!\\d)`).exec(text);
  return (lone?.[1] ?? digits).replace(/\D/g, '').slice(0, length);
}
