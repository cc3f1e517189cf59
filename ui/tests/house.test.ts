// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const sources = files('src').filter((file) => /\.(ts|svelte|css)$/.test(file));

test('only bridge/tauri.ts knows the shell', () => {
  const knowing = sources.filter((file) => readFileSync(file, 'utf8').includes('@tauri-apps/'));
  expect(knowing.map((file) => file.slice(root.length))).toEqual(['src/bridge/tauri.ts']);
});

test('nothing that the policy of the window forbids: style attributes, raw HTML, eval', () => {
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    expect(text, file).not.toMatch(/\sstyle=/);
    expect(text, file).not.toContain('{@html');
    expect(text, file).not.toMatch(/\beval\(|new Function\(/);
    expect(text, file).not.toMatch(/url\(['"]?https?:/);
  }
});

test('nothing is shown or hidden by hovering: a finger does not hover', () => {
  for (const file of sources) {
    const rules = readFileSync(file, 'utf8').matchAll(/([^{}]*:hover[^{}]*)\{([^{}]*)\}/g);
    for (const [, selector, body] of rules)
      expect(body, `${file}: ${selector}`).not.toMatch(/display|visibility|opacity/);
  }
});

test('the product does not contain the gallery or the scripted bridge', () => {
  for (const file of sources.filter((name) => !name.includes('/gallery/'))) {
    const text = readFileSync(file, 'utf8');
    expect(text, file).not.toMatch(/from '.*gallery/);
    if (!file.endsWith('bridge/scripted.ts')) expect(text, file).not.toMatch(/from '.*scripted/);
  }
});

test('the lock file names no host', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
});
