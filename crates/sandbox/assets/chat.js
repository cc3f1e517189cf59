// The tab MAX: the dialog with the bot, as the person who was chosen.

import { ask, at, fill, h, hhmm, icon, seen, spoken, toast } from "./dom.js";
import { shareSheet } from "./sheet.js";

let world;
let pending = null;
let lastNotice = 0;
let again;

/** Takes the world, the payload of a link if one was opened, and how to read the dialog again. */
export function prepare(theWorld, payload, readAgain) {
  world = theWorld;
  pending = payload;
  again = readAgain;
  at("bot-name").textContent = world.bot.name;
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("words").value.trim();
    if (!text) return;
    at("words").value = "";
    attempt(() => ask("POST", "/api/max/message", { user_id: me().user_id, text }));
  });
}

const me = () => world.max_users.find((user) => String(user.user_id) === at("as").value);

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

/** Draws the dialog and tells how many lines of the bot are unread. */
export function draw({ started, messages, notices, commands }, open) {
  const user = me();
  const lines = messages.map(line);
  if (started && lines.length === 0) lines.push(h("p", { class: "day" }, "Вы нажали «Начать». Ждём ответа бота."));
  if (!started || pending !== null) lines.push(startCard(started));
  fill(at("feed-max"), lines);
  at("composer").hidden = !started;
  fill(at("menu"), started ? (commands ?? []).map(entry) : []);
  at("bot-state").textContent = `бот · вы вошли как ${user.name}`;
  for (const notice of notices.filter((notice) => notice.id > lastNotice)) {
    if (lastNotice > 0 || notices.length === 1) toast(notice.text);
    lastNotice = notice.id;
  }
  const key = `max:${user.user_id}`;
  const newest = Math.max(0, ...messages.map((message) => message.id));
  if (open) seen.set(key, newest);
  const unread = messages.filter((message) => message.from === "bot" && message.id > seen.get(key)).length;
  return unread + (pending !== null && !open ? 1 : 0);
}

function entry({ name, description }) {
  const press = () => attempt(() => ask("POST", "/api/max/message", { user_id: me().user_id, text: `/${name}` }));
  return h("button", { type: "button", "data-testid": `command-${name}`, onclick: press }, description ?? `/${name}`);
}

function startCard(started) {
  const words = pending !== null && started ? "Открыта новая ссылка бота." : world.bot.description;
  const begin = async () => {
    const body = { user_id: me().user_id };
    if (pending) body.payload = pending;
    const done = await attempt(() => ask("POST", "/api/max/open", body));
    if (done) {
      pending = null;
      // A reload must not open the link again.
      history.replaceState(null, "", `/?number=${me().phone}&as=${me().user_id}&tab=max`);
      again();
    }
  };
  return h(
    "div",
    { class: "start", "data-testid": "start-card" },
    h("img", { src: "/assets/icon.svg", alt: "", width: 56, height: 56 }),
    h("h2", {}, world.bot.name),
    h("p", {}, words),
    h("button", { class: "wide main", "data-testid": "start", onclick: begin }, "Начать"),
  );
}

function line(message) {
  const mine = message.from === "user";
  const attachments = message.attachments ?? [];
  const parts = [];
  if (message.text) parts.push(h("div", { class: "text" }, ...rich(message.text, message.format)));
  for (const attachment of attachments.filter((attachment) => attachment.type === "contact")) {
    const card = attachment.payload.vcf_info;
    const digits = /TEL[^:]*:(\d+)/.exec(card)?.[1] ?? "";
    const name = /FN:([^\r\n]*)/.exec(card)?.[1] ?? "";
    parts.push(h("div", { class: "contact" }, icon("person"), h("div", {}, h("b", {}, name), h("small", {}, spoken(digits)))));
  }
  const keyboard = attachments.find((attachment) => attachment.type === "inline_keyboard");
  return h(
    "div",
    { class: mine ? "said mine" : "said", "data-testid": mine ? "mine" : "bot-message" },
    parts.length > 0 && h("div", { class: "bubble" }, parts, h("small", {}, hhmm(message.timestamp), message.edited && " · изменено")),
    keyboard && h("div", { class: "keys" }, keyboard.payload.buttons.map((row) => h("div", {}, row.map((key) => button(key, message.mid))))),
  );
}

function button(key, mid) {
  const user_id = me().user_id;
  if (key.type === "link") {
    return h("a", { class: "wide", href: key.url, target: "_blank", rel: "noopener noreferrer", "data-testid": "key-link" }, key.text, icon("out"));
  }
  const press = {
    request_contact: () => shareSheet(world, me(), (wish) => attempt(() => ask("POST", "/api/max/contact", wish))),
    callback: () => attempt(() => ask("POST", "/api/max/callback", { user_id, mid, payload: key.payload })),
    message: () => attempt(() => ask("POST", "/api/max/message", { user_id, text: key.text })),
    clipboard: () => navigator.clipboard.writeText(key.payload).then(() => toast("Скопировано")),
  }[key.type];
  const unplayed = () => toast("Эту кнопку стенд не изображает.");
  return h("button", { class: "wide", "data-testid": `key-${key.type}`, onclick: press ?? unplayed }, key.text);
}

/** Text as nodes: a little Markdown or HTML, never markup from outside. */
function rich(text, format) {
  if (format === "html") {
    const kinds = { B: "b", STRONG: "b", I: "i", EM: "i", U: "u", S: "s", CODE: "code", BR: "br" };
    const copy = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      const children = [...node.childNodes].flatMap(copy);
      if (node.tagName === "A") return anchor(node.getAttribute("href") ?? "", children);
      return kinds[node.tagName] ? h(kinds[node.tagName], {}, ...children) : children;
    };
    return [...new DOMParser().parseFromString(text, "text/html").body.childNodes].flatMap(copy);
  }
  if (format !== "markdown") return [text];
  const marks = /\*\*(.+?)\*\*|__(.+?)__|\*(.+?)\*|`(.+?)`|\[([^\]]+)\]\(([^)\s]+)\)/g;
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(marks)) {
    nodes.push(text.slice(from, found.index));
    const [, bold, under, slant, code, words, url] = found;
    if (url) nodes.push(anchor(url, [words]));
    else nodes.push(h(bold ? "b" : under ? "u" : slant ? "i" : "code", {}, bold ?? under ?? slant ?? code));
    from = found.index + found[0].length;
  }
  return [...nodes, text.slice(from)];
}

function anchor(url, children) {
  return /^https?:\/\//.test(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children) : h("span", {}, ...children);
}
