import { describe, expect, test, vi } from 'vitest';
import {
  cause,
  code,
  contact,
  diary,
  head,
  linked,
  max,
  profile,
  scenes,
  screen,
  understood,
} from '../src/gallery/scenes';
import { open } from './world';

describe('what is refused is said where it was asked', () => {
  test('a landline is refused beside the field, and what was typed stays', async () => {
    const world = await open(screen(contact()));
    await world.type('contact-input', '8 495 123-45-67');
    await world.press('submit-contact');
    expect(world.sent).toEqual([{ intent: 'submit_contact', text: '8 495 123-45-67' }]);
    await world.show(screen(contact({ typed: '8 495 123-45-67', cause: cause('phone_landline') })));
    const error = world.get('cause');
    expect(error.dataset.cause).toBe('phone_landline');
    expect(error.textContent).toContain('городской');
    const field = world.get<HTMLInputElement>('contact-input');
    expect(field.value).toBe('8 495 123-45-67');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.getAttribute('aria-describedby')).toContain(error.id);
    expect(document.activeElement).toBe(field);
    expect(document.title).toBe('Не получилось: Шаг 1 из 4: номер — Мостик');
  });

  test('an empty field is sent all the same: the machine explains, the button is never grey', async () => {
    const world = await open(screen(contact()));
    expect(world.get<HTMLButtonElement>('submit-contact').disabled).toBe(false);
    await world.press('submit-contact');
    expect(world.sent).toEqual([{ intent: 'submit_contact', text: '' }]);
  });

  test('a wrong code keeps its digits, selected, and says how many tries are left', async () => {
    const now = Date.now();
    const world = await open(screen(code(now)));
    await world.type('code-input', '481902');
    await world.show(screen(code(now, { busy: 'checking' })));
    await world.show(screen(code(now, { triesLeft: 4, cause: cause('code_wrong', { triesLeft: 4 }) })));
    const field = world.get<HTMLInputElement>('code-input');
    expect(field.value).toBe('481902');
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, 6]);
    expect(document.activeElement).toBe(field);
    expect(world.get('cause').textContent).toContain('Осталось 4\u00a0попытки.');
    expect(world.sent).toHaveLength(1);
  });

  test('a code typed after its time is checked, and no new one is sent unasked', async () => {
    const world = await open(screen(code(Date.now(), { expiresAt: Date.now() - 1, resendAt: Date.now() - 1 })));
    await world.type('code-input', '481902');
    expect(world.sent).toEqual([{ intent: 'submit_code', code: '481902' }]);
  });

  test('an expired code is cleared, and the main button asks for a new one', async () => {
    const now = Date.now();
    const world = await open(screen(code(now)));
    await world.type('code-input', '4819');
    await world.show(screen(code(now, { expiresAt: now - 1, resendAt: now - 1, cause: cause('code_expired') })));
    expect(world.get<HTMLInputElement>('code-input').value).toBe('');
    expect(world.all('resend')).toHaveLength(1);
    expect(world.all('submit-code')).toHaveLength(0);
    await world.press('resend');
    expect(world.sent).toEqual([{ intent: 'resend' }]);
  });

  test('another name needs the tick; the safe answer is the main button', async () => {
    const world = await open(
      screen(profile({ otherName: true, head: head(3, { state: 'found', nameMasked: 'Ольга О.', role: 'parent' }) })),
    );
    expect(world.get('reject-profile').className).toContain('main');
    expect(world.get('confirm-profile').className).not.toContain('main');
    await world.press('confirm-profile');
    await world.press('accept-other-name');
    await world.press('confirm-profile');
    expect(world.sent).toEqual([
      { intent: 'confirm_profile', acceptOtherName: false },
      { intent: 'confirm_profile', acceptOtherName: true },
    ]);
  });

  test('a number taken by another pupil names nobody and offers another number and support', async () => {
    const world = await open(
      screen({ view: 'taken', head: head(3), channel: 'sms', contactMasked: '+7 900 •••-••-42' }),
    );
    await world.press('change-contact');
    await world.press('support');
    expect(world.sent).toEqual([{ intent: 'change_contact' }, { intent: 'open_report' }]);
  });

  test('MAX under another number says which and what to do', async () => {
    const world = await open(
      screen(
        max(Date.now(), { trouble: { trouble: 'number_differs', phone_masked: '+7 900 •••-••-17', usable: false } }),
      ),
    );
    expect(world.get('max-trouble').textContent).toContain('-17');
    expect(world.get('max-trouble').textContent).toContain('-42');
    await world.press('change-contact');
    expect(world.sent).toEqual([{ intent: 'change_contact' }]);
  });

  test('a keyring that was dismissed is a screen with two ways on', async () => {
    const world = await open(screen({ view: 'keyring', problem: 'dismissed', busy: false }));
    await world.press('retry-keyring');
    await world.press('continue-without-keyring');
    expect(world.sent).toEqual([{ intent: 'retry_keyring' }, { intent: 'continue_without_keyring' }]);
  });

  test('a shell that does not take an intent is told about, not swallowed', async () => {
    const world = await open(screen({ view: 'sign_in', cause: null, fromMax: null, handedOff: null }));
    world.bridge.answer = () => Promise.reject(new Error('gone'));
    await world.press('sign-in');
    expect(world.get('strip').dataset.strip).toBe('deaf');
  });

  test('an older screen never replaces a newer one', async () => {
    const world = await open(screen({ view: 'sign_in', cause: null, fromMax: null, handedOff: null }));
    await world.show(screen(diary(Date.now())));
    world.ui.receive({ ...screen({ view: 'sign_in', cause: null, fromMax: null, handedOff: null }), revision: 0 });
    await world.settle();
    expect(world.view()).toBe('diary');
  });

  test('the offline strip stays until the network is back; a refused link can be put away', async () => {
    const world = await open(
      screen(diary(Date.now()), { strip: 'offline', asOf: Date.now() }, { strip: 'link_refused', reason: 'repeated' }),
    );
    expect(world.all('strip').map((strip) => strip.dataset.strip)).toEqual(['offline', 'link_refused']);
    expect(world.all('dismiss')).toHaveLength(1);
    await world.press('dismiss');
    expect(world.sent).toEqual([{ intent: 'dismiss' }]);
  });
});

