// The tab «СМС»: what came to the number that was chosen.

import { copyButton, emphasised } from "./code.js";
import { at, fill, h, icon, moment, seen } from "./dom.js";

/** Draws the messages of a number and tells how many are unread. */
export function draw(inbox, number, open) {
  const mine = inbox.filter((sms) => sms.to === number);
  const current = mine.filter((sms) => sms.code && !sms.repeated).at(-1);
  const items = [];
  let day = "";
  for (const sms of mine) {
    const when = moment(sms.received_at);
    if (when !== day) items.push(h("p", { class: "day" }, (day = when)));
    const old = Boolean(sms.code) && sms !== current;
    const note = sms.repeated ? "Старый код, пришёл ещё раз" : "Заменён новым — больше не подойдёт";
    const words = emphasised(sms.text, old ? null : sms.code);
    items.push(
      h("div", { class: old ? "bubble sms old" : "bubble sms", "data-testid": old ? "sms-old" : "sms" },
        h(old ? "s" : "div", { class: "text" }, ...words), h("small", {}, old ? note : sms.from)),
    );
    if (sms === current) items.push(copyButton(sms.code));
  }
  if (mine.length === 0) {
    items.push(h("div", { class: "nothing-yet" }, icon("sms"), "СМС пока нет. Запросите код в Мостике, и он придёт сюда."));
  }
  fill(at("feed-sms"), items);
  if (open) seen.set(`sms:${number}`, mine.at(-1)?.id ?? 0);
  return mine.filter((sms) => sms.id > seen.get(`sms:${number}`)).length;
}

/** What is wrong with SMS on purpose. */
export function warning(faults, where) {
  const { down, lose_next, refuse, delay_ms, repeat_old } = faults.sms;
  if (down) return `СМС-центр выключен: так настроено ${where}.`;
  if (refuse) return `СМС-центр отказывает: так настроено ${where}.`;
  if (lose_next > 0) return `Следующее СМС потеряется: так настроено ${where}.`;
  if (delay_ms > 0) return `СМС придёт с опозданием на ${delay_ms / 1000} с: так настроено ${where}.`;
  return repeat_old ? `После нового СМС придёт старое: так настроено ${where}.` : "";
}
