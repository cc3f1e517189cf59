// @vitest-environment node
import { describe, expect, test } from 'vitest';
import {
  block,
  decode,
  difference,
  encode,
  enlarged,
  marked,
  reduced,
  tolerance,
  type Picture,
} from '../gallery/picture';

/** A pale page with a dark button. */
function page({ left = 40, shade = 60, width = 160, height = 96 } = {}): Picture {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 32; y < 64; y += 1) {
    for (let x = left; x < left + 80; x += 1) data.set([11, shade, 107, 255], (y * width + x) * 4);
  }
  return { width, height, data };
}

const blocks = (one: Picture, other: Picture) => difference(reduced(one), reduced(other)).blocks.length;

describe('two pictures', () => {
  test('are the same when they are', () => {
    expect(difference(reduced(page()), reduced(page()))).toEqual({ blocks: [], worst: 0, size: false });
  });

  test('differ when a button is gone, four points aside, or of another shade', () => {
    const blank = { ...page(), data: new Uint8Array(160 * 96 * 4).fill(255) };
    expect(blocks(page(), blank)).toBe(2 * 5 + 2);
    expect(blocks(page(), page({ left: 44 }))).toBeGreaterThan(0);
    expect(blocks(page(), page({ shade: 60 + 2 * tolerance }))).toBeGreaterThan(0);
  });

  test('do not differ by what nobody sees', () => {
    const noise = page();
    noise.data.forEach((level, at) => (noise.data[at] = Math.max(0, level - (at % 2))));
    expect(difference(reduced(page()), reduced(noise)).worst).toBeLessThanOrEqual(1);
    expect(blocks(page(), noise)).toBe(0);
  });

  test('differ when one is higher, whatever is on it', () => {
    expect(difference(reduced(page()), reduced(page({ height: 112 }))).size).toBe(true);
  });
});

test('what is kept is the means of blocks, and comes back from the file as it was', () => {
  const small = reduced(page());
  expect([small.width, small.height]).toEqual([160 / block, 96 / block]);
  expect(decode(encode(small)).data).toEqual(Buffer.from(small.data));
  // The last block of a size that is no multiple of it is a mean of what there is.
  expect([...reduced(page({ height: 100 })).data.subarray(-4)]).toEqual([255, 255, 255, 255]);
});

test('a person sees what differs: the blocks framed, the rest pale', () => {
  const whole = page({ left: 48 });
  const differs = difference(reduced(page()), reduced(whole));
  const picture = marked(whole, differs);
  const { x, y } = differs.blocks[0] ?? { x: -1, y: -1 };
  expect([...picture.data.subarray((y * block * 160 + x * block) * 4).subarray(0, 3)]).toEqual([224, 32, 32]);
  expect(enlarged(reduced(whole)).width).toBe(whole.width);
});
