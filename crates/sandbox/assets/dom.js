// Small things that both halves of the page need. Nothing here ever turns text into markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: attributes that begin with `on` are listeners, `class` and the rest are attributes. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** An icon of the page's own set. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** `#id`. */
export const at = (id) => document.getElementById(id);

/** Asks the stand; throws with the stand's own words. */
export async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(value.error ?? `Стенд ответил ${answer.status}`);
  return value;
}

/** `+7 900 000-12-42`. */
export function spoken(digits) {
  const parts = /^7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits);
  return parts ? `+7\u00a0${parts[1]}\u00a0${parts[2]}-${parts[3]}-${parts[4]}` : `+${digits}`;
}

/** `12:31`. */
export const hhmm = (ms) => new Date(ms).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });

/** `Сегодня, 12:31`, or `21 ноября, 12:31`. */
export function moment(ms) {
  const day = new Date(ms);
  const today = day.toDateString() === new Date().toDateString();
  return `${today ? "Сегодня" : day.toLocaleDateString("ru", { day: "numeric", month: "long" })}, ${hhmm(ms)}`;
}

let toastTimer;
/** A short notice inside the phone. */
export function toast(text) {
  const place = at("toast");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (place.hidden = true), 6000);
}

/** What was seen is remembered for the tab, so that a reload does not count it again. */
export const seen = {
  get: (key) => Number(sessionStorage.getItem(`seen:${key}`) ?? 0),
  set: (key, value) => sessionStorage.setItem(`seen:${key}`, String(value)),
};

/** Puts children in place of the old ones: nothing moves when they are the same, the end and the focus are kept. */
export function fill(place, children) {
  // Not in an element of the same name: a list of options would choose anew with each one that leaves it.
  const fresh = h("div", {}, ...children);
  // What is announced or held open must not be put in anew for nothing.
  if (fresh.innerHTML === place.innerHTML) return;
  const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
  const focused = document.activeElement;
  const alike = (within, testid) => [...within.querySelectorAll(`[data-testid="${testid}"]`)];
  const held = place.contains(focused) && focused !== place ? alike(place, focused.dataset.testid).indexOf(focused) : -1;
  place.replaceChildren(...fresh.childNodes);
  if (atEnd) place.scrollTop = place.scrollHeight;
  if (held >= 0) alike(place, focused.dataset.testid)[held]?.focus();
}
