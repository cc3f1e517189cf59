import { tick } from 'svelte';
import { controls, layer, name } from './checks';

/** What a focus may be seen by, on the element itself or right beside it: a field draws it on its box, a radio on its word. */
function looks(element: Element): string {
  const near = [element, element.nextElementSibling, element.previousElementSibling, element.parentElement];
  const inside = element.previousElementSibling?.querySelectorAll('*') ?? [];
  const styles = [...near, element.closest('.field'), ...inside].map((one) => one && getComputedStyle(one));
  return [...styles, getComputedStyle(element, '::after')]
    .map((style) => {
      if (!style) return '';
      const { outlineStyle, outlineWidth, outlineColor, borderColor, borderWidth, boxShadow } = style;
      const outline = outlineStyle === 'none' ? '' : `${outlineWidth} ${outlineColor}`;
      return `${outline} ${borderColor} ${borderWidth} ${boxShadow}`;
    })
    .join('; ');
}

/** Of a group of radios the keyboard visits one; its arrows lead to the others. */
function isStop(element: Element): boolean {
  if (!(element instanceof HTMLInputElement && element.type === 'radio')) return true;
  const group = `input[name="${CSS.escape(element.name)}"]`;
  return element === (document.querySelector(`${group}:checked`) ?? document.querySelector(group));
}

let atRest = new Map<Element, string>();
let visited = new Map<Element, boolean>();

function visit({ target }: FocusEvent): void {
  // After what the window itself draws when a field tells it of the focus.
  if (target instanceof Element) queueMicrotask(() => visited.set(target, looks(target) !== atRest.get(target)));
}

document.addEventListener('focusin', visit);

export async function followFocus(): Promise<number> {
  // From the very beginning: past the end the focus goes to the browser, which brings it back at a moment of its own.
  const begin = document.createElement('span');
  begin.tabIndex = -1;
  const over = layer();
  (over === document ? document.body : over).prepend(begin);
  begin.focus();
  begin.remove();
  await tick();
  atRest = new Map(
    controls()
      .filter(isStop)
      .map((element) => [element, looks(element)]),
  );
  visited = new Map();
  return atRest.size;
}

export function missedByFocus(): string[] {
  return [...atRest.keys()]
    .filter((element) => element.isConnected)
    .flatMap((element) => {
      const seen = visited.get(element);
      if (seen === undefined) return [`the keyboard does not reach ${name(element)}`];
      return seen ? [] : [`the focus is not seen on ${name(element)}`];
    });
}
