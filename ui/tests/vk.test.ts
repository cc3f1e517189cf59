import { describe, expect, test } from 'vitest';
import { linked, max, profileCard, screen, security } from '../src/gallery/scenes';
import { both, bound, offered, offering, signingIn, vkAlone, vkScenes } from '../src/gallery/vk';
import { children } from '../src/text/children';
import { en } from '../src/text/en';
import { help } from '../src/text/help';
import { retold, teller } from '../src/text/messengers';
import { ru } from '../src/text/ru';
import { security as securityTexts } from '../src/text/security';
import { steps } from '../src/text/steps';
import { open } from './world';

const minute = 60_000;
const text = () => document.body.textContent.replaceAll('\u00ad', '');

/** The adapted sentences come a moment after the screen. */
async function opened(...args: Parameters<typeof open>) {
  const world = await open(...args);
  await import('../src/text/messengers');
  await world.settle();
  return world;
}

describe('what goes wrong with VK', () => {
  for (const [trouble, said] of [
    ['refused', 'в браузере вы отказались'],
    ['account_taken', 'уже подключён к другому учебному профилю'],
    ['unavailable', 'VK не ответил'],
  ] as const) {
    test(`${trouble}: it is said with what to do, and may be tried again`, async () => {
      const world = await opened(offering(both, max(Date.now(), { vk: { state: 'offered', trouble } })));
      expect(world.get('vk-trouble').textContent).toContain(said);
      expect(document.title).toMatch(/^Не получилось: /);
      await world.press('connect-vk');
      expect(world.sent).toEqual([{ intent: 'connect_vk' }]);
    });
  }

  test('a sign-in that ran out is offered anew before the service says so', async () => {
    const now = Date.now();
    const world = await opened(offering(both, max(now, { vk: signingIn(now - 10 * minute) })));
    expect(world.all('vk-waiting')).toEqual([]);
    expect(world.get('connect-vk').textContent).toContain('Подключить VK Мессенджер');
  });

  test('while a wish is under way a second press sends nothing', async () => {
    const world = await opened(offering(both, max(Date.now(), { vk: offered, busy: true })));
    await world.press('connect-vk');
    expect(world.sent).toEqual([]);
  });
});

describe('connecting', () => {
  test('where VK is not offered there is not a word of it', async () => {
    const world = await open(screen(max(Date.now())));
    expect(world.all('vk')).toEqual([]);
    expect(text()).not.toContain('VK');
  });

  test('beside MAX it is offered in its own card, and MAX stays the main way', async () => {
    const now = Date.now();
    const world = await opened(offering(both, max(now, { vk: offered })));
    expect(document.querySelector('h1')?.textContent).toBe('Остался мессенджер');
    expect(world.get('vk').textContent).toContain('Нужен ваш аккаунт, а не родителя');
    expect(world.get('open-max').className).toContain('main');
    expect(world.get('connect-vk').className).not.toContain('main');
    await world.show(offering(both, max(now, { vk: signingIn(now) })));
    expect(world.get('vk-waiting').textContent).toContain('Ждём ответа из браузера');
    await world.press('copy-vk');
    expect(world.bridge.copied.at(-1)).toMatch(/^https:\/\/id\.vk\.com\/authorize/);
    await world.show(offering(both, max(now, { vk: { state: 'asking', expiresAt: now + minute } })));
    expect(world.get('vk').textContent).toContain('ваш ли это аккаунт VK');
  });

  test('where VK alone is offered MAX is nowhere', async () => {
    for (const [name, scene] of Object.entries(vkScenes).filter(([name]) => name.startsWith('vk-alone'))) {
      const world = await opened(scene(Date.now()));
      expect(text(), name).not.toMatch(/MAX|МАХ/);
      world.close();
    }
    const world = await opened(offering(vkAlone, max(Date.now(), { vk: offered })));
    expect(world.all('open-max')).toEqual([]);
    expect(world.get('connect-vk').className).toContain('main');
  });
});

describe('when it is done', () => {
  test('«Готово» says which messenger there is and opens that one', async () => {
    const now = Date.now();
    const world = await opened(offering(both, linked(now, { inMax: false, vk: bound })));
    expect(document.querySelector('h1')?.textContent).toBe('Готово, мостик построен');
    expect(world.get('vk').textContent).toContain('VK Мессенджер подключён: Михаил О.');
    expect(world.all('open-sferum')).toEqual([]);
    await world.press('open-vk');
    await world.press('renew-max-link');
    await world.show(offering(both, linked(now, { vk: bound })));
    expect(world.all('renew-max-link')).toEqual([]);
    await world.press('open-sferum');
    expect(world.sent.map(({ intent }) => intent)).toEqual(['open_vk', 'renew_max_link', 'open_sferum']);
  });

  test('«Безопасность» says since when and as whom, and unlinks one alone where the other or an address stays', async () => {
    const now = Date.now();
    const vk = { nameMasked: 'Михаил О.', since: now - 3 * minute };
    const card = (more: Parameters<typeof profileCard>[1]) =>
      offering(both, security(now, { profile: profileCard(now, more) }));
    const world = await opened(card({ channel: 'sms', vk }));
    expect(world.get('messenger-vk').textContent).toContain('Михаил О.');
    await world.press('unlink-vk');
    await world.press('unlink-max');
    // The last one of a link by phone goes with the whole.
    await world.show(card({ channel: 'sms' }));
    expect(world.all('unlink-max')).toEqual([]);
    expect(world.get('messenger-vk').dataset.bound).toBe('false');
    await world.press('add-vk');
    await world.show(card({ channel: 'mail' }));
    await world.press('unlink-max');
    expect(world.sent).toEqual([
      { intent: 'begin_proof', action: 'unlink_vk' },
      { intent: 'begin_proof', action: 'unlink_max' },
      { intent: 'add_messenger' },
      { intent: 'begin_proof', action: 'unlink_max' },
    ]);
  });

  test('the dialog names the messenger that leaves', async () => {
    const world = await opened(offering(both, security(Date.now(), { action: 'unlink_vk' })));
    expect(world.get('proof').textContent).toContain('Отвязать VK Мессенджер?');
    expect(world.get('proof-do').textContent).toContain('Отвязать VK');
  });
});

test('each sentence that is told otherwise is still said', () => {
  const said = new Set<string>();
  const hear = (value: unknown): void => {
    if (typeof value === 'string') said.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(hear);
  };
  [ru, en, children, securityTexts, help, steps].forEach(hear);
  for (const sentence of [...retold.both, ...retold.vkAlone]) expect(said, sentence).toContain(sentence);
  const tell = teller(vkAlone);
  expect(tell(steps.ru.contact).lead({ parent: false, mail: false, name: '' })).toBe(
    'Укажите номер, с которым вы входите в VK.',
  );
});
