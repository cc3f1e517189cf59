/** How the field understands what is typed, for the small tag alone: the machine decides what is right. */
export type Recognised = 'mobile' | 'email' | null;

export function recognise(text: string): Recognised {
  if (/^\S+@\S+\.\S+$/.test(text.trim())) return 'email';
  if (/[^\d\s+()\-.\u00a0\u2010-\u2015]/.test(text)) return null;
  const digits = text.replace(/\D/g, '');
  const national = digits.length === 11 && /^[78]/.test(digits) ? digits.slice(1) : digits;
  return /^9\d{9}$/.test(national) ? 'mobile' : null;
}
