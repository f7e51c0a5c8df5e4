// The events of somebody in time: a chart by year, month or day, and a list below it.

import { get } from "./api.js";
import { el, number, periodName, plural, svg } from "./dom.js";
import { eventCard, show, typeColors, typeName } from "./show.js";

const ZOOMS = { year: 4, month: 7, day: 10 };
const STEPS = { year: 1, month: 1 / 12, day: 1 / 365 };

export function setUp(section) {
  const form = section.querySelector("form");
  const result = section.querySelector(".result");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const target = `#timeline=${encodeURIComponent(form.elements.q.value.trim())}`;
    if (location.hash === target) load(form.elements.q.value.trim());
    else location.hash = target;
  });

  function load(name) {
    return show(result, async () => {
      const found = await get("timeline", "/api/timeline", { q: name, max: 500 });
      return new Timeline(found).element;
    });
  }

  return (name) => {
    form.elements.q.value = name;
    if (name) return load(name);
    result.replaceChildren();
    return undefined;
  };
}

const startOf = (event) => event.begin || event.end;
const PRECISION = { year: 4, decade: 4, century: 4, month: 7, season: 7, quarter: 7 };

/** The year, month or day of an event, as far as its date is that precise: what happened in 2003 is not in January. */
const keyOf = (event, zoom) => {
  const sign = /^[+-]/.test(startOf(event)) ? 1 : 0;
  return startOf(event).slice(0, sign + Math.min(ZOOMS[zoom], PRECISION[event.granularity] || 10));
};

class Timeline {
  constructor(found) {
    this.found = found;
    this.events = found.events.filter(startOf);
    this.colors = typeColors(this.events.map((event) => event.type));
    this.hidden = new Set();
    this.period = null;
    this.zoom = this.guessZoom();
    this.chart = el("div");
    this.list = el("div", { class: "group" });
    this.tools = el("div", { class: "tools" });
    this.element = el("div", { class: "result" }, this.head(), this.events.length > 0 && [this.tools, this.chart, this.list]);
    this.draw();
    this.wide = innerWidth;
    addEventListener("resize", () => {
      if (this.element.isConnected && this.wide !== innerWidth) { this.wide = innerWidth; this.draw(); }
    });
  }

  guessZoom() {
    const keys = (zoom) => new Set(this.events.map((event) => keyOf(event, zoom))).size;
    if (keys("month") <= 2) return "day";
    return keys("month") <= 40 ? "month" : "year";
  }

  head() {
    const { entity, total } = this.found;
    const shown = this.events.length;
    const count = shown < total ? `${number(shown)} most important of ${number(total)} events` : plural(shown, "event");
    return el("div", {},
      el("h3", { class: "name" }, entity ? entity.name : `Events about “${this.found.name}”`),
      el("div", { class: "facts" },
        entity && el("span", {}, entity.type),
        el("span", {}, count),
        entity?.aliases?.length > 0 && el("span", {}, `also: ${entity.aliases.slice(0, 6).join(", ")}`)));
  }

  draw() {
    const zoomButton = (name) => el("button", {
      type: "button", role: "radio", "aria-checked": String(this.zoom === name),
      onclick: () => { this.zoom = name; this.period = null; this.draw(); },
    }, name === "year" ? "Years" : name === "month" ? "Months" : "Days");
    const legend = this.colors.sorted.slice(0, 8).map(([type, count]) => el("button", {
      type: "button", "aria-pressed": String(!this.hidden.has(type)), title: "show or hide",
      onclick: () => { this.hidden.has(type) ? this.hidden.delete(type) : this.hidden.add(type); this.draw(); },
    }, el("span", { class: `dot ${this.colors.of.get(type)}` }), `${typeName(type)} ${count}`));
    const others = this.colors.sorted.slice(8).reduce((sum, [, count]) => sum + count, 0);
    this.tools.replaceChildren(
      el("div", { class: "legend" }, legend, others > 0 && el("span", { class: "faint badge" }, el("span", { class: "dot t8" }), `other ${others}`)),
      el("div", { class: "zoom", role: "radiogroup", "aria-label": "Group by" }, Object.keys(ZOOMS).map(zoomButton)));
    const visible = this.events.filter((event) => !this.hidden.has(event.type));
    this.chart.replaceChildren(this.bars(visible));
    this.list.replaceChildren(...this.groups(visible.filter((event) => !this.period || keyOf(event, this.zoom) === this.period)));
  }

