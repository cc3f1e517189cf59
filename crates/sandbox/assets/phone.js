// The page «Телефон»: reads the stand over JSON and is told over server-sent events when to read again.

import { draw as drawChat, prepare } from "./chat.js";
import { ask, at, fill, h, icon, moment, seen, spoken } from "./dom.js";

const SWITCHES = {
  faults: [
    ["Задержать СМС", "на 40 секунд", "sms", "delay_ms", 40_000, 0],
    ["Потерять следующее СМС", "провайдер ответит «принято»", "sms", "lose_next", 1, 0],
    ["Прислать старый код ещё раз", "проверка, что подходит только новый", "sms", "repeat_old", true, false],
  ],
  "faults-more": [
    ["Выключить СМС-центр", "соединение рвётся, сообщения ждут", "sms", "down", true, false],
    ["СМС-центр просит подождать", "ответ «слишком много сообщений»", "sms", "refuse", "throttled", null],
    ["Номера не существует", "СМС-центр откажет", "sms", "refuse", "invalid_number", null],
    ["Дневник сломан", "ошибка 503 на каждый запрос", "diary", "status", 503, null],
    ["Дневник медлит", "5 секунд на каждый ответ", "diary", "delay_ms", 5_000, 0],
    ["Дневник отвечает не тем", "страница вместо данных", "diary", "html", true, false],
    ["MAX недоступен", "бот не слышит и не отвечает", "max", "down", true, false],
    ["MAX просит подождать", "ответ 429, через 5 секунд", "max", "status", 429, null],
    ["Ссылка в начатый чат молчит", "бот не узнает, что её открыли", "max", "silent_restart", true, false],
  ],
};

const query = new URLSearchParams(location.search);
const opened = /^\/max\/.+/.test(location.pathname);
let world;
let inbox = [];
let journal = [];
let tab = opened || query.get("tab") === "max" ? "max" : "sms";

const number = () => at("number").value;
const wide = matchMedia("(min-width: 900px)");

/* Whose phone */

function numbers() {
  const owners = new Map();
  const add = (digits, name) => {
    const names = owners.get(digits) ?? owners.set(digits, []).get(digits);
    if (name && !names.includes(name)) names.push(name);
  };
  for (const user of world.max_users) add(user.phone, user.name);
  for (const account of world.accounts.filter((account) => account.phone)) {
    const digits = account.phone.slice(1);
    // In MAX a person may have a pet name; one name for a number is enough unless several share it.
    const known = owners.get(digits)?.length > 0 && world.accounts.filter((other) => other.phone === account.phone)[0] === account;
    add(digits, known ? null : account.name.split(" ")[0]);
  }
  for (const sms of inbox) add(sms.to, null);
  return owners;
}

function drawPickers() {
  const chosen = number() || query.get("number") || world.max_users.find((user) => String(user.user_id) === query.get("as"))?.phone;
  const options = [...numbers()].map(([digits, names]) =>
    h("option", { value: digits, selected: digits === chosen }, `${names.join(", ") || "Другой"} · ${spoken(digits)}`),
  );
  at("number").replaceChildren(...options);
  drawPeopleInMax(at("as").value || query.get("as"));
}

function drawPeopleInMax(chosen) {
  const own = world.max_users.find((user) => user.phone === number());
  const wanted = chosen || String(own?.user_id ?? world.max_users[0].user_id);
  const options = world.max_users.map((user) =>
    h("option", { value: user.user_id, selected: String(user.user_id) === wanted },
      `${user.name}, ${user.phone === number() ? "тот же номер" : spoken(user.phone)}`),
  );
  at("as").replaceChildren(...options);
}

/* СМС */

async function readSms() {
  const known = new Set(inbox.map((sms) => sms.to));
  inbox = await ask("GET", "/api/sms");
  if (inbox.some((sms) => !known.has(sms.to))) drawPickers();
  drawSms();
}

