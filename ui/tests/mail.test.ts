import { describe, expect, test, vi } from 'vitest';
import type { Intent } from '../src/generated/types';
import {
  cause,
  children,
  codeMail,
  contact,
  contactMail,
  details,
  diary,
  exists,
  linkedMail,
  maxMail,
  password,
  recovery,
  scenes,
  screen,
  understood,
} from '../src/gallery/scenes';
import { children as childrenTexts } from '../src/text/children';
import { mail } from '../src/text/mail';
import { open } from './world';

const secret = 'синий трамвай у моря';
const said = () => document.body.textContent ?? '';

/** Everything the document holds besides the value of the fields. */
const marks = () =>
  document.documentElement.outerHTML + document.title + location.href + JSON.stringify({ ...localStorage });

describe('an address that will not do is said where it was typed', () => {
  test('no address: beside the field, with what an address has', async () => {
    const world = await open(screen(contactMail({ typed: 'anna@почта', cause: cause('email_malformed') })));
    expect(world.get('cause').dataset.cause).toBe('email_malformed');
    expect(document.activeElement).toBe(world.get('contact-input'));
    expect(world.get<HTMLInputElement>('contact-input').value).toBe('anna@почта');
  });

  test('an older pupil is told why a phone is needed', async () => {
    const world = await open(screen(contact({ typed: 'a@b.ru', cause: cause('email_not_here') })));
    expect(world.get('cause').textContent).toContain('14 лет');
    expect(world.all('contact-kind')).toHaveLength(0);
  });

  test('an empty field names both where both will do, and the number alone where not', async () => {
    await open(screen(contactMail({ cause: cause('contact_empty') })));
    expect(said()).toContain('ни номер, ни почта');
    document.body.replaceChildren();
    await open(screen(contact({ cause: cause('contact_empty') })));
    expect(said()).not.toContain('ни почта');
  });

  test('one slip is asked about, not decided: corrected, or sent as it is', async () => {
    const typed = 'anna@gmial.com';
    const world = await open(screen(contactMail()));
    await world.type('contact-input', typed);
    await world.press('submit-contact');
    await world.show(screen(contactMail({ typed, suggestion: 'anna@gmail.com' })));
    expect(world.get('suggestion').textContent).toContain('anna@gmail.com');
    expect(world.all('submit-contact')).toHaveLength(0);
    await world.press('send-as-typed');
    await world.press('take-suggestion');
    expect(world.sent).toEqual([
      { intent: 'submit_contact', text: typed },
      { intent: 'submit_contact', text: typed },
      { intent: 'submit_contact', text: 'anna@gmail.com' },
    ]);
    expect(world.get<HTMLInputElement>('contact-input').value).toBe('anna@gmail.com');
  });

  test('who types on has answered the question', async () => {
    const world = await open(screen(contactMail({ typed: 'anna@gmial.com', suggestion: 'anna@gmail.com' })));
    await world.type('contact-input', 'x');
    expect(world.all('suggestion')).toHaveLength(0);
    expect(world.all('submit-contact')).toHaveLength(1);
  });

  test('the field does not fight: one keyboard for both, and no parent’s own address is offered', async () => {
    const world = await open(screen(contactMail()));
    const field = world.get('contact-input');
    expect(field.getAttribute('type')).toBe('text');
    expect(field.getAttribute('inputmode')).toBe('email');
    expect(field.getAttribute('autocomplete')).toBe('off');
    await world.type('contact-input', 'аня@почта.рф');
    await world.show(screen(contactMail({ ...understood('аня@почта.рф', 'аня@почта.рф', true), typed: '' })));
    expect(world.get('contact-kind').textContent).toContain('почта');
    expect(field.getAttribute('inputmode')).toBe('email');
  });

  test('a mailbox that is not there, or is full, is said in place with the way on', async () => {
    for (const delivery of ['no_such_mailbox', 'mailbox_full'] as const) {
      const world = await open(screen(codeMail(Date.now(), { delivery, resendAt: Date.now() - 1 })));
      expect(world.get('delivery').dataset.delivery).toBe(delivery);
      expect(world.get('delivery').textContent).toMatch(/ящик/i);
      await world.press('change-contact');
      await world.press('resend');
      expect(world.sent.map((intent) => intent.intent)).toEqual(['change_contact', 'resend']);
      world.close();
    }
  });

  test('a refused code speaks of letters where a letter was sent', async () => {
    const now = Date.now();
    const world = await open(screen(codeMail(now, { cause: cause('code_superseded') })));
    expect(world.get('cause').textContent).toContain('письма');
    expect(world.get('cause').textContent).not.toContain('СМС');
    expect(document.title).toBe('Не получилось: Шаг 2 из 5: код — Мостик');
    await world.press('sms-help');
    await vi.waitFor(() => world.get('help-dialog'));
    expect(world.get('help-dialog').textContent).toContain('Спам');
  });
});

