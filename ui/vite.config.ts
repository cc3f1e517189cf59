import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// Two builds: the product, and the gallery of every screen, which never enters the product.
export default defineConfig(({ mode }) => {
  const gallery = mode === 'gallery';
  return {
    // Short class marks: they stand thousands of times in what is shipped.
    plugins: [
      svelte({
        compilerOptions: { discloseVersion: false, cssHash: ({ hash, filename }) => `m${hash(filename).slice(-4)}` },
      }),
    ],
    clearScreen: false,
    server: { host: '127.0.0.1', port: 5173, strictPort: true },
    build: {
      outDir: gallery ? 'dist-gallery' : 'dist',
      emptyOutDir: true,
      target: ['safari17.5', 'chrome123'],
      // The window's policy allows no data: fonts and no inline scripts or styles.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: true,
      rolldownOptions: { input: page(gallery ? './gallery.html' : './index.html') },
    },
    resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
    test: {
      environment: 'jsdom',
      include: ['tests/**/*.test.ts'],
      setupFiles: ['tests/setup.ts'],
      // Left to itself vitest keeps one core free: half of a machine that has two.
      pool: 'threads',
      maxWorkers: '100%',
      testTimeout: 20_000,
    },
  };
});
