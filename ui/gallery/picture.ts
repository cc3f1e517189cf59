// Decoding and encoding PNG is not what Mostik is for.
import { PNG } from 'pngjs';

/**
 * How pictures are compared: each is reduced to the means of blocks of 16 × 16 points, and a block that differs by more than
 * `tolerance` of 255 levels in any channel is a finding. A block's mean hardly moves when letters are smoothed otherwise (another
 * Chromium), and moves far when something is gone, elsewhere or of another colour. What was measured: docs/adr/0009.
 */
export const block = 16;
export const tolerance = 16;

export interface Picture {
  width: number;
  height: number;
  /** RGBA, row by row. */
  data: Uint8Array;
}

export const decode = (png: Buffer): Picture => PNG.sync.read(png);

export function encode({ width, height, data }: Picture): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png, { colorType: 2, deflateLevel: 9 });
}

/** One point for each block: the mean of its points. */
export function reduced({ width, height, data }: Picture): Picture {
  const [across, down] = [Math.ceil(width / block), Math.ceil(height / block)];
  const sums = new Float64Array(across * down * 3);
  const counts = new Uint32Array(across * down);
  for (let y = 0, at = 0; y < height; y += 1) {
    const row = Math.floor(y / block) * across;
    for (let x = 0; x < width; x += 1, at += 4) {
      const to = row + Math.floor(x / block);
      for (let channel = 0; channel < 3; channel += 1) {
        sums[to * 3 + channel] = (sums[to * 3 + channel] ?? 0) + (data[at + channel] ?? 0);
      }
      counts[to] = (counts[to] ?? 0) + 1;
    }
  }
  const means = new Uint8Array(across * down * 4).fill(255);
  for (let to = 0; to < counts.length; to += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      means[to * 4 + channel] = Math.round((sums[to * 3 + channel] ?? 0) / (counts[to] ?? 1));
    }
  }
  return { width: across, height: down, data: means };
}

export interface Difference {
  /** The blocks that differ too much. */
  blocks: { x: number; y: number }[];
  /** By how many levels the worst one does. */
  worst: number;
  /** One of them is higher or wider. */
  size: boolean;
}

/** How two reduced pictures differ. */
export function difference(expected: Picture, actual: Picture): Difference {
  const size = expected.width !== actual.width || expected.height !== actual.height;
  const blocks: { x: number; y: number }[] = [];
  let worst = 0;
  for (let y = 0; y < Math.min(expected.height, actual.height); y += 1) {
    for (let x = 0; x < Math.min(expected.width, actual.width); x += 1) {
      let most = 0;
      for (let channel = 0; channel < 3; channel += 1) {
        const one = expected.data[(y * expected.width + x) * 4 + channel] ?? 0;
        const other = actual.data[(y * actual.width + x) * 4 + channel] ?? 0;
        most = Math.max(most, Math.abs(one - other));
      }
      worst = Math.max(worst, most);
      if (most > tolerance) blocks.push({ x, y });
    }
  }
  return { blocks, worst, size };
}

/** A reduced picture as large as the one that it was made of. */
export function enlarged(small: Picture): Picture {
  const [width, height] = [small.width * block, small.height * block];
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 4) {
      const from = (Math.floor(y / block) * small.width + Math.floor(x / block)) * 4;
      data.set(small.data.subarray(from, from + 4), at);
    }
  }
  return { width, height, data };
}

/** The picture, pale, with the blocks that differ as they are and framed. */
export function marked(picture: Picture, { blocks }: Difference): Picture {
  const data = picture.data.map((level, at) => (at % 4 === 3 ? 255 : 170 + Math.round(level / 3)));
  for (const { x: across, y: down } of blocks) {
    for (let y = down * block; y < Math.min((down + 1) * block, picture.height); y += 1) {
      for (let x = across * block; x < Math.min((across + 1) * block, picture.width); x += 1) {
        const at = (y * picture.width + x) * 4;
        const edge = y % block === 0 || x % block === 0;
        data.set(edge ? [224, 32, 32, 255] : picture.data.subarray(at, at + 4), at);
      }
    }
  }
  return { width: picture.width, height: picture.height, data };
}
