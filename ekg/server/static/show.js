// States that all views share, and how an event looks.

import { Problem } from "./api.js";
import { el, plural, quote, when } from "./dom.js";

/** Shows "loading", then what `make` returns, or the error. */
export async function show(result, make, explain = null) {
  result.setAttribute("aria-busy", "true");
  result.replaceChildren(el("p", { class: "loading" }, "Working …"));
  try {
    result.replaceChildren(...[await make()].flat().filter(Boolean));
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Problem)) console.error(error);
    result.replaceChildren(problem(error, explain));
  }
  result.removeAttribute("aria-busy");
}

/** An error with its hint. */
export function problem(error, explain = null) {
  const hint = error.body?.hint;
  return el("div", { class: "notice error", role: "alert" },
    el("strong", {}, error.message),
    hint && el("p", {}, hint),
    explain && explain(error));
}

/** Classes of colours for types by frequency; all but the first eight share one. */
export function typeColors(types) {
  const counts = new Map();
  // Plain "Event" says nothing, so it never takes a colour from a type that does.
  for (const type of types) counts.set(type, (counts.get(type) || 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const typed = sorted.map(([type]) => type).filter((type) => type !== "Event");
  return { sorted, of: new Map([["Event", "t8"], ...typed.map((type, n) => [type, `t${Math.min(n, 8)}`])]) };
}

export const typeName = (type) => type.replaceAll("_", " ");

/** An event as a card; `color` is a class of typeColors. */
export function eventCard(event, color = "t8") {
  const roles = event.participants.filter((p) => p.name).map((p) =>
    el("li", {}, el("span", {}, `${typeName(p.role)}: `),
      p.entity ? el("a", { href: `#timeline=${encodeURIComponent(p.name)}` }, p.name) : p.name));
  return el("li", { class: "card event" },
    el("div", { class: "when" }, when(event)),
    el("div", {},
      el("h4", {}, event.label),
      el("div", { class: "facts" },
        el("span", { class: "badge" }, el("span", { class: `dot ${color}` }), typeName(event.type)),
        event.place && el("span", {}, `in ${event.place}`),
        event.polarity === "negative" && el("span", { class: "tag" }, "did not happen"),
        event.modality && event.modality !== "actual" && el("span", { class: "tag" }, event.modality),
        el("span", {}, plural(event.mentions, "mention"))),
      roles.length > 0 && el("ul", { class: "roles" }, roles),
      event.evidence.slice(0, 1).map((evidence) => quote(evidence, [event.label])),
      event.evidence.length > 1 && el("details", {},
        el("summary", { class: "faint" }, plural(event.evidence.length - 1, "more quote")),
        event.evidence.slice(1).map((evidence) => quote(evidence)))));
}
