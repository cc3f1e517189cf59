import { describe, expect, test } from 'vitest';
import { about } from '../src/gallery/about';
import { code, diary, screen } from '../src/gallery/scenes';
import notices from '../src/text/notices.json';
import licences from '../src/generated/licences.json';
import { about as texts } from '../src/text/about';
import { open } from './world';

const over = (card = about()) => ({ ...screen(diary(Date.now())), about: card });

describe('«О программе»', () => {
  test('is opened from the account’s menu and from «Справка», and closes by its cross', async () => {
    const world = await open(screen(diary(Date.now(), { invited: false })));
    await world.press('account');
    await world.press('open-about');
    expect(world.sent).toEqual([{ intent: 'open_about' }]);
    await world.press('nav-help');
    await world.press('open-about');
    expect(world.sent.at(-1)).toEqual({ intent: 'open_about' });
    await world.show(over());
    await world.press('about-x');
    expect(world.sent.at(-1)).toEqual({ intent: 'close_about' });
  });

  test('lies over any step, which is there beneath', async () => {
    const world = await open({ ...screen(code(Date.now())), about: about() });
    expect(world.view()).toBe('code');
    expect(world.get('about-version').textContent).toContain('0.1.0');
    const kept = world.get('kept').textContent;
    for (const place of Object.values(about().installation).slice(2, 5)) expect(kept).toContain(place);
    expect(kept).toContain(texts.ru.kept.keyring);
  });

  test('says each state of the service and of updates in its own words, and asks only when it is pressed', async () => {
    const world = await open(over());
    expect(world.get('update').textContent?.trim()).toBe('');
    const said = new Set<string>();
    for (const update of ['newest', 'not_offered', 'no_key', 'forged', 'unreadable', 'down', 'offline'] as const) {
      await world.show(over(about({ update: { update } })));
      said.add(world.get('update').textContent ?? '');
    }
    expect(said.size).toBe(7);
    for (const health of ['well', 'slow', 'down', 'offline'] as const) {
      await world.show(over(about({ health })));
      said.add(world.get('health').textContent ?? '');
    }
    expect(said.size).toBe(11);
    expect(world.sent).toEqual([]);
    await world.press('check-release');
    await world.press('check-health');
    expect(world.sent).toEqual([{ intent: 'check_release' }, { intent: 'check_health' }]);
    await world.show(over(about({ update: { update: 'asking' } })));
    await world.press('check-release');
    expect(world.sent, 'asked once').toHaveLength(2);
  });

  test('a newer release is told with what is new and how it comes here, as plain words', async () => {
    const update = { update: 'newer', version: '0.2.0', released: '2026-12-01', notes: '<b>Новое</b>' } as const;
    const world = await open(over(about({ update })));
    const text = world.get('update').textContent;
    for (const part of ['0.2.0', '1 декабря 2026', '<b>Новое</b>', texts.ru.how.deb]) expect(text).toContain(part);
    expect(world.get('update').querySelector('b')).toBeNull();
  });

  test('the switch sends what it is switched to, and says when the system says no', async () => {
    const world = await open(over());
    await world.press('notices');
    expect(world.sent).toEqual([{ intent: 'set_notices', on: false }]);
    expect(world.all('notices-denied')).toEqual([]);
    await world.show(over(about({ noticesDenied: true })));
    expect(world.get('notices-denied').textContent).toContain(texts.ru.notices.denied);
  });
});

test('what the system tells names nobody, has no place to put a name in, and is said in both languages', () => {
  expect(Object.keys(notices.ru)).toEqual(Object.keys(notices.en));
  const words = [notices.ru, notices.en]
    .flatMap((lang) => Object.values(lang))
    .flatMap(({ title, body }) => [title, body]);
  expect(words).toHaveLength(20);
  for (const text of words) {
    expect(text).not.toMatch(/[{}$%<>!]/);
    expect(text.length).toBeLessThanOrEqual(60);
  }
});

test('each licence that a part may be used under has its text, and parts bring their notices', () => {
  const ids = licences.texts.map(({ id }) => id);
  for (const { licence } of licences.groups)
    expect(
      ids.some((id) => licence.includes(id)),
      licence,
    ).toBe(true);
  const parts = licences.groups.flatMap((group) => group.parts as { name: string; copyright: string[] }[]);
  expect(parts.filter((part) => part.copyright.length > 0).length).toBeGreaterThan(parts.length / 2);
});
