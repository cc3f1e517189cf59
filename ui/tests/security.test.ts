import { describe, expect, test } from 'vitest';
import { cause, code, diary, profileCard, screen, security } from '../src/gallery/scenes';
import { open } from './world';

const minute = 60_000;
const password = 'синий трамвай у моря';

describe('what is refused', () => {
  test('an empty password is asked for in the window, and nothing is sent', async () => {
    const world = await open(screen(security(Date.now(), { action: 'unlink' })));
    await world.press('proof-do');
    expect(world.sent).toEqual([]);
    expect(world.get('missing').textContent).toContain('Пароль не указан');
    expect(document.activeElement).toBe(world.get('owner-password'));
  });

  test('a wrong password stays, selected, and says how many tries are left and that a code will do', async () => {
    const now = Date.now();
    const world = await open(screen(security(now, { action: 'unlink' })));
    await world.type('owner-password', password);
    await world.press('proof-do');
    expect(world.sent).toEqual([{ intent: 'prove_by_password', password }]);
    await world.show(screen(security(now, { action: 'unlink', busy: 'doing' })));
    await world.press('proof-do');
    expect(world.sent).toHaveLength(1);
    await world.show(screen(security(now, { action: 'unlink', cause: cause('password_wrong', { triesLeft: 9 }) })));
    const field = world.get<HTMLInputElement>('owner-password');
    expect(field.value).toBe(password);
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, password.length]);
    expect(world.get('cause').textContent).toContain('подтвердите кодом. Осталось 9\u00a0попыток.');
  });

  test('a code is asked for before it can be given, and half a code is sent for the machine to refuse', async () => {
    const now = Date.now();
    const by = (more: Parameters<typeof profileCard>[1]) => profileCard(now, { hasPassword: false, ...more });
    const world = await open(screen(security(now, { action: 'delete', profile: by({}) })));
    expect(world.all('owner-password')).toEqual([]);
    await world.press('proof-do');
    expect(world.get('missing').textContent).toContain('Сначала попросите код');
    await world.press('send-owner-code');
    expect(world.sent).toEqual([{ intent: 'send_owner_code' }]);
    const sent = { expiresAt: now + 9 * minute, triesLeft: 5, delivery: 'sent' } as const;
    await world.show(screen(security(now, { action: 'delete', profile: by({ code: sent, resendAt: now + minute }) })));
    expect(world.all('missing')).toEqual([]);
    await world.type('owner-code', '481902');
    expect(world.sent, 'six digits alone do nothing that cannot be taken back').toHaveLength(1);
    await world.press('proof-do');
    expect(world.sent.at(-1)).toEqual({ intent: 'prove_by_code', code: '481902' });
  });

  test('two parents on one child: who went on is named', async () => {
    const now = Date.now();
    const world = await open(screen(code(now, { cause: cause('moved_on', { movedBy: 'Ольга' }) })));
    expect(world.get('cause').textContent).toContain('Ольга: с этого аккаунта подключение уже продолжили.');
    await world.show(screen(code(now, { cause: cause('moved_on') })));
    expect(world.get('cause').textContent).toContain('Подключение продолжили в другом окне.');
  });

  test('what cannot be reached is said in place of a profile', async () => {
    const world = await open(
      screen(security(Date.now(), { profile: null, button: 'offline', cause: cause('service_broken') })),
    );
    expect(world.get('cause').dataset.cause).toBe('service_broken');
    expect(world.all('unlink')).toEqual([]);
    await world.press('refresh');
    expect(world.sent).toEqual([{ intent: 'refresh' }]);
  });
});

describe('«Безопасность»', () => {
  test('is reached from the account, and the sections lead back into the diary', async () => {
    const now = Date.now();
    const world = await open(screen(diary(now)));
    await world.press('account');
    await world.press('passport');
    expect(world.sent).toEqual([{ intent: 'open_security' }]);
    await world.show(screen(security(now)));
    expect(document.activeElement).toBe(world.get('security-title'));
    expect(document.title).toBe('Мой паспорт — Мостик');
    await world.press('nav-help');
    expect(world.sent.at(-1)).toEqual({ intent: 'back_to_diary' });
    await world.show(screen(diary(now)));
    expect(document.querySelector('[data-section]')?.getAttribute('data-section')).toBe('help');
  });

  test('says whose profile it is and since when, and gives the id out in one press', async () => {
    const now = Date.now();
    const world = await open(screen(security(now)));
    const state = world.get('link-state');
    expect(state.textContent).toContain('Анна О.');
    expect(state.textContent).toContain('a•••a@example.ru');
    await world.press('copy-id');
    expect(world.bridge.copied).toEqual(['4815162342']);
    await world.press('unlink');
    await world.press('export');
    await world.press('delete');
    expect(world.sent.map((intent) => ('action' in intent ? intent.action : ''))).toEqual([
      'unlink',
      'export',
      'delete',
    ]);
  });

  test('the dialog says what goes and what stays in the document’s words, and closes on «Отменить»', async () => {
    const world = await open(screen(security(Date.now(), { action: 'unlink' })));
    const dialog = world.get('proof');
    for (const words of ['Закроется', 'Останется', 'Отменить', 'Отвязать']) expect(dialog.textContent).toContain(words);
    await world.press('proof-cancel');
    expect(world.sent).toEqual([{ intent: 'close_dialog' }]);
  });

  test('a profile that is about to go can be kept, and cannot be unlinked', async () => {
    const now = Date.now();
    const due = now + 23 * 60 * minute;
    const world = await open(screen(security(now, { profile: profileCard(now, { deletesAt: due }) })));
    expect(world.all('unlink')).toEqual([]);
    expect(world.all('delete')).toEqual([]);
    expect(world.all('export')).toHaveLength(1);
    await world.press('keep');
    expect(world.sent).toEqual([{ intent: 'keep_profile' }]);
    await world.show(screen(diary(now, { button: 'linked', deletesAt: due })));
    await world.press('diary-security');
    expect(world.sent.at(-1)).toEqual({ intent: 'open_security' });
  });

  test('saved files are named and can be shown', async () => {
    const file = '/home/olga/Downloads/mostik-1.html';
    const world = await open(screen(security(Date.now(), { saved: file })));
    expect(world.get('saved').textContent).toContain(file);
    await world.press('show-saved');
    expect(world.sent).toEqual([{ intent: 'show_saved' }]);
  });

  test('without a link the way leads into connecting', async () => {
    const world = await open(screen(security(Date.now(), { profile: null, linked: false, button: 'not_linked' })));
    await world.press('security-sferum');
    expect(world.sent).toEqual([{ intent: 'press_sferum' }]);
  });

  test('another device is signed out by its row, this one has no such button, and everywhere means everywhere', async () => {
    const world = await open(screen(security(Date.now())));
    expect(world.all('session')).toHaveLength(2);
    expect(world.all('end-session')).toHaveLength(1);
    expect(world.all('session')[0]?.textContent).toContain('Это устройство');
    await world.press('end-session');
    await world.press('sign-out-everywhere');
    expect(world.sent).toEqual([{ intent: 'end_session', session: 's-2' }, { intent: 'sign_out_everywhere' }]);
  });

  test('what happened is told with when, who and where, the newest first and the rest on request', async () => {
    const world = await open(screen(security(Date.now())));
    const kinds = () => world.all('event').map((event) => event.dataset.kind);
    expect(kinds()).toEqual(['in_max', 'linked', 'signed_in', 'unlinked']);
    expect(world.all('event')[2]?.textContent).toContain('Сергей · Мостик, Android');
    await world.press('all-events');
    expect(kinds()).toHaveLength(5);
  });
});
