// A real window without a display: the system's own Chromium, driven by what its makers of tests use; nothing is downloaded.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import type { Look } from '../src/gallery/stage';
import type { Cell, Size } from './matrix';
import { thumbWidth } from './pages';

/** The moment of every picture: Tuesday, 24 November 2026, 12:31 in Moscow, in the break before biology. */
const now = new Date('2026-11-24T12:31:00+03:00');

/** Letters are drawn the same on every machine: smoothed in grey, not fitted to the grid of its screen. */
const drawing = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];

/** Nothing but this machine is ever asked. */
const alone = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

export class House {
  readonly #server: PreviewServer;
  readonly #browser: Browser;
  readonly #address: string;
  readonly #pages: string;

  private constructor(server: PreviewServer, browser: Browser, pages: string) {
    this.#server = server;
    this.#pages = pages;
    this.#browser = browser;
    this.#address = `${server.resolvedUrls?.local[0] ?? ''}gallery.html?driven`;
  }

  /** Builds the gallery, serves it to this machine alone, and starts the browser. */
  static async open(flags: string[] = []): Promise<House> {
    // A place of its own: two galleries at once do not take the ground from under each other.
    const outDir = await mkdtemp(join(tmpdir(), 'mostik-gallery-'));
    await build({ mode: 'gallery', logLevel: 'error', build: { outDir } });
    const server = await preview({
      mode: 'gallery',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0, strictPort: true },
      logLevel: 'error',
    });
    const path = process.env.MOSTIK_CHROMIUM;
    const browser = await chromium.launch({
      ...(path ? { executablePath: path } : { channel: 'chrome' }),
      args: [...drawing, ...alone, ...flags],
    });
    return new House(server, browser, outDir);
  }

  /** A window of this size on the gallery. */
  async pane(size: Size): Promise<Pane> {
    const context = await this.#browser.newContext({
      viewport: { width: size.width, height: size.height },
      hasTouch: size.touch,
      isMobile: size.touch,
      reducedMotion: 'reduce',
      locale: 'ru-RU',
      timezoneId: 'Europe/Moscow',
    });
    const page = await context.newPage();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(`a script failed: ${error.message}`));
    page.on('console', (line) => {
      if (line.type() === 'error') failures.push(`the console says: ${line.text()}`);
    });
    await page.clock.setFixedTime(now);
    const devtools = await context.newCDPSession(page);
    if (size.covered) await devtools.send('Emulation.setSafeAreaInsetsOverride', { insets: size.covered });
    await page.goto(this.#address);
    await page.waitForSelector('html[data-ready]');
    return new Pane(page, size, devtools, failures);
  }

  /** A page of this machine as a picture. */
  async print(from: string, to: string): Promise<void> {
    const page = await this.#browser.newPage();
    await page.goto(pathToFileURL(from).href);
    const { width, height } = await page.evaluate(() => document.body.getBoundingClientRect().toJSON() as DOMRect);
    await page.setViewportSize({ width: Math.ceil(width), height: Math.ceil(height) });
    await page.screenshot({ path: to });
    await page.close();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#pages, { recursive: true });
  }
}

export class Pane {
  readonly page: Page;
  readonly #size: Size;
  readonly #devtools: CDPSession;
  readonly #failures: string[];

  constructor(page: Page, size: Size, devtools: CDPSession, failures: string[]) {
    this.page = page;
    this.#size = size;
    this.#devtools = devtools;
    this.#failures = failures;
  }

  scenes(): Promise<string[]> {
    return this.page.evaluate(() => window.stage.scenes);
  }

  /** Shows a scene; `answers` are the scenes that follow intents. */
  async show(
    scene: string,
    { theme, lang, text }: Omit<Look, 'scene'>,
    answers?: Record<string, string>,
  ): Promise<void> {
    const look = { scene, theme, lang, text };
    await this.page.evaluate(([look, answers]) => window.stage.show(look, answers), [look, answers] as const);
  }

  /**
   * The whole page: in a window as high as it is, for what is drawn beyond the edge of a window makes it one point wide for a
   * moment, and nothing is where it was afterwards. A dialog is as high as the window of a person.
   */
  async picture(): Promise<Buffer> {
    const { width, height } = this.#size;
    const high = await this.page.evaluate(() =>
      document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight,
    );
    const picture = { width, height: Math.max(height, high) };
    if (high > height) await this.#resize(picture);
    const png = await this.#capture({ format: 'png' }, { ...picture, scale: 1 });
    if (high > height) await this.#resize({ width, height });
    return png;
  }

  async #resize(size: { width: number; height: number }): Promise<void> {
    await this.page.setViewportSize(size);
    await this.page.evaluate(() => window.stage.quiet());
  }

  /** What is in sight, small. */
  async thumb(): Promise<Buffer> {
    const { width, height } = this.#size;
    return this.#capture({ format: 'jpeg', quality: 75 }, { width, height, scale: thumbWidth / width });
  }

  async #capture(how: object, clip: { width: number; height: number; scale: number }): Promise<Buffer> {
    const { data } = await this.#devtools.send('Page.captureScreenshot', { ...how, clip: { x: 0, y: 0, ...clip } });
    return Buffer.from(data, 'base64');
  }

  /** What a screen reader hears. */
  heard(): Promise<string> {
    return this.page.locator('body').ariaSnapshot();
  }

  /** What is wrong with what is shown. */
  async findings({ size }: Cell): Promise<string[]> {
    const found = await this.page.evaluate((touch) => window.stage.findings(touch), size.touch);
    found.push(...(await this.page.evaluate(() => window.stage.axe())));
    return [...found, ...this.#failures.splice(0)];
  }

  /** What nobody sees, of what has to be in sight before anybody scrolls. */
  async beforeScrolling(): Promise<string[]> {
    const found = await this.page.evaluate(() => window.stage.beforeScrolling());
    return [...found, ...this.#failures.splice(0)];
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
