import { expect, test, vi } from 'vitest';
import { contact, screen } from '../src/gallery/scenes';
import { open } from './world';

test('the field that has the focus is brought into sight when the keyboard comes, and not when it goes', async () => {
  const seen = Object.assign(new EventTarget(), { height: 800 });
  vi.stubGlobal('visualViewport', seen);
  const brought = vi.fn();
  HTMLElement.prototype.scrollIntoView = brought;
  const world = await open(screen(contact()));
  const to = (height: number) => {
    seen.height = height;
    seen.dispatchEvent(new Event('resize'));
  };
  world.get('contact-input').focus();
  to(420);
  expect(brought).toHaveBeenCalledExactlyOnceWith({ block: 'nearest' });
  expect(brought.mock.contexts[0]).toBe(world.get('contact-input'));
  to(800);
  world.get('submit-contact').focus();
  to(420);
  expect(brought).toHaveBeenCalledTimes(1);
  world.close();
  to(300);
  expect(brought).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});
