import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cell } from './matrix';
import { decode, difference, encode, enlarged, marked, reduced, tolerance } from './picture';

const folder = fileURLToPath(new URL('./kept', import.meta.url));

const again = 'if it is meant so: cargo xtask gallery --update';

/** What the window looked like, and what a screen reader heard, when somebody last looked and found it right. */
export class Kept {
  readonly #diff: string;
  readonly #update: boolean;

  constructor(out: string, update: boolean) {
    this.#diff = join(out, 'diff');
    this.#update = update;
  }

  async compare(scene: string, cell: Cell, picture: Buffer, heard: string): Promise<string[]> {
    const name = `${scene}.${cell.lang}`;
    const whole = decode(picture);
    const small = reduced(whole);
    const [picturePath, heardPath] = [join(folder, `${name}.png`), join(folder, `${name}.yml`)];
    const before = await readFile(picturePath).catch(() => null);
    const heardBefore = await readFile(heardPath, 'utf8').catch(() => null);
    const differs = before ? difference(decode(before), small) : null;
    const same = differs !== null && differs.blocks.length === 0 && !differs.size;
    if (this.#update) {
      await mkdir(folder, { recursive: true });
      // What is the same within the tolerance stays as it was: no file changes without a reason.
      if (!same) await writeFile(picturePath, encode(small));
      if (heardBefore !== `${heard}\n`) await writeFile(heardPath, `${heard}\n`);
      return [];
    }
    if (!before || heardBefore === null)
      return [`nothing is kept of it yet; look at it, then: cargo xtask gallery --update`];
    const found: string[] = [];
    if (differs && !same) {
      await mkdir(this.#diff, { recursive: true });
      await writeFile(join(this.#diff, `${name}.expected.png`), encode(enlarged(decode(before))));
      await writeFile(join(this.#diff, `${name}.actual.png`), picture);
      await writeFile(join(this.#diff, `${name}.diff.png`), encode(marked(whole, differs)));
      const what = differs.size
        ? 'it has another size'
        : `${differs.blocks.length} blocks differ, by up to ${differs.worst} levels of ${tolerance} allowed`;
      found.push(`the picture is another: ${what}; see target/gallery/diff/${name}.diff.png; ${again}`);
    }
    const words = firstDifference(heardBefore, `${heard}\n`);
    if (words) {
      await mkdir(this.#diff, { recursive: true });
      await writeFile(join(this.#diff, `${name}.actual.yml`), `${heard}\n`);
      found.push(`a screen reader hears something else: ${words}; ${again}`);
    }
    return found;
  }

  /** What is kept of scenes that are no more. */
  async leftovers(scenes: string[]): Promise<string[]> {
    const known = new Set(
      scenes.flatMap((scene) => ['ru.png', 'ru.yml', 'en.png', 'en.yml'].map((end) => `${scene}.${end}`)),
    );
    const old = (await readdir(folder)).filter((name) => !known.has(name));
    if (!this.#update) return old.map((name) => `${name} is of no scene; ${again}`);
    for (const name of old) await rm(join(folder, name));
    return [];
  }
}

function firstDifference(expected: string, actual: string): string | null {
  if (expected === actual) return null;
  const [before, now] = [expected.split('\n'), actual.split('\n')];
  const at = before.findIndex((line, row) => line !== now[row]);
  return `line ${at + 1} was «${before[at]?.trim() ?? ''}» and is «${now[at]?.trim() ?? ''}»`;
}
