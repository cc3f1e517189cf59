/** What has to be in sight before anybody scrolls: the main action, and what one acts on; measured in the real layout. */
import { layer, name, visible } from './checks';

/**
 * The main action is a filled button; where there is none, what is pressed or awaited in its place says so: `data-main`. Of those
 * that do the same, and say so by one name, one in sight is enough.
 */
const actions = '.button.main, .button.bad, [data-main]';

/** What one acts on: fields, choices, a code to be scanned, what was refused; and what says that it is to be seen: `data-sight`. */
const objects = 'input, textarea, select, [data-testid="qr"], [role="alert"], [data-sight]';

/** The language and the theme are no part of what a screen asks. */
const settings = '.settings *';

/** More fields or choices than the smallest screen has room for: the one to begin with is enough. */
const long = '[data-long]';

/** Corners are round: this far inside of the edge a point is looked at. */
const inset = 3;

/** With a field belong its label and its box; of a refusal what happened and what to do, not the ways on below. */
function pieces(element: Element): Element[] {
  const said = element.matches('[role="alert"]') ? [...element.querySelectorAll('p')].slice(0, 2) : [];
  if (said.length > 0) return said;
  const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
  return [...labels, element.closest('.field') ?? element].filter(visible);
}

/** From where to where the window is free of the device's notch and of its bar of gestures. */
function free(): [number, number] {
  const probe = document.createElement('div');
  probe.style.cssText = 'position: fixed; padding: env(safe-area-inset-top) 0 env(safe-area-inset-bottom)';
  document.body.append(probe);
  const { paddingTop, paddingBottom } = getComputedStyle(probe);
  const ends: [number, number] = [parseFloat(paddingTop), window.innerHeight - parseFloat(paddingBottom)];
  probe.remove();
  return ends;
}

/** How much of it nobody sees, and why; nothing where all of it is in sight. */
function unseen(element: Element): string[] {
  const [begin, end] = free();
  const width = document.documentElement.clientWidth;
  // A sentence that goes on in the next line has a box for each.
  const boxes = [...element.getClientRects()];
  const past = Math.ceil(
    Math.max(...boxes.flatMap((box) => [box.bottom - end, begin - box.top, box.right - width, -box.left])) - 0.5,
  );
  if (past > 0) return [`beyond the edge of the window by ${past}, unless one scrolls: ${name(element)}`];
  // Text shares its place with what else is said there; whatever takes presses has it for itself.
  const own = element.matches('p, label') ? (element.parentElement ?? element) : element;
  const hits = boxes.flatMap(({ left, top, width, height }) => {
    const [x, y] = [left + width / 2, top + height / 2];
    return [
      document.elementFromPoint(x, y),
      document.elementFromPoint(x, top + inset),
      document.elementFromPoint(x, top + height - inset),
      document.elementFromPoint(left + inset, y),
      document.elementFromPoint(left + width - inset, y),
    ];
  });
  const cover = hits.find((hit) => !own.contains(hit));
  return cover ? [`covered by ${name(cover)}, unless one scrolls: ${name(element)}`] : [];
}

/** The main actions that nobody sees. */
function missed(main: Element[]): string[] {
  const names = new Set(main.map((one) => one.getAttribute('data-main')));
  const same = [...names].flatMap((id) => {
    const ones = main.filter((one) => one.getAttribute('data-main') === id);
    return id === null ? ones.map((one) => [one]) : [ones];
  });
  return same.flatMap((ones) => {
    const found = ones.map(unseen);
    return found.some((one) => one.length === 0) ? [] : found.flat();
  });
}

const invalid = (element: Element): boolean => element.getAttribute('aria-invalid') === 'true';

/** Of what there is much of: the first. */
function begun(found: Element[]): Element[] {
  const many = found.filter((one) => one.closest(long));
  return found.filter((one) => one === many[0] || !many.includes(one));
}

/** Of fields, those that are to be mended, if there are any. */
function acted(found: Element[]): Element[] {
  const fields = found.filter((one) => one.matches('input, textarea, select'));
  return fields.some(invalid) ? found.filter((one) => !fields.includes(one) || invalid(one)) : found;
}

/** The focus on a field brings it into sight, clear of what lies over the page, and the main action stays. */
function mended(fields: Element[], main: Element[]): string[] {
  const first = fields.find((one) => one.closest(long) && invalid(one));
  if (!(first instanceof HTMLElement)) return [];
  first.focus();
  const found = [...missed(main), ...pieces(first).flatMap(unseen)];
  window.scrollTo(0, 0);
  return found.map((one) => `with the focus on what is wrong: ${one}`);
}

export function beforeScrolling(): string[] {
  const top = layer();
  window.scrollTo(0, 0);
  if (top instanceof Element) top.scrollTop = 0;
  const find = (what: string) =>
    [...top.querySelectorAll(what)].filter((one) => visible(one) && !one.matches(settings));
  const main = begun(find(actions));
  const all = find(objects);
  const wanted = new Set(acted(begun(all)).flatMap(pieces));
  return [
    ...(main.length > 0 ? [] : ['no main action: a filled button, or data-main on what stands in its place']),
    ...missed(main),
    ...[...wanted].flatMap(unseen),
    ...mended(all, main),
  ];
}