describe('a password that will not do', () => {
  test.each(['password_too_short', 'password_too_long', 'password_too_common'] as const)(
    '%s is said beside the field, which keeps what was typed',
    async (kind) => {
      const world = await open(screen(password()));
      await world.paste('password-input', 'qwertyuiop');
      await world.press('submit-password');
      await world.show(screen(password({ problem: 'common', cause: cause(kind) })));
      const field = world.get<HTMLInputElement>('password-input');
      expect(world.get('cause').dataset.cause).toBe(kind);
      expect(field.value).toBe('qwertyuiop');
      expect(field.getAttribute('aria-invalid')).toBe('true');
      expect(field.getAttribute('aria-describedby')).toContain(world.get('cause').id);
      expect(document.activeElement).toBe(field);
    },
  );

  test('the wrong password of a profile counts its tries; an empty one costs none', async () => {
    const world = await open(screen(exists()));
    await world.press('sign-in-to-profile');
    expect(world.sent).toEqual([]);
    expect(world.all('password-empty')).toHaveLength(1);
    expect(document.activeElement).toBe(world.get('profile-password-input'));
    await world.paste('profile-password-input', secret);
    expect(world.all('password-empty')).toHaveLength(0);
    await world.press('sign-in-to-profile');
    await world.show(screen(exists({ cause: cause('password_wrong', { triesLeft: 4 }) })));
    expect(world.get('cause').textContent).toContain('Осталось 4\u00a0попытки.');
    expect(world.sent).toEqual([{ intent: 'sign_in_to_profile', password: secret }]);
  });

  test('too many wrong passwords leave recovery and another address', async () => {
    const world = await open(screen(exists({ cause: cause('password_blocked', { support: 'M-7F3K-21' }) })));
    expect(world.get('support-code').textContent).toBe('M-7F3K-21');
    expect(world.all('recover-password')).toHaveLength(1);
    expect(world.get('recover-password').className).toContain('main');
    expect(world.get('sign-in-to-profile').className).not.toContain('main');
    await world.press('recover-password');
    await world.press('change-contact');
    expect(world.sent).toEqual([{ intent: 'recover_password' }, { intent: 'change_contact' }]);
  });

  test('a recovery code that is not whole, or wrong, is said beside the cells; the password stays', async () => {
    const now = Date.now();
    const world = await open(screen(recovery(now)));
    await world.type('recovery-code-input', '4819');
    await world.paste('password-input', secret);
    await world.press('submit-recovery');
    await world.show(screen(recovery(now, { cause: cause('code_incomplete') })));
    expect(world.get('cause').textContent).toContain('восемь');
    expect(document.activeElement).toBe(world.get('recovery-code-input'));
    expect(world.get<HTMLInputElement>('password-input').value).toBe(secret);
    await world.show(screen(recovery(now, { triesLeft: 4, cause: cause('code_wrong', { triesLeft: 4 }) })));
    expect(world.get('cause').textContent).toContain('Осталось 4\u00a0попытки.');
  });

  test('an expired recovery code gives way to a new letter', async () => {
    const now = Date.now();
    const world = await open(
      screen(recovery(now, { expiresAt: now - 1, resendAt: now - 1, cause: cause('code_expired') })),
    );
    expect(world.all('submit-recovery')).toHaveLength(0);
    await world.press('resend');
    expect(world.sent).toEqual([{ intent: 'recover_password' }]);
  });

  test('a taken password is refused beside the new password, not beside the code', async () => {
    const world = await open(screen(recovery(Date.now(), { problem: 'common', cause: cause('password_too_common') })));
    expect(world.get('password-input').getAttribute('aria-invalid')).toBe('true');
    expect(world.get('recovery-code-input').getAttribute('aria-invalid')).toBeNull();
  });
});