describe('the code field', () => {
  test.each(['123-456', '123 456', 'Ваш код: 123 456', 'На +7 900 000-12-42: 123456. Никому не говорите.'])(
    'takes «%s» and sends it once',
    async (text) => {
      const world = await open(screen(code(Date.now())));
      await world.paste('code-input', text);
      expect(world.get<HTMLInputElement>('code-input').value).toBe('123456');
      expect(world.sent).toEqual([{ intent: 'submit_code', code: '123456' }]);
    },
  );

  test('the sixth typed digit sends the code once, letters and all', async () => {
    const world = await open(screen(code(Date.now())));
    await world.type('code-input', '12a3-45');
    expect(world.sent).toEqual([]);
    await world.type('code-input', '6');
    await world.type('code-input', '7');
    expect(world.sent).toEqual([{ intent: 'submit_code', code: '123456' }]);
  });

  test('is one field that the system may fill from the message', async () => {
    const world = await open(screen(code(Date.now())));
    const field = world.get('code-input');
    expect(field.getAttribute('autocomplete')).toBe('one-time-code');
    expect(field.getAttribute('inputmode')).toBe('numeric');
    expect(document.activeElement).toBe(field);
    expect(document.querySelectorAll('[data-view=code] input')).toHaveLength(1);
  });

  test('«Вставить код» takes the clipboard, and goes away when the system refuses', async () => {
    const world = await open(screen(code(Date.now())), (bridge) => {
      bridge.readClipboard = () => Promise.resolve('Код 481902');
    });
    await world.press('paste-code');
    expect(world.sent).toEqual([{ intent: 'submit_code', code: '481902' }]);
    world.bridge.readClipboard = () => Promise.reject(new Error('no'));
    await world.press('paste-code');
    expect(world.all('paste-code')).toHaveLength(0);
    expect(document.body.textContent).toContain('Ctrl+V');
  });

  test('a new code clears the old digits and says that only the last one works', async () => {
    const now = Date.now();
    const world = await open(screen(code(now)));
    await world.type('code-input', '481');
    await world.show(screen(code(now, { nth: 2 })));
    expect(world.get<HTMLInputElement>('code-input').value).toBe('');
    expect(world.get('delivery').textContent).toContain('Работает только последний код.');
  });
});

