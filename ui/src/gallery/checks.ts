/** What a person with a thumb, or with large letters, would stumble over; measured in the real layout. */

/** The side of a square that a thumb hits. */
const thumb = 44;

/** Drawn as a single point for those who hear it: nobody sees that it is cut. */
function onlyHeard(element: Element | null): boolean {
  for (let one = element; one && one !== document.body; one = one.parentElement) {
    if (getComputedStyle(one).clipPath === 'inset(50%)') return true;
  }
  return false;
}

export const visible = (element: Element): boolean =>
  element.checkVisibility({ visibilityProperty: true }) &&
  !element.closest('[aria-hidden="true"]') &&
  !onlyHeard(element);

export const name = (element: Element): string => {
  const id = element.closest<HTMLElement>('[data-testid]')?.dataset.testid;
  const words = (element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40);
  return `${element.tagName.toLowerCase()}${id ? `[${id}]` : ''} «${words}»`;
};

/** Nothing stands, or can be scrolled to, beyond the sides of the window. */
function beyondTheSides(): string[] {
  const width = document.documentElement.clientWidth;
  const found: string[] = [];
  if (document.documentElement.scrollWidth > width) {
    found.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const parent = text.parentElement;
    if (!parent || !text.nodeValue?.trim() || !visible(parent) || parent.closest('script, style')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const line of range.getClientRects()) {
      if (line.width > 0 && (line.left < -1 || line.right > width + 1)) {
        found.push(`beyond the side of the window: ${name(parent)}`);
        break;
      }
    }
  }
  return found;
}

/** What is cut off of a name is shown by the button beside it, or by the one that it is in. */
const unfolds = (element: Element): boolean =>
  element.matches('.short [data-lines]') &&
  (element.closest('[aria-expanded]') ?? element.closest('.short')?.querySelector('[aria-expanded]')) != null;

/** No text is cut off, nor does it leave its button. */
function cut(): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    if (!visible(element) || !element.textContent?.trim() || element instanceof SVGElement) continue;
    const style = getComputedStyle(element);
    const clips = style.overflowX === 'hidden' || style.overflowX === 'clip';
    const presses = element.matches('button, a, label, summary');
    if ((clips || presses) && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) {
      found.push(`wider than its place by ${element.scrollWidth - element.clientWidth}: ${name(element)}`);
    }
    const clipsBelow = style.overflowY === 'hidden' || style.overflowY === 'clip';
    if (
      clipsBelow &&
      !unfolds(element) &&
      element.clientHeight > 0 &&
      element.scrollHeight > element.clientHeight + 2
    ) {
      found.push(`higher than its place by ${element.scrollHeight - element.clientHeight}: ${name(element)}`);
    }
  }
  return found;
}

/** A link in the run of a sentence is as high as its line: WCAG 2.5.8 excepts it («inline»). */
function inSentence(element: Element): boolean {
  if (!getComputedStyle(element).display.startsWith('inline')) return false;
  return [...(element.parentNode?.childNodes ?? [])].some(
    (node) => node.nodeType === Node.TEXT_NODE && /\p{L}{2}/u.test(node.nodeValue ?? ''),
  );
}

/** Whether a thumb's square around the middle of the element belongs to it, what is drawn larger by its label or by `::before` included. */
function takesThumb(element: Element): boolean {
  const label = element.closest('label') ?? (element as HTMLInputElement).labels?.[0] ?? null;
  const box = element.getBoundingClientRect();
  if (box.width >= thumb - 0.5 && box.height >= thumb - 0.5) return true;
  element.scrollIntoView({ block: 'center', inline: 'center' });
  const { left, top, width, height } = element.getBoundingClientRect();
  const reach = thumb / 2 - 1;
  const [x, y] = [left + width / 2, top + height / 2];
  return [
    [x - reach, y],
    [x + reach, y],
    [x, y - reach],
    [x, y + reach],
  ].every(([px = 0, py = 0]) => {
    const hit = document.elementFromPoint(px, py);
    return hit !== null && (element.contains(hit) || label?.contains(hit) === true);
  });
}

/** What lies over the page, and holds what a person can do now. */
export const layer = (): ParentNode => document.querySelector('dialog[open], .panel:not([hidden])') ?? document;

/** What a person can press or fill in now: where a dialog or a panel is open, nothing beneath it. */
export function controls(): Element[] {
  const all = 'button, a[href], input, select, textarea, summary, [role="button"], [role="link"], [tabindex="0"]';
  const found = [...layer().querySelectorAll(all)];
  return found.filter((one) => visible(one) && !one.matches(':disabled'));
}

/** Every control is large enough for a thumb, and nothing lies over its middle. */
function underThumb(): string[] {
  const found: string[] = [];
  for (const element of controls()) {
    if (!inSentence(element) && !takesThumb(element)) {
      const { width, height } = element.getBoundingClientRect();
      found.push(`too small for a thumb, ${Math.round(width)} × ${Math.round(height)}: ${name(element)}`);
    }
    element.scrollIntoView({ block: 'center' });
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (hit === null || !(element.contains(hit) || element.closest('label')?.contains(hit))) {
      found.push(`under ${hit ? name(hit) : 'the edge of the window'}: ${name(element)}`);
    }
  }
  window.scrollTo(0, 0);
  return found;
}

export const findings = (touch: boolean): string[] => [...beyondTheSides(), ...cut(), ...(touch ? underThumb() : [])];
