/** The geometry of the bridge, pure: where each plank, post and rail lies. Lengths are in the units of the viewBox. */

export type PlankState = 'laid' | 'now' | 'off';

export interface Shape {
  width: number;
  height: number;
  /** Planks of the whole deck. */
  planks: number;
  plankW: number;
  plankH: number;
  pegW: number;
  pegH: number;
  /** The deck's height in the middle, and how much lower its ends lie. */
  top: number;
  sag: number;
  /** How far above the deck the rail runs. */
  rail: number;
  /** From the edge to the first plank's middle. */
  inset: number;
  dot: number;
}

/** The shape for a width: 32 planks where there is room, 16 where there is not. */
export function shapeFor(width: number, arch: boolean): Shape {
  const wide = width >= 480;
  const k = wide ? 1 : Math.min(1.36, Math.max(0.8, width / 246));
  if (wide) {
    return arch
      ? {
          width,
          height: 190,
          planks: 32,
          plankW: 10,
          plankH: 46,
          pegW: 6,
          pegH: 26,
          top: 76,
          sag: 50,
          rail: 56,
          inset: 21,
          dot: 7,
        }
      : {
          width,
          height: 104,
          planks: 32,
          plankW: 9,
          plankH: 32,
          pegW: 6,
          pegH: 20,
          top: 50,
          sag: 24,
          rail: 39,
          inset: 21,
          dot: 6,
        };
  }
  return arch
    ? {
        width,
        height: 96,
        planks: 16,
        plankW: 8 * k,
        plankH: 30,
        pegW: 5,
        pegH: 16,
        top: 40,
        sag: 20,
        rail: 28,
        inset: 11 * k,
        dot: 5,
      }
    : {
        width,
        height: 70,
        planks: 16,
        plankW: 7 * k,
        plankH: 21 * k,
        pegW: 5,
        pegH: 13 * k,
        top: 36,
        sag: 11 * k,
        rail: 25,
        inset: 11 * k,
        dot: 5,
      };
}

const round = (n: number) => Math.round(n * 100) / 100;

/** A plank as one closed path in absolute coordinates, so that one gradient runs along all of them. */
export function plankPath(x: number, y: number, angle: number, w: number, h: number, r: number): string {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const at = (dx: number, dy: number) => `${round(x + dx * cos - dy * sin)} ${round(y + dx * sin + dy * cos)}`;
  const a = w / 2;
  const b = h / 2;
  const c = Math.min(r, a);
  return [
    `M${at(-a + c, -b)}`,
    `L${at(a - c, -b)}Q${at(a, -b)} ${at(a, -b + c)}`,
    `L${at(a, b - c)}Q${at(a, b)} ${at(a - c, b)}`,
    `L${at(-a + c, b)}Q${at(-a, b)} ${at(-a, b - c)}`,
    `L${at(-a, -b + c)}Q${at(-a, -b)} ${at(-a + c, -b)}Z`,
  ].join('');
}

export interface Plank {
  state: PlankState;
  /** The step it belongs to, from 0. */
  step: number;
  d: string;
}

export interface Laid {
  planks: Plank[];
  posts: { d: string; laid: boolean }[];
  railLaid: string | null;
  railOff: string | null;
  dot: { x: number; y: number } | null;
}

