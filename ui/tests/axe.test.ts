import axe from 'axe-core';
import { expect, test } from 'vitest';
import { scenes } from '../src/gallery/scenes';
import { open } from './world';

// Structure alone: colours and sizes need a real window, and the gallery has axe for that.
test.each(['ru', 'en'] as const)('axe finds nothing in any scene (%s)', { timeout: 240_000 }, async (lang) => {
  for (const [name, scene] of Object.entries(scenes)) {
    const world = await open(scene(Date.now()));
    await world.ui.setLang(lang);
    await world.settle();
    const { violations } = await axe.run(document.body, {
      resultTypes: ['violations'],
      rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map((found) => `${name}: ${found.id} ${found.nodes.map((node) => node.html).join(' ')}`)).toEqual(
      [],
    );
    expect(document.querySelector('[data-view]')?.textContent ?? '', name).not.toMatch(/undefined|NaN|\[object/);
    world.close();
  }
});
