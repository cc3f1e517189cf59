import { describe, expect, test, vi } from 'vitest';
import { contact, day, diary, screen, unknownDay, weekOf } from '../src/gallery/scenes';
import { open } from './world';

const now = Date.now();
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-testid="lesson"]')];

describe('the lessons of a day', () => {
  test('a lesson that is cancelled cannot be joined, is not counted and is never the next one', async () => {
    const week = weekOf(now);
    for (const lesson of week[1]?.lessons ?? []) lesson.change = lesson.remote ? 'cancelled' : null;
    const world = await open(screen(diary(now, { day: day(now, { week }), button: 'linked', invited: false })));
    expect(rows()).toHaveLength(6);
    const off = document.querySelector<HTMLElement>('[data-change="cancelled"]');
    expect(off?.textContent).toContain('отменён');
    expect(off?.hasAttribute('aria-current')).toBe(false);
    expect(world.all('lesson-sferum')).toHaveLength(0);
    expect(document.querySelector('.lead')?.textContent).toContain('5\u00a0уроков');
    expect(document.querySelector('[aria-current="time"]')?.textContent).toContain('Английский');
  });

  test('the next lesson is marked today, and on no other day', async () => {
    const world = await open(screen(diary(now)));
    expect(rows().filter((row) => row.getAttribute('aria-current') === 'time')).toHaveLength(1);
    expect(document.querySelector('[aria-current="time"]')?.textContent).toContain('Биология');
    await world.show(screen(diary(now, { day: day(now, { date: '2026-11-26' }) })));
    expect(document.querySelectorAll('[aria-current="time"]')).toHaveLength(0);
  });

  test('a remote lesson is joined by its id once Sferum is linked, and leads into connecting before', async () => {
    const world = await open(screen(diary(now, { button: 'linked', invited: false })));
    expect(world.get('lesson-sferum').textContent).toContain('Подключиться');
    await world.press('lesson-sferum');
    expect(world.sent).toEqual([{ intent: 'join_lesson', lesson: '2026-11-24 12:40' }]);
    await world.show(screen(diary(now)));
    expect(world.get('lesson-sferum').textContent).toContain('Подключить:');
  });

  test('a lesson without an address says that it leads to Sferum', async () => {
    const week = weekOf(now);
    for (const lesson of week[1]?.lessons ?? []) lesson.joins = false;
    const world = await open(screen(diary(now, { day: day(now, { week }), button: 'linked', invited: false })));
    expect(world.get('lesson-sferum').textContent).toContain('Перейти в Сферум');
  });

  test('without a connection the age of what is shown is said, and nothing offers to open', async () => {
    const world = await open(
      screen(diary(now, { button: 'offline', invited: false }), { strip: 'offline', asOf: now - 60_000 }),
    );
    expect(world.get('schedule-age').textContent).toContain('Расписание прочитано:');
    expect([...world.all('lesson-sferum'), ...world.all('open-chat')]).toHaveLength(0);
    expect(world.get('class-chats').textContent).toContain('когда вернётся связь');
  });
});

describe('the week', () => {
  test('shows every school day with what is out of the ordinary, and a heading leads to its day', async () => {
    const world = await open(screen(diary(now)));
    await world.press('mode-week');
    const week = world.get('week');
    expect(week.querySelectorAll('section')).toHaveLength(6);
    for (const words of ['отменён', 'замена', 'дистанционно']) expect(week.textContent).toContain(words);
    expect(document.querySelector('h1')?.textContent.trim()).toBe('23–29\u00a0ноября'.replace('\u00a0', ' '));
    await world.press('day-next');
    expect(world.sent).toEqual([{ intent: 'show_day', date: '2026-12-01' }]);
    await world.press('week-2026-11-26');
    expect(world.sent[1]).toEqual({ intent: 'show_day', date: '2026-11-26' });
    expect(world.all('week')).toHaveLength(0);
  });

  test('that is not known shows what a day shows then', async () => {
    const world = await open(screen(diary(now, { day: unknownDay('2026-12-01') })));
    await world.press('mode-week');
    expect(world.all('lessons-reading')).toHaveLength(1);
  });
});

describe('class chats', () => {
  test('open by their names once linked, and say what they wait for before', async () => {
    const world = await open(screen(diary(now)));
    expect(world.get('class-chats').textContent).toContain('когда подключите Сферум');
    await world.show(screen(diary(now, { button: 'linked_without_messenger', invited: false })));
    expect(world.get('class-chats').textContent).toContain('когда подключите MAX');
    await world.show(screen(diary(now, { button: 'linked', invited: false })));
    expect(world.get('open-chat').textContent).toContain('Открыть чат');
    await world.press('open-chat');
    expect(world.sent).toEqual([{ intent: 'open_chat', title: '8 «Б»' }]);
  });

  test('take no room where the operator knows of none', async () => {
    const world = await open(screen(diary(now, { chats: [] })));
    expect(world.all('class-chats')).toHaveLength(0);
  });
});

describe('an answer that takes long', () => {
  test('shows nothing for 300 ms, then that it is awaited, and after four seconds a way out', async () => {
    vi.useFakeTimers();
    try {
      const world = await open(screen(contact()));
      await world.show(screen(contact({ busy: true })));
      const planks = () => world.get('submit-contact').querySelectorAll('.planks').length;
      const after = async (ms: number) => {
        await vi.advanceTimersByTimeAsync(ms);
        await world.settle();
      };
      expect(world.get('submit-contact').getAttribute('aria-busy')).toBe('true');
      await after(299);
      expect(planks()).toBe(0);
      await after(1);
      expect(planks()).toBe(1);
      await after(3_699);
      expect(world.all('slow')).toHaveLength(0);
      await after(1);
      await world.press('stop-waiting');
      expect(world.sent).toEqual([{ intent: 'stop_waiting' }]);
      await world.show(screen(contact()));
      expect([planks(), world.all('slow').length]).toEqual([0, 0]);
    } finally {
      vi.useRealTimers();
    }
  });
});
