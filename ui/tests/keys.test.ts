import { describe, expect, test, vi } from 'vitest';
import { code, diary, fromMax, profileCard, screen, security } from '../src/gallery/scenes';
import { open } from './world';

const minute = 60_000;

describe('the focus stays with the person', () => {
  test('the way past the bar leads to the heading', async () => {
    const world = await open(screen(diary(Date.now())));
    world.get('skip').focus();
    await world.press('skip');
    expect(document.activeElement).toBe(document.querySelector('main h1'));
    expect(world.sent).toEqual([]);
  });

  test('the other proof takes the focus of what was pressed', async () => {
    const now = Date.now();
    const world = await open(screen(security(now, { action: 'unlink' })));
    await world.press('by-code');
    expect(document.activeElement).toBe(world.get('send-owner-code'));
    // The code that was asked for here takes it on.
    await world.press('send-owner-code');
    const sent = { expiresAt: now + 9 * minute, triesLeft: 5, delivery: 'sent' } as const;
    await world.show(screen(security(now, { action: 'unlink', profile: profileCard(now, { code: sent }) })));
    expect(document.activeElement).toBe(world.get('owner-code'));
    await world.press('by-password');
    expect(document.activeElement).toBe(world.get('owner-password'));
  });

  test('the rest of the history is gone on with where it began', async () => {
    const world = await open(screen(security(Date.now())));
    const before = world.all('event').length;
    await world.press('all-events');
    expect(document.activeElement).toBe(world.all('event')[before]);
  });

  test('the question about giving up comes and goes without losing it', async () => {
    const world = await open(screen(code(Date.now())));
    await world.press('help');
    await vi.waitFor(() => world.get('stop-linking'));
    await world.press('stop-linking');
    expect(document.activeElement).toBe(world.get('keep-linking'));
    await world.press('keep-linking');
    expect(document.activeElement).toBe(world.get('stop-linking'));
  });
});

describe('time that runs out', () => {
  const aloud = (testid: string, world: Awaited<ReturnType<typeof open>>) =>
    world.get(testid).nextElementSibling?.textContent;

  test('is told at its start, a minute before its end, and at its end, and not on each tick', async () => {
    vi.useFakeTimers();
    try {
      const now = Date.now();
      const world = await open(screen(code(now)));
      const at = async (ms: number) => {
        vi.setSystemTime(now + ms);
        document.dispatchEvent(new Event('visibilitychange'));
        await world.settle();
        return aloud('code-life', world);
      };
      const begun = await at(0);
      expect(begun).toMatch(/^Код действует ещё 9\s/);
      expect(await at(5 * minute)).toBe(begun);
      expect(await at(558_000 - 59_000)).toBe('Код действует ещё 1:00');
      expect(await at(558_000 - 20_000)).toBe('Код действует ещё 1:00');
      expect(await at(558_001)).toBe('Код больше не действует');
      // What is left then: a new one.
      expect(world.get('resend').className).toContain('main');
    } finally {
      vi.useRealTimers();
    }
  });

  test('the answer to MAX says how long it may take', async () => {
    vi.useFakeTimers();
    try {
      const now = Date.now();
      const world = await open(screen(fromMax(now, { expiresAt: now + 14 * minute })));
      expect(world.get('launch-life').textContent).toBe('Ответить можно ещё 14:00');
      vi.setSystemTime(now + 14 * minute);
      document.dispatchEvent(new Event('visibilitychange'));
      await world.settle();
      expect(world.all('launch-life')).toHaveLength(0);
      expect(world.all('accept-launch')).toHaveLength(0);
      expect(document.querySelector('[role=alert]')?.textContent).toContain('Нажмите «Открыть Мостик»');
    } finally {
      vi.useRealTimers();
    }
  });
});
