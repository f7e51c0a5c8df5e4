// Building elements. Text only ever becomes text nodes, so nothing from a graph can be markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element: `el("a", {href, class, onclick}, "text", child, …)`. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Text with the first occurrence of each of some words marked, as far as it has them. */
export function marked(text, words) {
  const wanted = words.filter((word) => word && word.length > 1);
  const lower = text.toLowerCase();
  for (const word of wanted) {
    const at = lower.indexOf(word.toLowerCase());
    if (at >= 0 && lower.length === text.length) {
      return [text.slice(0, at), el("mark", {}, text.slice(at, at + word.length)), text.slice(at + word.length)];
    }
  }
  return [text];
}

export const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, "0"));
  return (whole >= 3600 ? [Math.floor(whole / 3600), ...parts] : parts).join(":");
};

/** Where a quote is from: title, date, moment. */
export function source(evidence) {
  const parts = [evidence.title || evidence.document, evidence.published && evidence.published.slice(0, 10)];
  if (evidence.media) parts.push(`at ${clock(evidence.media[0])}–${clock(evidence.media[1])}`);
  return parts.filter(Boolean).join(" · ");
}

/** A quote with its source. */
export function quote(evidence, words = []) {
  return el("blockquote", {},
    el("p", {}, marked((evidence.quote || evidence.text || "").replace(/\s+/g, " "), words)),
    el("footer", { class: "faint", title: evidence.document }, source(evidence)));
}

export const number = (value) => value.toLocaleString("en");
export const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** Name of a year or month given as `2015` or `2015-06`. */
export function periodName(key) {
  const [, year, month] = /^([+-]?\d+?)(?:-(\d\d))?$/.exec(key) || [null, key, null];
  return month ? `${MONTHS[Number(month) - 1]} ${year}` : year;
}

/** A half-open interval for people; its last day is included. */
export function when(event) {
  const { begin, end } = event;
  if (!begin && !end) return "undated";
  if (!begin) return `until ${end}`;
  if (!end) return `since ${begin}`;
  if (begin.includes("T") || end.includes("T")) return begin.replace("T", " ").replace(/:00Z?$/, "");
  const last = new Date(Date.parse(end) - 864e5);
  if (Number.isNaN(last.getTime())) return `${begin} – ${end}`;
  const day = last.toISOString().slice(0, 10);
  if (day === begin) return begin;
  if (begin.endsWith("-01-01") && day === `${begin.slice(0, 4)}-12-31`) return begin.slice(0, 4);
  const nextMonth = new Date(Date.UTC(Number(begin.slice(0, 4)), Number(begin.slice(5, 7)), 1)).toISOString().slice(0, 10);
  if (begin.endsWith("-01") && end === nextMonth) return begin.slice(0, 7);
  return `${begin} – ${day}`;
}