describe('time', () => {
  test('the countdown is read from the clock: true after sleep', async () => {
    vi.useFakeTimers();
    try {
      const now = Date.now();
      const world = await open(screen(code(now)));
      expect(world.get('code-life').textContent).toBe('Код действует ещё 9:18');
      expect(world.get('resend-in').textContent).toContain('0:42');
      await vi.advanceTimersByTimeAsync(1000);
      await world.settle();
      expect(world.get('code-life').textContent).toBe('Код действует ещё 9:17');
      // The lid was closed: no timer ran, the clock did.
      vi.setSystemTime(now + 120_000);
      document.dispatchEvent(new Event('visibilitychange'));
      await world.settle();
      expect(world.get('code-life').textContent).toBe('Код действует ещё 7:18');
      expect(world.all('resend')).toHaveLength(1);
      vi.setSystemTime(now + 700_000);
      document.dispatchEvent(new Event('visibilitychange'));
      await world.settle();
      expect(world.get('code-life').textContent).toBe('Код больше не действует');
      expect(world.get('resend').className).toContain('main');
    } finally {
      vi.useRealTimers();
    }
  });

  test('a link into MAX that ran out gives way to a new one', async () => {
    const now = Date.now();
    const world = await open(screen(max(now, { expiresAt: now - 1 })));
    expect(world.all('qr')).toHaveLength(0);
    await world.press('renew-max-link');
    expect(world.sent).toEqual([{ intent: 'renew_max_link' }]);
  });
});