describe('a secret', () => {
  test('stands in its field alone, and in no field once the step is over', async () => {
    const now = Date.now();
    for (const [view, id, button] of [
      [password(), 'password-input', 'submit-password'],
      [exists(), 'profile-password-input', 'sign-in-to-profile'],
      [recovery(now), 'password-input', 'submit-recovery'],
    ] as const) {
      const world = await open(screen(view));
      await world.paste(id, secret);
      const field = world.get<HTMLInputElement>(id);
      expect(field.type).toBe('password');
      expect(marks()).not.toContain(secret);
      await world.press('toggle-password');
      expect(world.get<HTMLInputElement>(id).type).toBe('text');
      expect(marks()).not.toContain(secret);
      await world.press(button);
      await world.show(screen({ ...view, busy: view.view === 'recovery' ? 'checking' : true } as typeof view));
      expect(world.get<HTMLInputElement>(id).type).toBe('password');
      await world.show(screen(details()));
      expect(field.value).toBe('');
      expect(marks()).not.toContain(secret);
      expect([...document.querySelectorAll('input')].map((input) => input.value)).not.toContain(secret);
      expect(world.bridge.copied).toEqual([]);
      world.close();
    }
  });

  test('is weighed once the hands rest, and not after the step is over', async () => {
    vi.useFakeTimers();
    try {
      const world = await open(screen(password()));
      for (const letter of ['с', 'си', 'син', 'сини', 'синий']) {
        await world.paste('password-input', letter);
        await vi.advanceTimersByTimeAsync(40);
      }
      expect(world.sent).toEqual([]);
      await vi.advanceTimersByTimeAsync(150);
      expect(world.sent).toEqual([{ intent: 'weigh_password', password: 'синий' }]);
      await world.paste('password-input', 'синий т');
      await world.show(screen(details()));
      await vi.advanceTimersByTimeAsync(500);
      expect(world.sent).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test('managers and paste are welcome', async () => {
    let world = await open(screen(password()));
    expect(world.get('password-input').getAttribute('autocomplete')).toBe('new-password');
    world.close();
    world = await open(screen(exists()));
    expect(world.get('profile-password-input').getAttribute('autocomplete')).toBe('current-password');
    world.close();
  });
});

describe('the strength', () => {
  test('is words first, and each check is met only when the machine has said so', async () => {
    const world = await open(screen(password()));
    const strength = () => world.get('strength');
    const met = () => ['length', 'common', 'own'].map((name) => world.get(`check-${name}`).dataset.met === 'true');
    expect(strength().dataset.strength).toBe('none');
    await world.paste('password-input', 'синий');
    await world.show(screen(password({ problem: 'short' })));
    expect(strength().textContent).toContain('Пока короткий');
    expect(met()).toEqual([false, false, false]);
    await world.paste('password-input', 'пароль12345');
    await world.show(screen(password({ problem: 'common' })));
    expect(strength().dataset.strength).toBe('weak');
    expect(strength().textContent).toContain('Слабый');
    expect(met()).toEqual([true, false, true]);
    await world.paste('password-input', 'орлова2016!');
    await world.show(screen(password({ problem: 'common' })));
    expect(met()).toEqual([true, true, false]);
    await world.paste('password-input', 'трамвай у моря');
    await world.show(screen(password({ strength: 'fair' })));
    expect(strength().textContent).toContain('Сойдёт');
    await world.paste('password-input', secret);
    await world.show(screen(password({ strength: 'strong' })));
    expect(strength().dataset.strength).toBe('strong');
    expect(strength().textContent).toContain('Крепкий пароль');
    expect(strength().textContent?.replaceAll('\u00a0', ' ')).toContain('4 слова, 20 знаков');
    expect(met()).toEqual([true, true, true]);
  });

  test('counts characters as people do, composed or not', async () => {
    const world = await open(screen(password()));
    await world.paste('password-input', 'е\u0308лки-палки');
    expect(world.get('strength').textContent?.replaceAll('\u00a0', ' ')).toContain('10 знаков');
  });
});

describe('MAX later', () => {
  test('the step names no number and says that the diary has the profile already', async () => {
    const world = await open(screen(maxMail(Date.now())));
    expect(said()).toContain('Профиль уже подключён к дневнику');
    expect(said()).not.toMatch(/null|undefined|\+7/);
    await world.press('skip-max');
    expect(world.sent).toEqual([{ intent: 'skip_max' }]);
  });

  test('a number that is bound to the phone route cannot be skipped', async () => {
    const world = await open(scenes.max?.(Date.now()) ?? screen(maxMail(0)));
    expect(world.all('skip-max')).toHaveLength(0);
  });

  test('linked, but not in MAX: the bridge has its last planks missing, and the main button lays them', async () => {
    const world = await open(screen(linkedMail(Date.now(), { inMax: false, nextRemote: null })));
    expect(document.querySelector('h1')?.textContent).toBe('Профиль подключён к дневнику');
    expect(document.querySelectorAll('.bridge .now').length).toBeGreaterThan(0);
    expect(document.querySelector('.bridge .ripple')).toBeNull();
    await world.press('renew-max-link');
    await world.press('back-to-diary');
    expect(world.sent).toEqual([{ intent: 'renew_max_link' }, { intent: 'back_to_diary' }]);
  });

  test('the diary says what is left', async () => {
    const world = await open(screen(diary(Date.now(), { button: 'linked_without_messenger', invited: false })));
    expect(world.get('sferum-card').textContent).toContain('Остался MAX');
    await world.press('card-sferum');
    expect(world.sent).toEqual([{ intent: 'press_sferum' }]);
  });
});

describe('the way through', () => {
  test('from the choice of the child to «Готово», by mail', async () => {
    const now = Date.now();
    const world = await open(screen(children()));
    await world.press('child-act-p-502');
    await world.show(screen(contactMail()));
    await world.type('contact-input', 'anna@example.ru');
    await world.press('submit-contact');
    await world.show(screen(codeMail(now)));
    expect(document.querySelector('h1')?.textContent).toBe('Введите код из письма');
    expect(world.get('step').textContent).toBe('Шаг 2 из 5 · Код');
    await world.paste('code-input', '481902');
    await world.show(screen(password()));
    expect(document.activeElement).toBe(world.get('password-input'));
    expect(world.get('step').textContent).toBe('Шаг 3 из 5 · Пароль');
    await world.paste('password-input', secret);
    await world.press('submit-password');
    await world.show(screen(details()));
    expect(world.get('step').textContent).toBe('Шаг 4 из 5 · Данные');
    await world.type('last-name', '-Смирнова');
    await world.press('read-consent');
    expect(world.get('consent-wording').querySelectorAll('p')).toHaveLength(3);
    await world.press('close-consent');
    await world.press('consent');
    await world.press('no-middle-name');
    await world.press('submit-details');
    await world.show(screen(maxMail(now)));
    expect(document.title).toBe('Шаг 5 из 5: MAX — Мостик');
    await world.press('open-max');
    await world.show(screen(linkedMail(now)));
    expect(said()).toContain('почта a•••a@example.ru');
    expect(world.sent.filter((intent) => intent.intent !== 'weigh_password')).toEqual<Intent[]>([
      { intent: 'choose_child', pupil: 'p-502' },
      { intent: 'press_sferum' },
      { intent: 'submit_contact', text: 'anna@example.ru' },
      { intent: 'submit_code', code: '481902' },
      { intent: 'submit_password', password: secret },
      {
        intent: 'submit_details',
        lastName: 'Орлова-Смирнова',
        firstName: 'Анна',
        middleName: null,
        birthDate: '2016-03-14',
        gender: 'female',
        consent: '2026-09-01',
      },
      { intent: 'open_max' },
    ]);
  });

  test('an existing profile: recover the password with the code of the letter', async () => {
    const now = Date.now();
    const world = await open(screen(exists()));
    expect(said()).toContain('Анна О.');
    await world.press('recover-password');
    await world.show(screen(recovery(now)));
    expect(document.activeElement).toBe(world.get('recovery-code-input'));
    await world.paste('recovery-code-input', 'Ваш код: 4819 0263');
    expect(world.sent).toHaveLength(1);
    expect(document.activeElement).toBe(world.get('password-input'));
    await world.paste('password-input', secret);
    await world.press('submit-recovery');
    expect(world.sent.filter((intent) => intent.intent !== 'weigh_password')).toEqual([
      { intent: 'recover_password' },
      { intent: 'submit_recovery', code: '48190263', password: secret },
    ]);
  });

  test('the language goes to the machine too, for letters', async () => {
    const world = await open(screen(children()));
    await world.press('lang-en');
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('en'));
    await world.settle();
    expect(world.sent).toEqual([{ intent: 'set_language', language: 'en' }]);
    expect(document.querySelector('h1')?.textContent).toBe('Who gets Sferum connected?');
    await world.ui.setLang('ru');
  });
});

test('a step whose script is still on its way takes the focus when it has come', async () => {
  const world = await open(screen(password()), undefined, []);
  await vi.waitFor(() => expect(document.activeElement).toBe(world.get('password-input')), 15_000);
  expect(world.all('strip')).toHaveLength(0);
});

test('no sentence of the e-mail route shouts, blames, or speaks of SMS', () => {
  const all = JSON.stringify([mail, childrenTexts]);
  expect(all).not.toMatch(/!"|! /);
  expect(all).not.toMatch(/упс|oops|ошибк|СМС|SMS/i);
  expect(Object.keys(mail.ru)).toEqual(Object.keys(mail.en));
});
