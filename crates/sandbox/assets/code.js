// A one-time code: in bold where it stands, and a button that copies it.

import { h, icon, toast } from "./dom.js";

/** The text as nodes, with the code in bold wherever it stands first. */
export function emphasised(text, code) {
  if (!code) return [text];
  const loose = new RegExp(code.split("").join("[\\s\u00a0-]?"));
  const found = loose.exec(text);
  if (!found) return [text];
  const end = found.index + found[0].length;
  return [text.slice(0, found.index), h("b", { class: "code", "data-testid": "code" }, found[0]), text.slice(end)];
}

/** «Скопировать код 481 920». */
export function copyButton(code) {
  const half = code.length / 2;
  const spaced = code.length % 2 === 0 && half > 2 ? `${code.slice(0, half)}\u00a0${code.slice(half)}` : code;
  // Said beside the button and not on it: it may be drawn anew at any moment.
  const copy = () =>
    navigator.clipboard.writeText(code).then(
      () => toast("Код скопирован"),
      () => toast(`Браузер не дал скопировать код ${spaced}`),
    );
  return h("button", { class: "wide", "data-testid": "copy-code", onclick: copy }, icon("copy"), `Скопировать код ${spaced}`);
}
