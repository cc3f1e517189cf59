// @vitest-environment node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { build, type Rolldown } from 'vite';
import { lateIcons } from '../src/parts/lateIcons';
import licences from '../src/generated/licences.json';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The product as it is built, from memory; what a script needs before it runs comes with it, what it fetches later does not. */
test('the window starts with at most 60 KiB of scripts and styles, and fetches the steps when they are near', async () => {
  // As `npm run build` sees it, not as a test does.
  vi.stubEnv('NODE_ENV', 'production');
  vi.stubEnv('VITEST', '');
  const built = (await build({ root, mode: 'production', logLevel: 'silent', build: { write: false } })) as
    Rolldown.RolldownOutput | Rolldown.RolldownOutput[];
  vi.unstubAllEnvs();
  const files = [built].flat().flatMap((output) => output.output);
  const page = files.find((file) => file.fileName === 'index.html');
  const html = page?.type === 'asset' ? String(page.source) : '';
  const wanted = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((found) => found[1] ?? '');
  expect(wanted.length).toBeGreaterThan(1);
  const seen = new Set<string>();
  for (const name of wanted) {
    if (seen.has(name)) continue;
    seen.add(name);
    const file = files.find((one) => one.fileName === name);
    if (file?.type === 'chunk') wanted.push(...file.imports);
  }
  const text = (name: string) => {
    const file = files.find((one) => one.fileName === name);
    return file === undefined ? '' : file.type === 'chunk' ? file.code : file.source;
  };
  const size = [...seen].reduce((sum, name) => sum + gzipSync(text(name), { level: 9 }).length, 0);
  expect(size).toBeGreaterThan(20 * 1024);
  expect(size).toBeLessThanOrEqual(60 * 1024);
  // The e-mail route is not among it.
  const start = [...seen].map((name) => String(text(name))).join('');
  expect(start).not.toContain('Придумайте пароль');
  expect(files.some((file) => file.type === 'chunk' && file.code.includes('Придумайте пароль'))).toBe(true);
  // Nor do parts of the start ask for an icon that is not there yet.
  const own = [...seen].filter((name) => !name.includes('client')).map((name) => String(text(name)));
  for (const name of lateIcons) expect(own.join('').match(new RegExp(`[\`'"]${name}[\`'"]`)), name).toBeNull();
  // Whose parts are in the pages is said under «О программе», and that list comes when somebody asks for it.
  const modules = files.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
  const parts = new Set(
    modules.flatMap((id) => id.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/)?.[1] ?? []),
  );
  const listed = licences.groups.flatMap((group) => group.parts.map(({ name }) => name.replace(/ [^ ]+$/, '')));
  expect(parts.size).toBeGreaterThan(2);
  expect([...parts].filter((name) => !listed.includes(name))).toEqual([]);
  expect(start).not.toContain('Permission is hereby granted');
  // And nothing of it is inline, as the policy of the window asks.
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(readFileSync(`${root}/index.html`, 'utf8')).not.toMatch(/<style/);
});
