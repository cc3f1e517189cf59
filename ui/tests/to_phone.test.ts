import { expect, test, vi } from 'vitest';
import { cause, children, diary, max, minute, screen, security } from '../src/gallery/views';
import { toPhone, toPhoneScenes } from '../src/gallery/toPhone';
import { open } from './world';

const scene = (name: string) => {
  const make = toPhoneScenes[name];
  if (!make) throw new Error(`no scene ${name}`);
  return make(Date.now());
};

test('it is offered in the diary, at each step and in «Мой паспорт», and nowhere else', async () => {
  const now = Date.now();
  const world = await open(screen(diary(now)));
  for (const shown of [screen(diary(now)), screen(max(now)), screen(security(now))]) {
    await world.show(shown);
    await world.press('send-to-phone');
    expect(world.sent.pop()).toEqual({ intent: 'send_to_phone' });
    // A phone, a tablet with a phone's system: the machine says so.
    await world.show({ ...shown, sendsToPhone: false });
    expect(world.all('send-to-phone')).toHaveLength(0);
    // As narrow as a phone.
    await world.show(shown);
    world.ui.size = 'compact';
    await world.settle();
    expect(world.all('send-to-phone')).toHaveLength(0);
    world.ui.size = 'expanded';
  }
  await world.show(screen(children()));
  expect(world.all('send-to-phone')).toHaveLength(0);
});

test('the code is named, copied by a button, and says whose it is and what a stranger sees', async () => {
  const world = await open(scene('to-phone-parent'));
  const dialog = world.get('to-phone');
  const qr = world.get('qr');
  expect(qr.getAttribute('role')).toBe('img');
  expect(qr.getAttribute('aria-label')).toMatch(/телефон/);
  expect(qr.dataset.url).toMatch(/^https:\/\/mostik\.example\/continue\//);
  expect(dialog.textContent).toContain('Анна Орлова, 4\u00a0«А»');
  expect(dialog.textContent).toMatch(/увидит только «Анна\u00a0О\.»/);
  expect(world.get('to-phone-life').textContent).toMatch(/4:59|5:00/);
  await world.press('copy-to-phone');
  expect(world.bridge.copied).toEqual([qr.dataset.url]);
  await world.press('close-to-phone');
  expect(world.sent.pop()).toEqual({ intent: 'close_send_to_phone' });
});

test('a code that is over is not shown any more, and a new one is one press away', async () => {
  const world = await open(scene('to-phone-over'));
  expect(world.all('qr')).toHaveLength(0);
  expect(world.all('copy-to-phone')).toHaveLength(0);
  await world.press('renew-to-phone');
  expect(world.sent.pop()).toEqual({ intent: 'send_to_phone' });
  const now = Date.now();
  await world.show(toPhone(now, { busy: true, code: { ...must(toPhone(now)), stage: 'over' } }));
  await world.press('renew-to-phone');
  expect(world.sent.filter(({ intent }) => intent === 'send_to_phone')).toHaveLength(0);
});

test('it says that the link was opened, and then that the diary was', async () => {
  const world = await open(scene('to-phone'));
  world.get('copy-to-phone').focus();
  await world.show(scene('to-phone-seen'));
  expect(world.get('to-phone-seen').textContent).toContain('Осталось войти');
  expect(world.all('qr')).toHaveLength(1);
  await world.show(scene('to-phone-taken'));
  expect(world.all('qr')).toHaveLength(0);
  expect(world.get('to-phone-taken').textContent).toContain('Мостик, Android');
  expect(world.get('to-phone').textContent).toContain('Открыто на телефоне');
  expect(document.activeElement).toBe(world.get('close-to-phone'));
});

test('without a network it says so, and the code is asked for again from the dialog', async () => {
  const world = await open(scene('to-phone-offline'));
  expect(world.get('cause').dataset.cause).toBe('offline');
  expect(world.all('retry')).toHaveLength(0);
  await world.press('renew-to-phone');
  expect(world.sent.pop()).toEqual({ intent: 'send_to_phone' });
  await world.show(toPhone(Date.now(), { code: null, cause: cause('service_busy', { retryAt: Date.now() + minute }) }));
  expect(world.get('to-phone').textContent).toContain('через');
});

test('who comes by a code is told whose diary it leads to, before and after the sign-in', async () => {
  const world = await open(scene('handed-off-sign-in'));
  await vi.waitFor(() => expect(world.get('handed-off').textContent).toMatch(/Анна\u00a0О\./));
  await world.show(scene('handed-off-not-yours'));
  await vi.waitFor(() => expect(world.get('strip').textContent).toMatch(/«Анна\u00a0О\.».*Выйдите и войдите/s));
  await world.show(scene('handed-off-used'));
  await vi.waitFor(() => expect(world.get('strip').textContent).toContain('Отправить на телефон'));
});

function must(shown: ReturnType<typeof toPhone>) {
  const code = shown.toPhone?.code;
  if (!code) throw new Error('no code');
  return code;
}