/** The bridge of `steps` steps, `done` of which are laid and (unless all are) the next of which is being laid. */
export function lay(shape: Shape, steps: number, done: number): Laid {
  const { width, top, sag, inset } = shape;
  const mid = width / 2;
  const bend = sag / (mid - inset) ** 2;
  const deck = (x: number) => top + bend * (x - mid) ** 2;
  const per = Math.round(shape.planks / steps);
  const stepW = (width - 2 * inset + stepGap(width, inset, steps, per)) / steps;
  const pitch = (stepW - stepGap(width, inset, steps, per)) / Math.max(1, per - 1);

  const planks: Plank[] = [];
  for (let step = 0; step < steps; step += 1) {
    const state: PlankState = step < done ? 'laid' : step === done ? 'now' : 'off';
    for (let i = 0; i < per; i += 1) {
      const x = inset + step * stepW + i * pitch;
      const angle = Math.atan(2 * bend * (x - mid));
      const off = state === 'off';
      const [w, h] = off ? [shape.pegW, shape.pegH] : [shape.plankW, shape.plankH];
      planks.push({ state, step, d: plankPath(x, deck(x), angle, w, h, off ? 2.5 : 3) });
    }
  }

  const joint = (step: number) => inset + step * stepW - stepGap(width, inset, steps, per) / 2;
  const posts = Array.from({ length: steps - 1 }, (_, i) => {
    const x = joint(i + 1);
    return {
      d: `M${round(x)} ${round(deck(x) - shape.rail)}V${round(deck(x) + shape.plankH / 2 - 2)}`,
      laid: i < done,
    };
  });

  // The rail: the deck's own curve lifted, its ends eased down to the shores.
  const ease = width * 0.108;
  const foot = { x: Math.max(3, inset * 0.3), y: deck(inset) };
  const up = (x: number) => deck(x) - shape.rail;
  // The end leaves the curve along its own slope, so that there is no kink.
  const slope = 2 * bend * (ease - mid);
  const reach = ease * 0.34;
  const leftEnd = (from: string) =>
    `${from}C${round(foot.x + ease * 0.36)} ${round(foot.y - shape.rail * 0.62)} ${round(ease - reach)} ${round(up(ease) - slope * reach)} ${round(ease)} ${round(up(ease))}`;
  const along = (a: number, b: number) => {
    const points = Array.from({ length: 13 }, (_, i) => a + ((b - a) * i) / 12);
    return points.map((x) => `L${round(x)} ${round(up(x))}`).join('');
  };
  const rightEnd = `C${round(width - ease + reach)} ${round(up(ease) - slope * reach)} ${round(width - foot.x - ease * 0.36)} ${round(foot.y - shape.rail * 0.62)} ${round(width - foot.x)} ${round(foot.y)}`;
  const start = `M${round(foot.x)} ${round(foot.y)}`;
  const whole = leftEnd(start) + along(ease, width - ease) + rightEnd;

  let railLaid: string | null = null;
  let railOff: string | null = null;
  if (done >= steps) railLaid = whole;
  else if (done <= 0) railOff = whole;
  else {
    const x = joint(done);
    railLaid = leftEnd(start) + along(ease, x);
    railOff = `M${round(x)} ${round(up(x))}${along(x, width - ease)}${rightEnd}`;
  }

  const here = inset + done * stepW + ((per - 1) * pitch) / 2;
  const dot =
    done >= 0 && done < steps ? { x: round(here), y: round(deck(here) - shape.plankH / 2 - shape.dot - 1.5) } : null;
  return { planks, posts, railLaid, railOff, dot };
}

// Between two steps there is room for a post: wider than between two planks.
function stepGap(width: number, inset: number, steps: number, per: number): number {
  return ((width - 2 * inset) / (steps * per)) * 1.58;
}

/** A deck without rail for small marks and pictures: `left` and `right` planks laid, pegs between them. */
export function deck(size: Omit<Shape, 'rail' | 'dot'>, left: number, right: number): { d: string; laid: boolean }[] {
  const mid = size.width / 2;
  const bend = size.sag / (mid - size.inset) ** 2;
  return Array.from({ length: size.planks }, (_, i) => {
    const x = size.inset + ((size.width - 2 * size.inset) * i) / (size.planks - 1);
    const laid = i < left || i >= size.planks - right;
    const y = size.top + bend * (x - mid) ** 2;
    const angle = Math.atan(2 * bend * (x - mid));
    const [w, h] = laid ? [size.plankW, size.plankH] : [size.pegW, size.pegH];
    return { laid, d: plankPath(x, y, angle, w, h, laid ? Math.min(3, w / 3) : 2) };
  });
}
