// The desk beside the phone: faults to try, the protocol log, who may sign in.

import { ask, at, fill, h, spoken } from "./dom.js";
import { warning as mailWarning } from "./mail.js";
import { warning as smsWarning } from "./sms.js";

const SWITCHES = {
  faults: [
    ["Задержать СМС", "на 40 секунд", "sms", "delay_ms", 40_000, 0],
    ["Потерять следующее СМС", "провайдер ответит «принято»", "sms", "lose_next", 1, 0],
    ["Прислать старый код ещё раз", "проверка, что подходит только новый", "sms", "repeat_old", true, false],
  ],
  "faults-sms": [
    ["Выключить СМС-центр", "соединение рвётся, сообщения ждут", "sms", "down", true, false],
    ["СМС-центр просит подождать", "ответ «слишком много сообщений»", "sms", "refuse", "throttled", null],
    ["Номера не существует", "СМС-центр откажет", "sms", "refuse", "invalid_number", null],
    ["Одно подключение на учётную запись", "второму СМС-центр откажет", "sms", "one_session", true, false],
  ],
  "faults-mail": [
    ["Задержать письмо", "на 40 секунд", "mail", "delay_ms", 40_000, 0],
    ["Потерять следующее письмо", "почта ответит «принято»", "mail", "lose_next", 1, 0],
    ["Почта просит прийти позже", "серый список: второй раз письмо примут", "mail", "refuse", "greylist", null],
    ["Ящик переполнен", "ответ 552", "mail", "refuse", "mailbox_full", null],
    ["Такого адреса нет", "ответ 550", "mail", "refuse", "unknown_recipient", null],
    ["Почта занята", "ответ 421 всем", "mail", "refuse", "busy", null],
    ["Чужой сертификат", "выдан другому имени", "mail", "wrong_certificate", true, false],
    ["Почта без шифрования", "старый сервер: берёт письма открыто", "mail", "no_starttls", true, false],
    ["Выключить почту", "соединение рвётся", "mail", "down", true, false],
  ],
  "faults-diary": [
    ["Дневник сломан", "ошибка 503 на каждый запрос", "diary", "status", 503, null],
    ["Дневник медлит", "5 секунд на каждый ответ", "diary", "delay_ms", 5_000, 0],
    ["Дневник отвечает не тем", "страница вместо данных", "diary", "html", true, false],
  ],
  "faults-vk": [
    ["VK ID сломан", "ошибка 503 на каждый запрос", "vk", "status", 503, null],
    ["VK ID медлит", "5 секунд на каждый ответ", "vk", "delay_ms", 5_000, 0],
    ["VK ID отвечает не тем", "страница вместо данных", "vk", "html", true, false],
  ],
  "faults-max": [
    ["MAX недоступен", "бот не слышит и не отвечает", "max", "down", true, false],
    ["MAX просит подождать", "ответ 429, через 5 секунд", "max", "status", 429, null],
    ["Ссылка в начатый чат молчит", "бот не узнает, что её открыли", "max", "silent_restart", true, false],
  ],
};

const NAMES = { diary: "МЭШ", smpp: "SMPP", smtp: "SMTP", max: "MAX", vk: "VK ID", phone: "СТЕНД" };
const wide = matchMedia("(min-width: 900px)");

let journal = [];

/** Calls back when words such as «слева» become wrong. */
export const onTurn = (listener) => wide.addEventListener("change", listener);

/** Draws the switches as they stand, and what they mean for the phone. */
export function drawFaults(faults) {
  let any = false;
  for (const [place, rows] of Object.entries(SWITCHES)) {
    if (at(place).childElementCount === 0) at(place).replaceChildren(...rows.map(row));
    const inputs = at(place).querySelectorAll("input");
    rows.forEach(([, , party, field, on], nth) => {
      inputs[nth].checked = faults[party][field] === on;
      any ||= inputs[nth].checked;
    });
  }
  at("calm").hidden = !any;
  const where = wide.matches ? "слева" : "ниже";
  for (const [place, words] of [["warn-sms", smsWarning(faults, where)], ["warn-mail", mailWarning(faults, where)]]) {
    at(place).textContent = words;
    at(place).hidden = words === "";
  }
}

function row([title, words, party, field, on, off]) {
  const turn = (event) => {
    const wish = { [field]: event.target.checked ? on : off };
    if (field === "status") wish.retry_after = event.target.checked && on === 429 ? 5 : null;
    ask("PATCH", "/api/faults", { [party]: wish });
  };
  const testid = `fault-${party}-${field}${field === "refuse" ? `-${on}` : ""}`;
  return h("label", { class: "row" }, h("span", {}, h("b", {}, title), h("small", {}, words)),
    h("input", { type: "checkbox", role: "switch", class: "switch", "data-testid": testid, onchange: turn }));
}

/** Who may sign in to the diary, and who with VK ID. */
export function drawPeople({ accounts, vk_users }) {
  const role = (account) => (account.role === "parent" ? `родитель: ${account.children.map((name) => name.split(" ")[0]).join(", ")}` : `ученик, ${account.class}`);
  const reached = (account) => [account.phone ? spoken(account.phone.slice(1)) : "", ...account.mail].filter(Boolean);
  const person = (name, words, aside) => h("li", { class: "row" }, h("span", {}, h("b", {}, name), words && h("small", {}, words)), h("span", { class: "aside" }, aside));
  at("people").replaceChildren(
    ...accounts.map((account) =>
      person(account.name, role(account), reached(account).length > 0 ? reached(account).map((one) => h("span", {}, one)) : "без телефона")),
  );
  at("people-vk").replaceChildren(...vk_users.map((user) => person(user.name, null, spoken(user.phone))));
}

/** The newest line that was drawn. */
export const lastLine = () => journal.at(-1)?.id ?? 0;

/** After the stand has started anew its lines begin anew. */
export const forgetLog = () => (journal = []);

/** Adds lines to the protocol log. */
export function drawLog(fresh) {
  // Another reading may have come in between.
  journal = [...journal, ...fresh.filter((entry) => entry.id > lastLine())].slice(-200);
  const lines = journal.map((entry) =>
    h("li", {}, h("time", {}, new Date(entry.time).toLocaleTimeString("ru")), h("i", {}, NAMES[entry.protocol]), h("span", {}, entry.line)),
  );
  fill(at("log"), lines.length > 0 ? lines : [h("li", { class: "nothing" }, "Пока тихо.")]);
}