  /** A stacked bar for each period in which something happened; a dotted axis stands for the time left out between. */
  bars(events) {
    // Drawn in real pixels, so that text keeps its size on small screens.
    const wide = Math.max(260, document.getElementById("main").clientWidth - 32), high = 140, floor = high - 20;
    const byKey = new Map();
    for (const event of events) {
      const key = keyOf(event, this.zoom);
      byKey.set(key, [...(byKey.get(key) || []), event]);
    }
    if (!byKey.size) return el("p", { class: "faint" }, "All types are hidden.");
    const keys = [...byKey.keys()].sort((a, b) => position(a) - position(b));
    const skips = keys.map((key, n) => n > 0 && position(key) - position(keys[n - 1]) > 1.6 * STEPS[this.zoom]);
    const slots = keys.length + 0.6 * skips.filter(Boolean).length;
    const slot = Math.min(54, wide / slots);
    const size = Math.max(1.5, slot - Math.min(6, slot / 4));
    const unit = Math.min(16, (floor - 8) / Math.max(...[...byKey.values()].map((items) => items.length)));
    let x = 0, labelEnd = -1;
    const parts = keys.map((key, n) => {
      const gap = skips[n] ? 0.6 * slot : 0;
      const axis = [
        gap > 0 && svg("line", { class: "gap", x1: x, x2: x + gap, y1: floor, y2: floor }),
        svg("line", { x1: x + gap, x2: x + gap + slot, y1: floor, y2: floor }),
      ];
      x += gap;
      const text = shortName(key), length = text.length * 6.2;
      const left = Math.min(x, wide - length);
      const labelled = left > labelEnd;
      if (labelled) labelEnd = left + length + 10;
      const bar = this.bar(key, byKey.get(key), { x, size, unit, floor });
      x += slot;
      return [axis, bar, labelled && svg("text", { x: left, y: high - 5 }, text)];
    });
    return svg("svg", { class: "bars", width: wide, height: high, viewBox: `0 0 ${wide} ${high}`, role: "group", "aria-label": "Events by time" }, parts);
  }

  /** One period's bar: a block for each event, or for each type where blocks would be too small. */
  bar(key, events, { x, size, unit, floor }) {
    const toggle = () => { this.period = this.period === key ? null : key; this.draw(); };
    const label = `${periodName(key)}: ${plural(events.length, "event")}`;
    const byColor = new Map();
    for (const event of events) byColor.set(this.colors.of.get(event.type), (byColor.get(this.colors.of.get(event.type)) || 0) + 1);
    let y = floor;
    const blocks = [...byColor].sort().flatMap(([color, count]) => {
      const heights = unit < 6 ? [count * unit] : Array(count).fill(unit);
      return heights.map((height) => svg("rect", { class: color, x, y: (y -= height), width: size, height: Math.max(1, height - 1), rx: unit > 6 ? 2 : 0 }));
    });
    return svg("g", {
      role: "button", tabindex: "0", "aria-label": label, "aria-pressed": String(this.period === key), onclick: toggle,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(); } },
    }, svg("title", {}, label), svg("rect", { class: "hit", x: x - 1, y: 0, width: size + 2, height: floor }), blocks);
  }

  groups(events) {
    const groups = new Map();
    const unit = this.zoom === "year" ? "year" : "month";
    for (const event of events) {
      const key = keyOf(event, unit);
      groups.set(key, [...(groups.get(key) || []), event]);
    }
    const note = this.period && el("p", { class: "faint" }, `Only ${periodName(this.period)}. `,
      el("button", { type: "button", class: "quiet small", onclick: () => { this.period = null; this.draw(); } }, "Show all"));
    return [note, ...[...groups].map(([key, items]) => el("section", {},
      el("h3", {}, periodName(key), el("span", { class: "faint" }, `  ${plural(items.length, "event")}`)),
      el("ol", {}, items.map((event) => eventCard(event, this.colors.of.get(event.type))))))].filter(Boolean);
  }
}

/** Place of a period on a line, in years. */
function position(key) {
  const [, year, month, day] = /^([+-]?\d+)(?:-(\d\d))?(?:-(\d\d))?/.exec(key) || [null, "0"];
  return Number(year) + (Number(month || 1) - 1) / 12 + (Number(day || 1) - 1) / 372;
}

function shortName(key) {
  const [, year, month, day] = /^([+-]?\d+)(?:-(\d\d))?(?:-(\d\d))?/.exec(key) || [null, key];
  return day ? key : month ? `${periodName(`${year}-${month}`).slice(0, 3)} ${year}` : year;
}
