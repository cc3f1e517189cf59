// The page «Телефон»: begins with what the stand wrote into it, and is told over server-sent events when to read again.

import { draw as drawChat, prepare as prepareChat } from "./chat.js";
import { drawFaults, drawLog, drawPeople, forgetLog, lastLine, onTurn } from "./desk.js";
import { ask, at, fill, h, spoken } from "./dom.js";
import { draw as drawMail, prepare as prepareMail } from "./mail.js";
import { draw as drawSms } from "./sms.js";

const TABS = ["sms", "mail", "max"];
const query = new URLSearchParams(location.search);
const opened = /^\/max\/.+/.test(location.pathname);
const { world, ...begin } = JSON.parse(at("begin").textContent);
let { sms: inbox, mail: letters, faults } = begin;
let tab = opened ? "max" : TABS.includes(query.get("tab")) ? query.get("tab") : query.has("mail") ? "mail" : "sms";

const number = () => at("number").value;
const isSeen = (name) => tab === name && !document.hidden;

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
  fill(at("number"), options);
  if (chosen) at("number").value = chosen;
  drawPeopleInMax(at("as").value || query.get("as"));
}

function drawPeopleInMax(chosen) {
  const own = world.max_users.find((user) => user.phone === number());
  const wanted = chosen || String(own?.user_id ?? world.max_users[0].user_id);
  const options = world.max_users.map((user) =>
    h("option", { value: user.user_id, selected: String(user.user_id) === wanted },
      `${user.name}, ${user.phone === number() ? "тот же номер" : spoken(user.phone)}`),
  );
  fill(at("as"), options);
  at("as").value = wanted;
}

/* What is shown */

const DRAW = {
  sms: () => count("sms", drawSms(inbox, number(), isSeen("sms"))),
  mail: () => count("mail", drawMail(letters, isSeen("mail"))),
  chat: (chat) => count("max", drawChat(chat, isSeen("max"))),
  log: (lines) => drawLog(lines),
  faults: () => drawFaults(faults),
};

const READ = {
  sms: async () => {
    const known = new Set(inbox.map((sms) => sms.to));
    inbox = await ask("GET", "/api/sms");
    if (inbox.some((sms) => !known.has(sms.to))) drawPickers();
    DRAW.sms();
  },
  mail: async () => {
    letters = await ask("GET", "/api/mail");
    DRAW.mail();
  },
  chat: async () => {
    const user = at("as").value;
    const chat = await ask("GET", `/api/max/chat?user_id=${user}`);
    // Another person may have been chosen meanwhile.
    if (user === at("as").value) DRAW.chat(chat);
  },
  log: async () => DRAW.log(await ask("GET", `/api/log?after=${lastLine()}`)),
  faults: async () => {
    faults = await ask("GET", "/api/faults");
    DRAW.faults();
  },
};

function count(name, unread) {
  const badge = at(`count-${name}`);
  badge.hidden = unread === 0;
  badge.textContent = unread;
  const all = TABS.map((one) => at(`count-${one}`)).reduce((sum, one) => sum + (one.hidden ? 0 : Number(one.textContent)), 0);
  document.title = `${all ? `(${all}) ` : ""}Телефон — учебный стенд`;
}

function show(name) {
  tab = name;
  for (const one of TABS) {
    const chosen = one === name;
    at(`tab-${one}`).setAttribute("aria-selected", String(chosen));
    at(`tab-${one}`).tabIndex = chosen ? 0 : -1;
    at(`pane-${one}`).hidden = !chosen;
  }
  for (const one of ["sms", "max"]) at(`feed-${one}`).scrollTop = at(`feed-${one}`).scrollHeight;
}

/* Life */

const waiting = new Set();

/** Reads each thing once per frame, however many events came. */
function soon(...names) {
  if (waiting.size === 0) {
    setTimeout(() => {
      const now = [...waiting];
      waiting.clear();
      now.forEach((name) => READ[name]().catch(() => (at("strip").hidden = false)));
    }, 30);
  }
  names.forEach((name) => waiting.add(name));
}

function tick() {
  at("clock").textContent = new Date().toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
}

function listen() {
  at("number").addEventListener("change", () => {
    drawPeopleInMax(null);
    DRAW.sms();
    soon("chat");
  });
  at("as").addEventListener("change", () => soon("chat"));
  for (const [nth, name] of TABS.entries()) {
    const turnTo = (one) => {
      show(one);
      soon("sms", "mail", "chat");
    };
    at(`tab-${name}`).addEventListener("click", () => turnTo(name));
    at(`tab-${name}`).addEventListener("keydown", (event) => {
      const step = { ArrowLeft: nth + TABS.length - 1, ArrowRight: nth + 1, Home: 0, End: TABS.length - 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      turnTo(TABS[step % TABS.length]);
      at(`tab-${tab}`).focus();
    });
  }
  at("calm").addEventListener("click", () => ask("DELETE", "/api/faults").then(() => at("faults").querySelector("input").focus()));
  document.addEventListener("visibilitychange", () => soon("sms", "mail", "chat"));
  onTurn(() => DRAW.faults());
  const events = new EventSource("/api/events");
  events.onopen = () => {
    at("strip").hidden = true;
    forgetLog();
    soon(...Object.keys(READ));
  };
  events.onerror = () => (at("strip").hidden = false);
  for (const name of Object.keys(READ)) events.addEventListener(name, () => soon(name));
  events.addEventListener("all", () => soon(...Object.keys(READ)));
}

tick();
setInterval(tick, 5000);
show(tab);
prepareChat(world, opened ? (query.get("start") ?? "") : null, () => READ.chat());
prepareMail(world.mailboxes, begin.mailbox, () => DRAW.mail());
drawPickers();
drawPeople(world);
DRAW.sms();
DRAW.mail();
DRAW.chat(begin.chats[at("as").value]);
DRAW.faults();
// After the switches, which decide how much room it has.
DRAW.log(begin.log);
show(tab);
document.documentElement.dataset.ready = "true";
listen();
