/** What of a typed or pasted text is the code: at most six digits. */
export function digitsOf(text: string): string {
  const digits = text.replace(/\D/g, '');
  if (digits.length <= 6) return digits;
  // A whole message was pasted, maybe with a phone number in it: a lone group of six wins, then one of three and three.
  const lone = /(?:^|\D)(\d{6})(?!\d)/.exec(text) ?? /(?:^|\D)(\d{3}[\s\u00a0\u2010-\u2015-]?\d{3})(?!\d)/.exec(text);
  return (lone?.[1] ?? digits).replace(/\D/g, '').slice(0, 6);
}
