// The tab «Почта»: letters of the address that was chosen, and one letter to read.

import { copyButton, emphasised } from "./code.js";
import { at, fill, h, hhmm, icon, moment, seen } from "./dom.js";

let letters = [];
let known = [];
/** Once a person chose an address, a letter to another one changes nothing. */
let picked = false;
let opened = null;
let asText = false;
let shown = "";

const address = () => at("mail").value;
const mine = () => letters.filter((letter) => letter.mailbox === address());
const current = () => mine().filter((letter) => letter.code).at(-1);

/** Takes the known addresses and the one of the link. */
export function prepare(mailboxes, wanted, redraw) {
  known = mailboxes;
  picked = Boolean(wanted);
  if (wanted && !known.some((one) => one.address === wanted)) known = [...known, { address: wanted, name: null }];
  drawPicker(wanted);
  at("mail").addEventListener("change", () => {
    picked = true;
    opened = null;
    redraw();
  });
}

/** Takes the letters; draws the list or the open letter, and tells how many are unread. */
export function draw(all, open) {
  const latest = all.at(-1);
  const news = latest && latest.id > (letters.at(-1)?.id ?? 0);
  letters = all;
  drawPicker(news && !picked && opened === null ? latest.mailbox : address());
  const letter = mine().find((one) => one.id === opened);
  if (!letter) opened = null;
  drawList();
  drawLetter(letter);
  if (open) seen.set(`mail:${address()}`, mine().at(-1)?.id ?? 0);
  return mine().filter((one) => one.id > seen.get(`mail:${address()}`)).length;
}

function drawPicker(chosen) {
  const others = letters.map((letter) => letter.mailbox).filter((one) => !known.some((own) => own.address === one));
  const all = [...known, ...[...new Set(others)].map((one) => ({ address: one, name: null }))];
  const options = all.map((one) =>
    h("option", { value: one.address, selected: one.address === chosen }, one.name ? `${one.name} · ${one.address}` : one.address));
  fill(at("mail"), options);
  // What a person chose is no attribute, so it may differ from what was drawn.
  if (chosen) at("mail").value = chosen;
}

function drawList() {
  const newest = current();
  const items = mine().toReversed().map((letter) => {
    const old = Boolean(letter.code) && letter.id !== newest.id;
    const read = () => {
      opened = letter.id;
      asText = letter.html === null;
      drawList();
      drawLetter(letter);
      at("letter-subject").focus();
    };
    const today = moment(letter.received_at).startsWith("Сегодня");
    const when = today ? hhmm(letter.received_at) : new Date(letter.received_at).toLocaleDateString("ru", { day: "numeric", month: "short" });
    return h("li", {},
      h("button", { class: old ? "envelope old" : "envelope", "data-testid": old ? "letter-old" : "letter", onclick: read },
        h("span", { class: "sender" }, name(letter.from), h("time", {}, when)),
        h(old ? "s" : "b", { class: "subject" }, letter.subject || "Без темы"),
        h("small", {}, old ? "Код заменён новым — больше не подойдёт" : snippet(letter))));
  });
  const nothing = h("div", { class: "nothing-yet" }, icon("mail"), "Писем пока нет. Запросите код на этот адрес, и он придёт сюда.");
  fill(at("feed-mail"), items.length > 0 ? [h("ul", { class: "envelopes" }, items)] : [nothing]);
}

function drawLetter(letter) {
  at("mailbox").hidden = Boolean(letter);
  at("letter").hidden = !letter;
  const old = Boolean(letter?.code) && letter.id !== current().id;
  const state = letter ? `${letter.id} ${old} ${asText}` : "";
  // A frame that is put in anew is loaded anew.
  if (state === shown) return;
  shown = state;
  if (!letter) return at("letter").replaceChildren();
  const back = () => {
    const nth = mine().toReversed().findIndex((one) => one.id === letter.id);
    opened = null;
    drawLetter(null);
    at("feed-mail").querySelectorAll(".envelope")[nth]?.focus();
  };
  const turn = (text) => () => {
    asText = text;
    drawLetter(letter);
    at("letter").querySelector(`[data-testid="${text ? "as-text" : "as-html"}"]`).focus();
  };
  const both = letter.html !== null && letter.text !== null;
  const choice = (text, words) =>
    h("button", { "aria-pressed": String(asText === text), "data-testid": text ? "as-text" : "as-html", onclick: turn(text) }, words);
  at("letter").replaceChildren(
    h("div", { class: "letter-bar" },
      h("button", { class: "back", "data-testid": "letter-back", onclick: back }, icon("back"), "Письма"),
      both && h("div", { class: "choice", role: "group", "aria-label": "Как показать" }, choice(false, "Письмо"), choice(true, "Текст"))),
    h("div", { class: "letter-head" },
      h("h2", { id: "letter-subject", tabindex: -1 }, ...emphasised(letter.subject || "Без темы", old ? null : letter.code)),
      h("p", {}, letter.from),
      h("p", {}, `${moment(letter.received_at)} · ${letter.tls ? "по защищённому каналу" : "без защиты в пути"}`),
      letter.code && !old && copyButton(letter.code),
      old && h("p", { class: "note" }, "Код из этого письма заменён новым и больше не подойдёт.")),
    asText
      ? h("div", { class: "letter-text", tabindex: 0, role: "region", "aria-label": "Текст письма", "data-testid": "letter-text" },
          ...emphasised(letter.text ?? "", old ? null : letter.code))
      : h("iframe", {
          class: "letter-page",
          title: "Письмо",
          src: `/mail/${letter.id}/html`,
          sandbox: "allow-popups allow-popups-to-escape-sandbox",
          "data-testid": "letter-html",
        }),
  );
}

const name = (from) => /^(.*?)\s*<.*>$/.exec(from)?.[1] || from;

const snippet = (letter) => (letter.text ?? "").replace(/\s+/g, " ").trim().slice(0, 90) || "HTML";

/** What is wrong with mail on purpose. */
export function warning(faults, where) {
  const { down, refuse, lose_next, delay_ms, wrong_certificate, no_starttls } = faults.mail;
  const refusals = {
    greylist: "Почта просит прийти позже",
    mailbox_full: "Ящик переполнен",
    unknown_recipient: "Такого адреса нет",
    busy: "Почта занята",
  };
  if (down) return `Почта выключена: так настроено ${where}.`;
  if (refuse) return `${refusals[refuse]}: так настроено ${where}.`;
  if (wrong_certificate) return `У почты чужой сертификат: так настроено ${where}.`;
  if (no_starttls) return `Почта не умеет шифровать: так настроено ${where}.`;
  if (lose_next > 0) return `Следующее письмо потеряется: так настроено ${where}.`;
  return delay_ms > 0 ? `Письмо придёт с опозданием на ${delay_ms / 1000} с: так настроено ${where}.` : "";
}