describe('the way through', () => {
  test('from the diary to «Готово»', async () => {
    const now = Date.now();
    const world = await open(screen(diary(now)));
    expect(document.title).toBe('Вторник, 24 ноября — Мостик');
    expect(world.get('sferum-state').dataset.state).toBe('not_linked');
    await world.press('press-sferum');
    await world.show(screen(diary(now, { dialog: true })));
    expect(document.activeElement?.textContent).toContain('Учебный профиль Сферум не подключён');
    await world.press('begin');
    await world.show(screen(contact()));
    expect(document.activeElement).toBe(world.get('contact-input'));
    await world.type('contact-input', '8 900 000-12-42');
    await world.show(screen(contact({ ...understood('8 900 000-12-42', '+7 900 000-12-42', true), typed: '' })));
    expect(world.get('contact-kind').textContent).toContain('мобильный');
    await world.press('submit-contact');
    await world.show(screen(code(now)));
    await world.type('code-input', '481902');
    await world.show(screen(profile()));
    expect(document.activeElement?.tagName).toBe('H1');
    await world.press('confirm-profile');
    await world.show(screen(max(now)));
    expect(document.title).toBe('Шаг 4 из 4: MAX — Мостик');
    await world.press('copy-link');
    expect(world.bridge.copied).toHaveLength(1);
    await world.press('open-max');
    await world.show(screen(linked(now)));
    expect(document.querySelector('h1')?.textContent).toBe('Готово, мостик построен');
    await world.press('open-sferum');
    await world.press('back-to-diary');
    expect(world.sent.map((intent) => intent.intent)).toEqual([
      'press_sferum',
      'begin',
      'submit_contact',
      'submit_code',
      'confirm_profile',
      'open_max',
      'open_sferum',
      'back_to_diary',
    ]);
  });

  test('Esc is the safe answer to the dialog', async () => {
    const world = await open(screen(diary(Date.now(), { dialog: true })));
    world.get('not-linked').dispatchEvent(new Event('cancel', { cancelable: true }));
    await world.press('close-dialog');
    expect(world.sent).toEqual([{ intent: 'close_dialog' }, { intent: 'close_dialog' }]);
  });

  test('another day is one press away', async () => {
    const world = await open(screen(diary(Date.now())));
    await world.press('day-next');
    await world.press('day-previous');
    await world.press('day-2026-11-27');
    expect(world.sent).toEqual([
      { intent: 'show_day', date: '2026-11-25' },
      { intent: 'show_day', date: '2026-11-23' },
      { intent: 'show_day', date: '2026-11-27' },
    ]);
  });

  test('the sections that live outside are opened in the browser, «Справка» is here', async () => {
    const world = await open(screen(diary(Date.now())));
    await world.press('nav-library');
    await world.press('open-library');
    await world.press('nav-portfolio');
    expect(document.activeElement?.textContent).toBe('Портфолио учащегося');
    await world.press('open-portfolio');
    await world.press('nav-help');
    await world.press('make-report');
    expect(world.sent).toEqual([
      { intent: 'open_page', page: 'library' },
      { intent: 'open_page', page: 'portfolio' },
      { intent: 'open_report' },
    ]);
    expect(document.title).toBe('Справка — Мостик');
  });

  test('the language and the theme are in the account menu and are kept', async () => {
    const world = await open(screen(diary(Date.now())));
    await world.press('account');
    await world.press('lang-en');
    await world.press('theme-dark');
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('en'));
    await world.settle();
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(world.get('nav-diary').textContent?.trim()).toBe('Diary');
    const again = await open(screen(diary(Date.now())));
    await again.ui.recall();
    await again.settle();
    expect(again.ui.lang).toBe('en');
    expect(again.ui.theme).toBe('dark');
    again.ui.setTheme('system');
    await again.ui.setLang('ru');
  });

  test('the profile among the settings says the state in words and leads where the bar leads', async () => {
    const world = await open(screen(diary(Date.now(), { button: 'continue' })));
    await world.press('account');
    expect(world.get('account-sferum').textContent).toMatch(/Профиль Сферум: Продолжить/);
    await world.press('account-sferum');
    await world.press('press-sferum');
    expect(world.sent).toEqual([{ intent: 'press_sferum' }, { intent: 'press_sferum' }]);
    // It leads away from the panel, and what closes later gives the focus back to the account.
    expect(world.get('account-panel').hidden).toBe(true);
    expect(world.get('account').getAttribute('aria-expanded')).toBe('false');
  });

  test('a busy button among the settings sends nothing twice', async () => {
    const world = await open(screen(diary(Date.now(), { busy: true })));
    await world.press('account');
    await world.press('account-sferum');
    expect(world.sent).toEqual([]);
    expect(world.get('account-panel').hidden).toBe(false);
  });

  test('more contrast is a theme, or what the system asks for', async () => {
    const asked = new EventTarget() as MediaQueryList;
    vi.stubGlobal('matchMedia', () => asked);
    const world = await open(screen(diary(Date.now())));
    const root = document.documentElement;
    expect(root.hasAttribute('data-contrast')).toBe(false);
    await world.press('account');
    await world.press('theme-contrast');
    expect([root.dataset.theme, root.hasAttribute('data-contrast')]).toEqual(['contrast', true]);
    await world.press('theme-light');
    expect(root.hasAttribute('data-contrast')).toBe(false);
    Object.assign(asked, { matches: true });
    asked.dispatchEvent(new Event('change'));
    expect([root.dataset.theme, root.hasAttribute('data-contrast')]).toEqual(['light', true]);
    vi.unstubAllGlobals();
    world.ui.setTheme('system');
  });

  test('connecting is given up only after a second question', async () => {
    const world = await open(screen(contact()));
    await world.press('help');
    await vi.waitFor(() => world.get('stop-linking'));
    await world.press('stop-linking');
    expect(world.sent).toEqual([]);
    await world.press('cancel-linking');
    expect(world.sent).toEqual([{ intent: 'cancel_linking' }]);
  });

  test('e-mail is promised only where it is possible', async () => {
    const world = await open(screen(contact()));
    expect(document.querySelector('[data-view=contact] .lead')?.textContent).not.toContain('почта');
    await world.type('contact-input', 'misha@example.org');
    expect(world.all('contact-kind')).toHaveLength(0);
  });

  test('a busy button keeps its place and does nothing twice', async () => {
    const world = await open(screen(contact({ typed: '9000001242', busy: true })));
    await world.press('submit-contact');
    expect(world.sent).toEqual([]);
    expect(world.get('submit-contact').getAttribute('aria-busy')).toBe('true');
  });
});

test(
  'every scene has one heading of the first rank, one main button at most, and a title',
  { timeout: 60_000 },
  async () => {
    for (const [name, scene] of Object.entries(scenes)) {
      const world = await open(scene(Date.now()));
      expect(document.querySelectorAll('h1'), name).toHaveLength(1);
      expect(document.querySelector('[data-view]')?.textContent ?? '', name).not.toMatch(/undefined|NaN|\[object/);
      const modal = document.querySelector('dialog[open]');
      const mains = [...document.querySelectorAll('button.main')].filter((b) => !modal || modal.contains(b));
      expect(mains.length, name).toBeLessThanOrEqual(1);
      expect(document.title, name).toMatch(/ — Мостик$/);
      const ids = [...document.querySelectorAll('button[data-testid]')]
        .map((b) => (b as HTMLElement).dataset.testid ?? '')
        .filter((id) => !['dismiss', 'lesson-sferum'].includes(id));
      expect(new Set(ids).size, `${name}: ${ids.join(' ')}`).toBe(ids.length);
      world.close();
    }
  },
);