function drawSms() {
  const mine = inbox.filter((sms) => sms.to === number());
  const coded = mine.filter((sms) => sms.code && !sms.repeated);
  const current = coded.at(-1);
  const items = [];
  let day = "";
  for (const sms of mine) {
    const when = moment(sms.received_at);
    if (when !== day) items.push(h("p", { class: "day" }, (day = when)));
    const old = Boolean(sms.code) && sms !== current;
    const note = sms.repeated ? "Старый код, пришёл ещё раз" : "Старый код — больше не подойдёт";
    items.push(
      h("div", { class: old ? "bubble sms old" : "bubble sms", "data-testid": old ? "sms-old" : "sms" },
        h("div", { class: "text" }, ...emphasised(sms, old)), old && h("small", {}, note), !old && h("small", {}, sms.from)),
    );
    if (sms === current) items.push(copyButton(sms.code));
  }
  if (mine.length === 0) {
    items.push(h("div", { class: "nothing-yet" }, icon("sms"), "СМС пока нет. Запросите код в Мостике, и он придёт сюда."));
  }
  fill(at("feed-sms"), items);
  const newest = mine.at(-1)?.id ?? 0;
  if (tab === "sms" && !document.hidden) seen.set(`sms:${number()}`, newest);
  count("sms", mine.filter((sms) => sms.id > seen.get(`sms:${number()}`)).length);
}

/** The code in bold, wherever it stands first. */
function emphasised(sms, old) {
  if (!sms.code || old) return [sms.text];
  const loose = new RegExp(sms.code.split("").join("[\\s\u00a0-]?"));
  const found = loose.exec(sms.text);
  if (!found) return [sms.text];
  const end = found.index + found[0].length;
  return [sms.text.slice(0, found.index), h("b", { "data-testid": "code" }, found[0]), sms.text.slice(end)];
}

function copyButton(code) {
  const spaced = code.length === 6 ? `${code.slice(0, 3)}\u00a0${code.slice(3)}` : code;
  const label = h("span", {}, `Скопировать код ${spaced}`);
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    label.textContent = "Код скопирован";
    setTimeout(() => (label.textContent = `Скопировать код ${spaced}`), 2500);
  };
  return h("button", { class: "wide", "data-testid": "copy-code", onclick: copy }, icon("copy"), label);
}

/* MAX */

async function readChat() {
  count("max", await drawChat(tab === "max" && !document.hidden));
}

/* Tabs */

function count(name, unread) {
  const badge = at(`count-${name}`);
  badge.hidden = unread === 0;
  badge.textContent = unread;
  const all = ["sms", "max"].reduce((sum, one) => sum + (at(`count-${one}`).hidden ? 0 : Number(at(`count-${one}`).textContent)), 0);
  document.title = `${all ? `(${all}) ` : ""}Телефон — учебный стенд`;
}

function show(name) {
  tab = name;
  for (const one of ["sms", "max"]) {
    const chosen = one === name;
    at(`tab-${one}`).setAttribute("aria-selected", String(chosen));
    at(`tab-${one}`).tabIndex = chosen ? 0 : -1;
    at(`pane-${one}`).hidden = !chosen;
    if (chosen) at(`feed-${one}`).scrollTop = at(`feed-${one}`).scrollHeight;
  }
  if (world) {
    drawSms();
    readChat();
  }
}

/* Faults */

async function readFaults() {
  const faults = await ask("GET", "/api/faults");
  let any = false;
  for (const [place, rows] of Object.entries(SWITCHES)) {
    const labels = rows.map(([title, words, party, field, on, off]) => {
      const isOn = faults[party][field] === on;
      any ||= isOn;
      const turn = (event) => {
        const wish = { [field]: event.target.checked ? on : off };
        if (field === "status") wish.retry_after = event.target.checked && on === 429 ? 5 : null;
        ask("PATCH", "/api/faults", { [party]: wish });
      };
      return h("label", { class: "row" }, h("span", {}, h("b", {}, title), h("small", {}, words)),
        h("input", { type: "checkbox", role: "switch", class: "switch", "data-testid": `fault-${party}-${field}`, onchange: turn }));
    });
    labels.forEach((label, at) => {
      const [, , party, field, on] = rows[at];
      label.querySelector("input").checked = faults[party][field] === on;
    });
    const focused = [...at(place).querySelectorAll("input")].indexOf(document.activeElement);
    at(place).replaceChildren(...labels);
    if (focused >= 0) at(place).querySelectorAll("input")[focused].focus();
  }
  at("calm").hidden = !any;
  const where = wide.matches ? "слева" : "ниже";
  const warning = faults.sms.down
    ? `СМС-центр выключен: так настроено ${where}.`
    : faults.sms.lose_next > 0
      ? `Следующее СМС потеряется: так настроено ${where}.`
      : faults.sms.delay_ms > 0
        ? `СМС придёт с опозданием на ${faults.sms.delay_ms / 1000} с: так настроено ${where}.`
        : faults.sms.repeat_old
          ? `После нового СМС придёт старое: так настроено ${where}.`
          : "";
  at("warn-sms").textContent = warning;
  at("warn-sms").hidden = warning === "";
}

