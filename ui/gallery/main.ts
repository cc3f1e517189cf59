// `cargo xtask gallery`: every screen in every size, theme and language; looked over, kept in pictures, and compared.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { House, type Pane } from './browser';
import { plantedFaults } from './plants';
import { Kept } from './kept';
import {
  hasKeys,
  isKept,
  kept,
  phone,
  promised,
  promisedShort,
  sizeName,
  tablet,
  title,
  whole,
  type Cell,
  type Size,
} from './matrix';
import { index, sheet, thumbs, type Shot } from './pages';
import { tabs, walkByKeys, walkByTaps } from './walks';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'target/gallery');

/** Scenes of one cell, as many as one window takes at a time. */
interface Batch {
  cell: Cell;
  scenes: string[];
  look: Look;
}

/** What is looked at of a scene that is shown, and what is found. */
type Look = (pane: Pane, scene: string, cell: Cell) => Promise<string[]>;

const batchSize = 24;

/** What was looked at, and what was found. */
class Report {
  looked = 0;
  #failed = 0;

  /** One look at something; what is thrown is a finding too. */
  async look(what: string, look: () => Promise<string[]>): Promise<void> {
    this.looked += 1;
    const found = await look().catch((error: unknown) => [String(error)]);
    for (const one of found) console.log(`✗ ${what}: ${one}`);
    if (found.length > 0) this.#failed += 1;
  }

  /** The last line, in the words of vitest: `cargo xtask test` adds it to its sum. */
  end(): number {
    const passed = this.looked - this.#failed;
    console.log(`Tests  ${this.#failed > 0 ? `${this.#failed} failed | ` : ''}${passed} passed (${this.looked})`);
    return this.#failed > 0 ? 1 : 0;
  }
}

export async function main(words: string[]): Promise<number> {
  const [update, test] = ['--update', '--test'].map((flag) => words.includes(flag));
  const wanted = words.filter((word) => !word.startsWith('--'));
  const begun = Date.now();
  const report = new Report();
  const house = await House.open();
  try {
    const first = await house.pane(phone);
    const all = await first.scenes();
    await first.close();
    const scenes = wanted.length === 0 ? all : all.filter((scene) => wanted.some((word) => scene.startsWith(word)));
    if (scenes.length === 0)
      throw new Error(`no scene begins with ${wanted.join(' or ')}; there are: ${all.join(' ')}`);
    const memory = new Kept(out, update ?? false);
    const album = test || update ? null : out;
    // A whole album begins anew: no scene of before stays in it.
    const old = album && wanted.length === 0 ? album : join(out, 'diff');
    await rm(old, { recursive: true, force: true });
    const cells = update || test ? kept : whole;
    const shots: Shot[] = [];
    const looks = batches(cells, scenes, async (pane, scene, cell) => {
      const picture = album || isKept(cell) ? await pane.picture() : null;
      const found = await pane.findings(cell);
      if (picture && isKept(cell)) found.push(...(await memory.compare(scene, cell, picture, await pane.heard())));
      if (picture && album) shots.push(await keepShot(album, pane, scene, cell, picture));
      if (hasKeys(cell)) found.push(...(await tabs(pane)));
      return found;
    });
    if (!update) looks.push(...batches(test ? promisedShort : promised, scenes, (pane) => pane.beforeScrolling()));
    await lookAtAll(house, looks, report);
    if (wanted.length === 0) {
      await report.look('what is kept', () => memory.leftovers(all));
      await report.look('faults planted on purpose', () => plantedFaults(house));
      await report.look('a walk by taps', () => walkByTaps(house, tablet));
      await report.look('a walk by taps on a phone', () => walkByTaps(house, phone));
      await report.look('a walk by keys', () => walkByKeys(house));
    }
    if (shots.length > 0) await makePages(house, shots, scenes);
  } finally {
    await house.close();
  }
  console.log(`${report.looked} looks in ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  return report.end();
}

function batches(cells: Cell[], scenes: string[], look: Look): Batch[] {
  return cells.flatMap((cell) =>
    Array.from({ length: Math.ceil(scenes.length / batchSize) }, (_, at) => ({
      cell,
      look,
      scenes: scenes.slice(at * batchSize, (at + 1) * batchSize),
    })),
  );
}

/** Several panes at once: while one waits for its frames, another draws. */
async function lookAtAll(house: House, queue: Batch[], report: Report): Promise<void> {
  const worker = async () => {
    const panes = new Map<Size, Pane>();
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      const { cell, look } = batch;
      const pane = panes.get(cell.size) ?? (await house.pane(cell.size));
      panes.set(cell.size, pane);
      for (const scene of batch.scenes) {
        await report.look(scene, async () => {
          await pane.show(scene, cell);
          return (await look(pane, scene, cell)).map((one) => `${title(cell)}: ${one}`);
        });
      }
    }
    for (const pane of panes.values()) await pane.close();
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
}

async function keepShot(album: string, pane: Pane, scene: string, cell: Cell, picture: Buffer): Promise<Shot> {
  const { theme, lang, text } = cell;
  const shot = {
    scene,
    size: sizeName(cell.size),
    theme,
    lang,
    text,
    file: join(sizeName(cell.size), `${scene}.${theme}.${lang}${text === 100 ? '' : `.${text}`}.png`),
  };
  const thumb = join(album, thumbs, shot.file.replace(/png$/, 'jpg'));
  for (const file of [join(album, shot.file), thumb]) await mkdir(dirname(file), { recursive: true });
  await writeFile(join(album, shot.file), picture);
  await writeFile(thumb, await pane.thumb());
  return shot;
}

async function makePages(house: House, shots: Shot[], scenes: string[]): Promise<void> {
  const order = new Map(scenes.map((scene, at) => [scene, at]));
  shots.sort((a, b) => (order.get(a.scene) ?? 0) - (order.get(b.scene) ?? 0));
  await writeFile(join(out, 'index.html'), index(shots));
  for (const size of new Set(shots.map((shot) => shot.size))) {
    const page = join(out, `sheet-${size}.html`);
    await writeFile(page, sheet(size, shots.filter((shot) => shot.size === size))); // prettier-ignore
    await house.print(page, join(out, `sheet-${size}.jpg`));
  }
  console.log(`the pictures: ${join(out, 'index.html')}`);
}
