// The page: which view is shown, and what the header says.

import { get } from "./api.js";
import * as asking from "./ask.js";
import { el, number } from "./dom.js";
import * as events from "./events.js";
import { problem } from "./show.js";
import * as sparql from "./sparql.js";
import * as timeline from "./timeline.js";

const VIEWS = ["ask", "search", "timeline", "events", "sparql"];

/** Year of an ISO date for people; year 0 is 1 BCE. */
function year(iso) {
  const number = Number(/^[+-]?\d+/.exec(iso)[0]);
  return number > 0 ? String(number) : `${1 - number} BCE`;
}

function header(info) {
  document.getElementById("graph-name").textContent = info.path;
  document.title = `${info.path} – ekg`;
  document.getElementById("version").textContent = `ekg ${info.version}`;
  const { document: documents, event, entity } = info.counts;
  const rows = [[documents, "documents"], [event, "events"], [entity, "entities"], [info.quads, "quads"]];
  const counts = document.getElementById("counts");
  counts.append(...rows.map(([count, name]) => el("div", {}, el("dt", {}, name), el("dd", {}, number(count)))));
  const { begin, end } = info.time;
  if (begin && end) counts.append(el("div", {}, el("dt", { class: "visually-hidden" }, "period"), el("dd", {}, `${year(begin)} – ${year(end)}`)));
  document.getElementById("names").append(...info.entities.map(([name]) => el("option", { value: name })));
  const chips = info.entities.slice(0, 8).map(([name]) => el("a", { class: "chip", href: `#timeline=${encodeURIComponent(name)}` }, name));
  if (chips.length) document.getElementById("timeline-examples").append("Most mentioned:", ...chips);
  const questions = info.entities.filter(([, type]) => type === "person").slice(0, 3).map(([name]) => `What happened to ${name}?`);
  const asked = questions.map((text) => el("a", { class: "chip", href: `#ask=${encodeURIComponent(text)}` }, text));
  if (asked.length) document.getElementById("ask-examples").append("For example:", ...asked);
}

function route(views) {
  const [, name, text] = /^#?([a-z]*)(?:=(.*))?$/s.exec(location.hash) || [];
  const chosen = VIEWS.includes(name) ? name : "ask";
  for (const view of VIEWS) document.getElementById(`view-${view}`).hidden = view !== chosen;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${chosen}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  let decoded = "";
  try { decoded = decodeURIComponent(text || ""); } catch { decoded = text; }
  views[chosen](decoded);
}

async function start() {
  const section = (name) => document.getElementById(`view-${name}`);
  let info;
  try {
    info = await get("info", "/api/info");
  } catch (error) {
    document.getElementById("main").prepend(problem(error));
    return;
  }
  header(info);
  const views = {
    ask: asking.setUp(section("ask")),
    search: asking.setUpSearch(section("search")),
    timeline: timeline.setUp(section("timeline")),
    events: events.setUp(section("events"), info),
    sparql: sparql.setUp(section("sparql"), info),
  };
  addEventListener("hashchange", () => location.hash !== "#main" && route(views));
  route(views);
}

start();
