import { render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, vi } from 'vitest';
import App from '../src/App.svelte';
import { Scripted } from '../src/bridge/scripted';
import type { Intent, Screen } from '../src/generated/types';
import { loadGroup, loaded, type Group } from '../src/lazy';
import { Ui } from '../src/ui.svelte';

/** The real window on a scripted bridge, and a person's hands on it. */
export async function open(
  screen: Screen,
  prepare: (bridge: Scripted) => void = () => {},
  near: Group[] = ['school', 'steps', 'mail', 'children', 'security', 'fromMax', 'toPhone', 'help', 'about', 'rare'],
) {
  const bridge = new Scripted(screen);
  prepare(bridge);
  const ui = new Ui(bridge);
  for (const group of Object.keys(loaded) as Group[]) if (!near.includes(group)) Reflect.deleteProperty(loaded, group);
  await Promise.all(near.map(loadGroup));
  await ui.recall();
  const rendered = render(App, { ui });

  async function settle(): Promise<void> {
    for (let i = 0; i < 6; i += 1) {
      await Promise.resolve();
      await tick();
    }
  }

  function all(testid: string): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)];
  }

  function get<E extends HTMLElement = HTMLElement>(testid: string): E {
    const found = all(testid);
    const last = found[found.length - 1];
    if (!last) throw new Error(`no ${testid} in: ${document.body.innerHTML}`);
    return last as E;
  }

  const world = {
    bridge,
    ui,
    get sent(): Intent[] {
      return bridge.sent;
    },
    all,
    get,
    settle,
    view: () => document.querySelector<HTMLElement>('[data-view]')?.dataset.view,
    async show(next: Screen) {
      bridge.show(next);
      await settle();
    },
    async press(testid: string) {
      get(testid).click();
      await settle();
    },
    /** Types letter by letter at the end of the field. */
    async type(testid: string, text: string) {
      const field = get<HTMLInputElement>(testid);
      field.focus();
      for (const letter of text) {
        field.value += letter;
        field.dispatchEvent(new InputEvent('input', { bubbles: true, data: letter }));
        await settle();
      }
    },
    async paste(testid: string, text: string) {
      const field = get<HTMLInputElement>(testid);
      field.focus();
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
      await settle();
    },
    frame: () => new Promise((drawn) => requestAnimationFrame(drawn)),
    /** Waits until the page has said that it has painted. */
    painted: () => vi.waitFor(() => expect(bridge.drawn).toBe(1)),
    close: () => rendered.unmount(),
  };
  await settle();
  return world;
}
