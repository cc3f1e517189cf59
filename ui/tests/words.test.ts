import { describe, expect, test } from 'vitest';
import types from '../src/generated/types.ts?raw';
import type { CauseKind } from '../src/generated/types';
import { cause, contact, screen } from '../src/gallery/scenes';
import { fieldCauses, waysOn } from '../src/logic/causes';
import { en } from '../src/text/en';
import { ru } from '../src/text/ru';
import { steps } from '../src/text/steps';
import { count, dayTitle, initialOf, initialsOf, masked, nextSchoolDay, shift, span, week } from '../src/text/words';
import { open } from './world';

/** The kinds as the generated types list them: a kind that Rust gains fails here until it has words. */
function kinds(): CauseKind[] {
  const union = /export type CauseKind =([^;]+);/.exec(types)?.[1] ?? '';
  return [...union.matchAll(/"([a-z_0-9]+)"/g)].map((match) => match[1] as CauseKind);
}

describe('names', () => {
  test.each([
    ['Михаил О.', 'МО'],
    ['Кхань Линь Н.', 'КН'],
    ['Д’Артаньян', 'Д'],
    ["'т Хоофт", 'ТХ'],
    ['(Ким) -', 'К'],
    ['и\u0306он', 'Й'],
    ['👩🏽‍🚀 Ким', 'К'],
    ['👩🏽‍🚀', ''],
    ['\u2068عمر ا.\u2069', 'ع\u200cا'],
    ['', ''],
  ])('the initials of «%s» are «%s»', (name, initials) => {
    expect(initialsOf(name).normalize('NFC')).toBe(initials);
  });

  test('a first letter is whole, whatever it takes to write it', () => {
    expect([initialOf('𐐀лла'), initialOf('«Аня»'), initialOf('-')]).toEqual(['𐐀', 'А', '']);
  });

  test('a masked name breaks between its words, but not before its last letter', () => {
    expect(masked('Кхань Линь Н.')).toBe('Кхань Линь\u00a0Н.');
    expect(masked('Путри')).toBe('Путри');
  });
});

describe('causes', () => {
  test('each kind says what happened and what to do, in both languages', () => {
    expect(kinds().length).toBeGreaterThan(30);
    for (const kind of kinds()) {
      for (const [name, texts] of Object.entries({ ru, en })) {
        const text = texts.cause.kinds[kind] as { what: string; next: string } | undefined;
        expect(text?.what, `${name}: ${kind}`).toMatch(/[.!?]$/);
        expect(text?.next, `${name}: ${kind}`).toMatch(/[.!?]$/);
      }
    }
    expect(Object.keys(ru.cause.kinds).sort()).toEqual([...kinds()].sort());
  });

  test('each kind that is not answered in a field offers a way on', () => {
    const byMainButton = new Set<CauseKind>([
      'resend_too_early',
      'sign_in_refused',
      'sign_in_abandoned',
      'sign_in_forged',
      'browser_not_opened',
      'session_ended',
    ]);
    for (const kind of kinds()) {
      if (fieldCauses.has(kind) || byMainButton.has(kind)) continue;
      expect(waysOn(kind).length, kind).toBeGreaterThan(0);
    }
  });

  test('each kind is shown with its support code', async () => {
    const world = await open(screen(contact()));
    for (const kind of kinds()) {
      await world.show(screen(contact({ cause: cause(kind, { support: 'M-7F3K-21' }) })));
      expect(world.get('cause').dataset.cause).toBe(kind);
      if (!fieldCauses.has(kind)) expect(world.get('support-code').textContent).toBe('M-7F3K-21');
    }
  });
});

describe('words', () => {
  test('numbers agree with their words', () => {
    const forms = { one: 'попытка', few: 'попытки', many: 'попыток' };
    const said = [0, 1, 2, 4, 5, 11, 14, 21, 22, 25, 101, 111].map((n) => count('ru', n, forms).replace('\u00a0', ' '));
    expect(said).toEqual([
      '0 попыток',
      '1 попытка',
      '2 попытки',
      '4 попытки',
      '5 попыток',
      '11 попыток',
      '14 попыток',
      '21 попытка',
      '22 попытки',
      '25 попыток',
      '101 попытка',
      '111 попыток',
    ]);
    expect(steps.ru.code.tries(1)).toBe('Осталась 1\u00a0попытка.');
    expect(steps.en.code.tries(1)).toBe('1\u00a0try left.');
    expect(ru.diary.startsIn(21)).toBe('Начнётся через 21\u00a0минуту.');
    expect(ru.strip.ahead(3 * 86_400_000)).toBe('Часы на этом устройстве спешат на 3\u00a0дня.');
    expect(ru.strip.behind(-5 * 3_600_000)).toBe('Часы на этом устройстве отстают на 5\u00a0часов.');
    expect(en.strip.ahead(86_400_000)).toContain('1\u00a0day ahead');
  });

  test('what is left is rounded up, so that zero is the end', () => {
    expect([558_000, 42_000, 41_001, 1, 0, -5, 3_725_000].map(span)).toEqual([
      '9:18',
      '0:42',
      '0:42',
      '0:01',
      '0:00',
      '0:00',
      '1:02:05',
    ]);
  });

  test('days are days of Moscow, whatever the zone of the device', () => {
    expect(dayTitle('ru', '2026-11-24')).toBe('Вторник, 24 ноября');
    expect(dayTitle('en', '2026-11-24')).toBe('Tuesday 24 November');
    expect(week('2026-11-24')).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
    ]);
    expect(week('2026-11-29')).toHaveLength(7);
    expect(nextSchoolDay('2026-11-27')).toBe('2026-11-28');
    expect(nextSchoolDay('2026-11-28')).toBe('2026-11-30');
    expect(nextSchoolDay('2026-11-29')).toBe('2026-11-30');
    expect(shift('2026-03-01', -1)).toBe('2026-02-28');
  });

  test('no sentence shouts or blames', () => {
    for (const texts of [ru, en]) {
      const all = JSON.stringify(texts);
      expect(all).not.toMatch(/!"|! /);
      expect(all).not.toMatch(/упс|oops|ошибк/i);
    }
  });
});