/* The desk */

function drawPeople() {
  const role = (account) => (account.role === "parent" ? `родитель: ${account.children.map((name) => name.split(" ")[0]).join(", ")}` : `ученик, ${account.class}`);
  at("people").replaceChildren(
    ...world.accounts.map((account) =>
      h("li", { class: "row" }, h("span", {}, h("b", {}, account.name), h("small", {}, role(account))),
        h("span", { class: "aside" }, account.phone ? spoken(account.phone.slice(1)) : "без телефона")),
    ),
  );
}

async function readLog() {
  const fresh = await ask("GET", `/api/log?after=${journal.at(-1)?.id ?? 0}`);
  // Another reading may have come in between.
  journal = [...journal, ...fresh.filter((entry) => entry.id > (journal.at(-1)?.id ?? 0))].slice(-200);
  const names = { diary: "МЭШ", smpp: "SMPP", max: "MAX", phone: "СТЕНД" };
  const lines = journal.map((entry) =>
    h("li", {}, h("time", {}, new Date(entry.time).toLocaleTimeString("ru")), h("i", {}, names[entry.protocol]), h("span", {}, entry.line)),
  );
  fill(at("log"), lines.length > 0 ? lines : [h("li", { class: "nothing" }, "Пока тихо.")]);
}

/* Life */

const READERS = { sms: readSms, chat: readChat, log: readLog, faults: readFaults };
const waiting = new Set();

/** Reads each thing once per frame, however many events came. */
function soon(...names) {
  if (waiting.size === 0) {
    setTimeout(() => {
      const now = [...waiting];
      waiting.clear();
      now.forEach((name) => READERS[name]().catch(() => (at("strip").hidden = false)));
    }, 30);
  }
  names.forEach((name) => waiting.add(name));
}

function tick() {
  at("clock").textContent = new Date().toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
}

async function begin() {
  tick();
  setInterval(tick, 5000);
  show(tab);
  world = await ask("GET", "/api/world");
  inbox = await ask("GET", "/api/sms");
  prepare(world, opened ? (query.get("start") ?? "") : null);
  drawPickers();
  drawPeople();
  at("number").addEventListener("change", () => {
    drawPeopleInMax(null);
    drawSms();
    readChat();
  });
  at("as").addEventListener("change", readChat);
  for (const name of ["sms", "max"]) {
    at(`tab-${name}`).addEventListener("click", () => show(name));
    at(`tab-${name}`).addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      show(name === "sms" ? "max" : "sms");
      at(`tab-${tab}`).focus();
    });
  }
  at("calm").addEventListener("click", () => ask("DELETE", "/api/faults"));
  document.addEventListener("visibilitychange", () => soon("sms", "chat"));
  wide.addEventListener("change", () => soon("faults"));
  const events = new EventSource("/api/events");
  events.onopen = () => {
    at("strip").hidden = true;
    journal = [];
    soon("sms", "chat", "log", "faults");
  };
  events.onerror = () => (at("strip").hidden = false);
  for (const name of Object.keys(READERS)) events.addEventListener(name, () => soon(name));
  events.addEventListener("all", () => soon(...Object.keys(READERS)));
  await Promise.all(Object.values(READERS).map((read) => read()));
}

begin().catch(() => (at("strip").hidden = false));
