// Browsing events with filters.

import { get } from "./api.js";
import { el, number, plural } from "./dom.js";
import { eventCard, show, typeColors, typeName } from "./show.js";

const PAGE = 25;
const FIELDS = ["type", "from", "to", "actor", "place", "text"];

export function setUp(section, info) {
  const form = section.querySelector("form");
  const result = section.querySelector(".result");
  for (const [type, count] of info.all_types) {
    form.elements.type.append(el("option", { value: type }, `${typeName(type)} (${number(count)})`));
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); go(0); });
  form.addEventListener("reset", () => setTimeout(() => go(0)));
  form.elements.type.addEventListener("change", () => go(0));

  function go(offset) {
    const chosen = new URLSearchParams(FIELDS.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value));
    if (offset) chosen.set("offset", offset);
    const text = chosen.toString();
    const target = text ? `#events=${encodeURIComponent(text)}` : "#events";
    if (location.hash === target) load(chosen);
    else location.hash = target;
  }

  function load(chosen) {
    const offset = Number(chosen.get("offset") || 0);
    return show(result, async () => {
      const found = await get("events", "/api/events", { ...Object.fromEntries(chosen), k: PAGE, offset });
      if (!found.events.length) return el("p", { class: "faint" }, "No event fits. Leave out a filter.");
      const colors = typeColors(found.events.map((event) => event.type)).of;
      const last = offset + found.events.length;
      return [
        el("p", { class: "faint" }, `${plural(found.total, "event")} in time order; ${number(offset + 1)} to ${number(last)}`),
        el("div", { class: "group" }, el("ol", {}, found.events.map((event) => eventCard(event, colors.get(event.type))))),
        found.total > PAGE && el("div", { class: "pages" },
          offset > 0 && el("button", { type: "button", class: "quiet", onclick: () => go(Math.max(0, offset - PAGE)) }, "Earlier"),
          last < found.total && el("button", { type: "button", class: "quiet", onclick: () => go(last) }, "Later")),
      ];
    });
  }

  return (text) => {
    const chosen = new URLSearchParams(text);
    for (const name of FIELDS) form.elements[name].value = chosen.get(name) || "";
    return load(chosen);
  };
}
