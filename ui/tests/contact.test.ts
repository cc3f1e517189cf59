import { describe, expect, test, vi } from 'vitest';
import type { Intent } from '../src/generated/types';
import { cause, code, contact, contactMail, recovery, screen, understood } from '../src/gallery/scenes';
import { codeIn, digitsOf } from '../src/logic/code';
import { inOneLine, withBreaks } from '../src/logic/contact';
import { open } from './world';

const number = '+7 900 222-33-44';

/** What the system hands over when something is pasted. */
function paste(field: HTMLElement, text: string): boolean {
  const event = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => text } });
  return field.dispatchEvent(event);
}

describe('what was understood is seen before anything is sent', () => {
  test('a number among words stands under the field, and what was typed stays', async () => {
    const text = 'моб.: 8 900 222-33-44 (мама)';
    const world = await open(screen(contact()));
    await world.paste('contact-input', text);
    await vi.waitFor(() => expect(world.sent).toEqual([{ intent: 'read_contact', text }]));
    await world.show(screen(contact({ ...understood(text, number), typed: '' })));
    expect(world.get('understood').textContent).toContain(number);
    expect(world.get<HTMLInputElement>('contact-input').value).toBe(text);
    expect(world.all('contact-kind')).toHaveLength(0);
    await world.press('submit-contact');
    expect(world.sent.at(-1)).toEqual({ intent: 'submit_contact', text });
  });

  test('of an earlier text it says nothing', async () => {
    const world = await open(screen(contact(understood('тел. 8 900 222-33-44', number))));
    expect(world.all('understood')).toHaveLength(1);
    await world.type('contact-input', '5');
    expect(world.all('understood')).toHaveLength(0);
  });

  test('hands that type are not asked at every letter', async () => {
    vi.useFakeTimers();
    try {
      const world = await open(screen(contact()));
      const field = world.get<HTMLInputElement>('contact-input');
      for (const letter of '8900') {
        field.value += letter;
        field.dispatchEvent(new InputEvent('input', { bubbles: true, data: letter, inputType: 'insertText' }));
        await vi.advanceTimersByTimeAsync(100);
      }
      expect(world.sent).toEqual([]);
      await vi.advanceTimersByTimeAsync(100);
      expect(world.sent).toEqual([{ intent: 'read_contact', text: '8900' }]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a card keeps its lines on the way to the machine', async () => {
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nTEL:+79002223344\r\nEND:VCARD\r\n';
    const world = await open(screen(contactMail()));
    const field = world.get<HTMLInputElement>('contact-input');
    expect(paste(field, card)).toBe(false);
    await vi.waitFor(() => expect(world.sent).toHaveLength(1));
    const [sent] = world.sent as Extract<Intent, { intent: 'read_contact' }>[];
    expect(sent?.text).toBe('BEGIN:VCARD\nVERSION:3.0\nTEL:+79002223344\nEND:VCARD');
    expect(field.value).not.toContain('\n');
  });

  test('one line is left to the system to paste', async () => {
    const world = await open(screen(contact()));
    expect(paste(world.get('contact-input'), '8 900 222-33-44')).toBe(true);
  });

  test('lines survive the way into the field and back', () => {
    for (const text of ['8 900 222-33-44\n15', ' a\n b \nc', 'one line'])
      expect(withBreaks(inOneLine(text))).toBe(text);
    expect(withBreaks(inOneLine('a\r\n\r\nb\u2028c'))).toBe('a\n\nb\nc');
  });
});

describe('a slip that cannot be sent as it stands', () => {
  test('has one way on: what is likely meant', async () => {
    const typed = '8 9ОО 222-33-44';
    const world = await open(screen(contact({ typed, suggestion: number, sendable: false })));
    expect(world.get('suggestion').textContent).toContain(number);
    expect(world.all('send-as-typed')).toHaveLength(0);
    await world.press('take-suggestion');
    expect(world.sent.at(-1)).toEqual({ intent: 'submit_contact', text: number });
  });
});

test.each(['two_numbers', 'two_addresses', 'number_and_address', 'phone_extension', 'phone_too_long'] as const)(
  '%s is said beside the field',
  async (kind) => {
    const world = await open(screen(contactMail({ typed: 'x', cause: cause(kind) })));
    expect(world.get('cause').dataset.cause).toBe(kind);
    expect(document.activeElement).toBe(world.get('contact-input'));
  },
);

/** The very texts of the service. */
const sms = 'Мостик: код 481902. Никому не сообщайте. Действует 10 минут.';
const english = 'Mostik: code 481902. Do not share it. Valid for 10 minutes.';
const bound = `${sms}\n@mostik.example #481902`;
const letter = `Мостик: код 481902
Чтобы подтвердить этот адрес, введите код в «Мостике»:

    481902

Код действует 10 минут. Никому его не сообщайте: он нужен только в окне, где вы его запросили.`;

test.each<[string, string]>([
  ['the code alone', '481902'],
  ['in halves', '481 902'],
  ['with a dash', '481–902'],
  ['digit by digit', '4 8 1 9 0 2'],
  ['full-width', '４８１９０２'],
  ['Arabic', '٤٨١٩٠٢'],
  ['Persian', '۴۸۱۹۰۲'],
  ['with marks nobody sees', '\u200e481\u200b902\ufeff'],
  ['the SMS', sms],
  ['the SMS in English', english],
  ['the SMS that names its host', bound],
  ['the letter', letter],
  ['the letter as a mail program copies it', `От: Мостик <no-reply@example.ru>\r\nДата: 27.11.2026 21:04\r\n${letter}`],
  ['a number before it', 'Код для +7 900 000-12-42: 481902'],
  ['a number after it', 'Код 481902 для +7 900 000-12-42'],
  ['a number with an 8', '8 (900) 000-12-42 код 481902'],
  ['a number without blanks', '+79000001242: код 481902'],
  ['a number and nothing but a blank', '+7 900 000-12-42 481902'],
  ['a masked number', '+7 900 •••-••-42 код 481 902'],
  ['the sender, the day and the hour', '[27.11.2026, 21:04:33] Mostik: 481902'],
  ['the year', '2026-11-27 21:04 Мостик 481 902'],
  ['the same code twice', `${sms}\n${sms}`],
  ['another group of six that is not called a code', 'Заказ 555666. Мостик: код 481902.'],
  ['minutes right after it', 'код 481902 10 минут'],
])('the code is found: %s', (_, text) => {
  expect(codeIn(text)).toEqual({ code: '481902' });
});

test('eight digits are found in what people paste', () => {
  for (const text of ['48190263', 'Код 48190263 для аня@почта.рф', '4819 0263', 'Код 4819-0263, до 12:40']) {
    expect(codeIn(text, 8)).toEqual({ code: '48190263' });
  }
});

test('two different codes are two, and what is none is none', () => {
  expect(codeIn('код 481902\nкод 004219')).toBe('two');
  expect(codeIn(`${bound}\n${bound.replaceAll('481902', '004219')}`)).toBe('two');
  expect(codeIn('481902, 004219')).toBe('two');
  for (const text of [
    '',
    'привет',
    '12345',
    '1234567',
    '+7 900 000-12-42',
    '89000001242',
    '27.11.2026',
    '21:04',
    '4819 0263',
  ]) {
    expect(codeIn(text)).toBeNull();
  }
});

test('what is typed is digits of any script, as many as there are cells', () => {
  expect(digitsOf('12')).toBe('12');
  expect(digitsOf('123–456')).toBe('123456');
  expect(digitsOf('٠٠٤')).toBe('004');
  expect(digitsOf('1234567')).toBe('123456');
});

describe('in the cells', () => {
  test('a pasted message leaves its code there, whatever stood there before', async () => {
    const world = await open(screen(code(Date.now())));
    await world.type('code-input', '77');
    expect(paste(world.get('code-input'), bound)).toBe(false);
    await world.settle();
    expect(world.sent).toEqual([{ intent: 'submit_code', code: '481902' }]);
    expect(world.get('code-cells').textContent?.replace(/\s/g, '')).toBe('481902');
  });

  test('a code that begins with zeros stays whole', async () => {
    const world = await open(screen(code(Date.now())));
    await world.type('code-input', '004219');
    expect(world.sent).toEqual([{ intent: 'submit_code', code: '004219' }]);
  });

  test('two codes, or none, are said, and nothing is sent', async () => {
    const world = await open(screen(code(Date.now())));
    paste(world.get('code-input'), 'код 481902\nкод 004219');
    await world.settle();
    expect(world.get('code-said').textContent).toContain('два разных кода');
    paste(world.get('code-input'), 'Звонить на +7 900 000-12-42');
    await world.settle();
    expect(world.get('code-said').textContent).toContain('из шести цифр');
    expect(world.sent).toEqual([]);
    await world.type('code-input', '4');
    expect(world.get('code-said').textContent?.trim()).toBe('');
  });

  test('the code of a recovery letter has eight', async () => {
    const world = await open(screen(recovery(Date.now())));
    paste(world.get('recovery-code-input'), 'Код 48190263. Действует 10 минут.');
    await world.settle();
    expect(world.get('code-cells').textContent?.replace(/\s/g, '')).toBe('48190263');
    paste(world.get('recovery-code-input'), sms);
    await world.settle();
    expect(world.get('recovery-code-said').textContent).toContain('из восьми цифр');
  });
});
