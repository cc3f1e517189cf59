// «Поделиться номером?»: a dialog inside the phone, with the ways to cheat folded away.

import { at, h, spoken } from "./dom.js";

/** Asks, and shares what was chosen. Esc, the dark around it and «Не сейчас» share nothing. */
export function shareSheet(world, user, share) {
  const place = at("sheet");
  const before = document.activeElement;
  const close = () => {
    place.hidden = true;
    place.replaceChildren();
    others(place).forEach((one) => (one.inert = false));
    // The dialog may have been drawn anew meanwhile.
    (before?.isConnected ? before : at("feed-max")).focus();
  };
  const answer = (extra) => () => {
    close();
    share({ user_id: user.user_id, ...extra });
  };
  const other = world.max_users.find((one) => one.user_id !== user.user_id);
  const heading = h("h2", { tabindex: -1, id: "sheet-title" }, "Поделиться номером?");
  const sheet = h(
    "div",
    { role: "dialog", "aria-modal": "true", "aria-labelledby": "sheet-title", "data-testid": "sheet" },
    heading,
    h("p", {}, `Бот «${world.bot.name}» узнает ваш номер ${spoken(user.phone)}.`),
    h("button", { class: "wide main", "data-testid": "share", onclick: answer({}) }, "Поделиться"),
    h("button", { class: "wide plain", "data-testid": "share-not", onclick: close }, "Не сейчас"),
    h(
      "details",
      {},
      h("summary", {}, "Испытать обман"),
      other && h("button", { class: "wide", onclick: answer({ contact_user_id: other.user_id }) }, `Чужой контакт: ${other.name}`),
      h("button", { class: "wide", onclick: answer({ forged_hash: true }) }, "Поддельная подпись"),
    ),
  );
  place.replaceChildren(sheet);
  place.hidden = false;
  others(place).forEach((one) => (one.inert = true));
  // In braces: a handler that returns false keeps the details below from opening.
  place.onclick = (event) => {
    if (event.target === place) close();
  };
  place.onkeydown = (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") keepInside(event, sheet);
  };
  heading.focus();
}

/** Everything on the page that is not on the way to the sheet. */
function others(place) {
  const beside = [];
  for (let one = place; one !== document.body; one = one.parentElement) {
    beside.push(...[...one.parentElement.children].filter((other) => other !== one));
  }
  return beside;
}

function keepInside(event, sheet) {
  const stops = [...sheet.querySelectorAll("button, summary")].filter((one) => one.checkVisibility());
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  const outside = !stops.includes(document.activeElement) && event.shiftKey;
  if (document.activeElement !== edge && !outside) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}
