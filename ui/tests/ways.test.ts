import { beforeEach, describe, expect, test } from 'vitest';
import { code, contact, diary, scenes, screen } from '../src/gallery/scenes';
import { open } from './world';

/** The system's «back», and what the window makes of it. */
async function back(): Promise<void> {
  const arrived = new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));
  history.back();
  await arrived;
}

/** The way back is gone: the window takes its entry out of the history by itself. */
const withdrawn = () => new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));

const ahead = () => history.state === 'ahead';

describe('the back gesture does what the way back on the screen does', () => {
  beforeEach(() => expect(ahead()).toBe(false));

  test('at the start there is nothing to go back to, so that «back» leaves the app', async () => {
    const world = await open(screen(diary(Date.now())));
    expect(ahead()).toBe(false);
    world.close();
  });

  test('in a step it leads to the diary, once for each time, and the diary is the start again', async () => {
    const world = await open(screen(code(Date.now())));
    expect(ahead()).toBe(true);
    await back();
    await world.settle();
    expect(world.sent).toEqual([{ intent: 'back_to_diary' }]);
    // The shell has not answered yet: the step is still there, and so is the way back.
    expect(ahead()).toBe(true);
    const gone = withdrawn();
    await world.show(screen(diary(Date.now())));
    await gone;
    expect(ahead()).toBe(false);
    expect(world.sent).toHaveLength(1);
    world.close();
  });

  test('from one step to the next there is one way back and not two', async () => {
    const world = await open(screen(contact()));
    const length = history.length;
    await world.show(screen(code(Date.now())));
    await world.show(screen(contact()));
    expect(history.length).toBe(length);
    const gone = withdrawn();
    await world.show(screen(diary(Date.now())));
    await gone;
    expect(ahead()).toBe(false);
    world.close();
  });

  test('what lies above the step goes first', async () => {
    const world = await open(screen(contact()));
    await world.press('help');
    await expect.poll(() => world.all('help-dialog').length).toBe(1);
    await back();
    await expect.poll(() => world.all('help-dialog').length).toBe(0);
    expect(world.sent).toEqual([]);
    await back();
    expect(world.sent).toEqual([{ intent: 'back_to_diary' }]);
    const gone = withdrawn();
    world.close();
    await gone;
  });

  test('in the diary it closes the menu, and leads from another section to the lessons', async () => {
    const world = await open(screen(diary(Date.now())));
    await world.press('nav-library');
    expect(ahead()).toBe(true);
    await world.press('account');
    await back();
    expect(world.get('account').getAttribute('aria-expanded')).toBe('false');
    expect(document.querySelector<HTMLElement>('[data-section]')?.dataset.section).toBe('library');
    await world.settle();
    await back();
    await world.settle();
    expect(document.querySelector<HTMLElement>('[data-section]')?.dataset.section).toBe('diary');
    expect(ahead()).toBe(false);
    world.close();
  });

  test('a sign-in that waits for the browser is called off, a question from MAX declined', async () => {
    for (const [name, intent] of [
      ['signing-in', 'cancel_sign_in'],
      ['from-max', 'decline_launch'],
    ] as const) {
      const scene = scenes[name];
      if (!scene) throw new Error(`no scene ${name}`);
      const world = await open(scene(Date.now()));
      await back();
      expect(world.sent).toEqual([{ intent }]);
      const gone = withdrawn();
      world.close();
      await gone;
    }
  });
});
