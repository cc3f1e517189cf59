import { describe, expect, test } from 'vitest';
import { code, diary, fromMax, contact, scenes, screen } from '../src/gallery/scenes';
import type { Screen } from '../src/generated/types';
import { open } from './world';

const PASSWORD = 'самовар клюква';

/** What a person has in hand; language, theme and notifications are kept for good, elsewhere. */
const fieldsOf = () =>
  [...document.querySelectorAll('input')].filter(
    (field) => !field.readOnly && !field.disabled && !/^((lang|theme)-|notices$)/.test(field.dataset.testid ?? ''),
  );

/** What stands in the fields. */
function filled(): Record<string, string | boolean> {
  const fields = fieldsOf().filter((field) => !isPassword(field));
  return Object.fromEntries(
    fields.map((field, n) => [
      `${n} ${field.dataset.testid}`,
      field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.value,
    ]),
  );
}

function isPassword(field: HTMLInputElement): boolean {
  return field.type === 'password';
}

function put(field: HTMLInputElement): void {
  if (field.type === 'checkbox' || field.type === 'radio') {
    field.click();
    return;
  }
  field.value = isPassword(field) ? PASSWORD : field.inputMode === 'numeric' ? '12' : `${field.value}я`;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** The page's process ends, and a page of the same window follows it. */
async function begunAnew(shown: Screen, memory: string | null) {
  return open(shown, (bridge) => (bridge.memory = memory));
}

describe('a page whose process ended is followed by one that knows what was typed', () => {
  const now = Date.now();
  const all = Object.entries(scenes).map(([name, scene]) => [name, scene(now)] as const);

  test.each(all)('%s', async (_, shown) => {
    const world = await open(shown);
    for (const field of fieldsOf()) put(field);
    await world.settle();
    const before = filled();
    const { memory } = world.bridge;
    // What the shell holds is read by nobody, and holds no password all the same.
    expect(memory ?? '').not.toContain(PASSWORD);
    const sent = world.sent.length;
    world.close();

    const after = await begunAnew(shown, memory);
    expect(filled()).toEqual(before);
    expect(
      [...document.querySelectorAll('input')]
        .filter(isPassword)
        .map((field) => field.value)
        .join(''),
    ).toBe('');
    // Nothing that was done before is done again.
    expect(sent).toBeGreaterThanOrEqual(0);
    expect(after.sent).toEqual([]);
  });

  test('what is typed at one step is not put into another one', async () => {
    const world = await open(screen(contact()));
    await world.type('contact-input', '8 900');
    world.close();
    const after = await begunAnew(screen(code(now)), world.bridge.memory);
    await after.show(screen(contact()));
    expect(after.get<HTMLInputElement>('contact-input').value).toBe('');
  });

  test('the dialog of «Справка», its search and the section beneath lie open again', async () => {
    const world = await open(screen(diary(now)));
    await world.press('mode-week');
    await world.press('nav-help');
    await world.type('help-search', 'код');
    world.close();
    const after = await begunAnew(screen(diary(now)), world.bridge.memory);
    expect(document.querySelector('[data-section]')?.getAttribute('data-section')).toBe('help');
    expect(after.get<HTMLInputElement>('help-search').value).toBe('код');
    await after.press('nav-diary');
    expect(after.get('mode-week').getAttribute('aria-pressed')).toBe('true');
  });

  test('an answer above the step lies open again', async () => {
    const world = await open(screen(code(now)));
    await world.press('sms-help');
    expect(world.all('help-dialog')).toHaveLength(1);
    world.close();
    const after = await begunAnew(screen(code(now)), world.bridge.memory);
    expect(after.all('help-dialog')).toHaveLength(1);
    await after.press('help-back');
    expect(after.all('help-dialog')).toHaveLength(0);
  });

  test('a text that no page has written is as if there were none', async () => {
    const world = await begunAnew(screen(fromMax(now)), '{"pupil":');
    expect(world.view()).toBe('from_max');
  });

  test('the focus and what was selected are where they were', async () => {
    const world = await open(screen(contact()));
    await world.type('contact-input', '8 900 22');
    world.get<HTMLInputElement>('contact-input').setSelectionRange(2, 5);
    document.dispatchEvent(new Event('selectionchange'));
    await world.settle();
    world.close();
    const after = await begunAnew(screen(contact()), world.bridge.memory);
    await after.painted();
    const field = after.get<HTMLInputElement>('contact-input');
    expect(document.activeElement).toBe(field);
    expect([field.selectionStart, field.selectionEnd]).toEqual([2, 5]);
  });
});

test('the page says that it has painted once there is a screen, and once', async () => {
  const world = await open(screen({ view: 'starting' }));
  expect(world.bridge.drawn).toBe(0);
  await world.painted();
  expect(world.bridge.drawn).toBe(1);
  await world.show(screen(contact()));
  await world.frame();
  await world.frame();
  expect(world.bridge.drawn).toBe(1);
});
