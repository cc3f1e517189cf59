import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { namesScenes } from '../src/gallery/names';
import { contact, mailHead, screen } from '../src/gallery/views';
import { open } from './world';

/** The gallery's people; what their names take of a real window is measured there. */
function scene(name: string) {
  const make = namesScenes[name];
  if (!make) throw new Error(`no scene ${name}`);
  return make(Date.now());
}

// A window with a layout: whatever has more than thirty letters has more lines than it is given, while it is short.
beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(private readonly look: (entries: never[]) => void) {}
      observe() {
        this.look([]);
      }
      unobserve() {}
      disconnect() {}
    },
  );
  vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockImplementation(function (this: Element) {
    return this.closest('.short') && (this.textContent ?? '').length > 30 ? 60 : 0;
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a name that is cut off is shown whole by a press, and short again by the next', async () => {
  const world = await open(scene('names-sixty-profile'));
  const name = world.get('end-left').querySelector('.name');
  expect(name?.closest('.short')).not.toBeNull();
  expect(world.get('whole-left').getAttribute('aria-expanded')).toBe('false');
  // Who listens hears all of it at any time.
  expect(name?.textContent).toContain('Новосвятогорская');
  await world.press('whole-left');
  expect(name?.closest('.short')).toBeNull();
  expect(world.get('whole-left').getAttribute('aria-expanded')).toBe('true');
  await world.press('whole-left');
  expect(name?.closest('.short')).not.toBeNull();
});

test('beside a name that has room there is nothing to press, and a longer one brings it', async () => {
  const head = mailHead(1, { state: 'unknown' });
  const world = await open(screen(contact({ head })));
  expect(world.all('whole-left')).toEqual([]);
  await world.show(screen(contact({ head: { ...head, who: { ...head.who, fullName: 'Я'.repeat(60) } } })));
  await vi.waitFor(() => expect(world.all('whole-left')).toHaveLength(1));
});

test('a sentence says of a child with a very long name only that it is a child', async () => {
  const world = await open(scene('names-unbroken-contact'));
  expect(document.querySelector('.lead')?.textContent).toContain('с которым ребёнок входит в MAX');
  await world.ui.setLang('en');
  await world.settle();
  expect(document.querySelector('.lead')?.textContent).toContain('the child uses in MAX');
});
