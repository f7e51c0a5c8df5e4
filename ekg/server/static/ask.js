// Questions and answers; search by words.

import { get } from "./api.js";
import { el, marked, plural, quote, source, when } from "./dom.js";
import { show, typeName } from "./show.js";

const REASONS = {
  no_entity: "nothing in the graph has a name like that",
  no_relation: "the graph knows who is meant, but nothing of that kind about them",
  time_out_of_range: "the graph has nothing from that time",
  no_evidence: "no text gives an answer",
  low_confidence: "what was found is too uncertain",
  false_premise: "the question takes something for granted that the texts contradict",
  not_understood: "the question was not understood",
};

export function setUp(section) {
  const form = section.querySelector("form");
  const result = section.querySelector(".result");
  form.id = "ask-form";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = form.elements.q.value.trim();
    if (!question) return;
    const target = `#ask=${encodeURIComponent(question)}`;
    if (location.hash === target) ask(question);
    else location.hash = target;
  });

  function ask(question) {
    const { as_of, asked_at, explain } = form.elements;
    const options = { q: question, as_of: as_of.value, asked_at: asked_at.value, explain: explain.checked ? "true" : "" };
    return show(result, async () => answers(await get("ask", "/api/ask", options), explain.checked));
  }

  return (question) => {
    form.elements.q.value = question;
    if (question) return ask(question);
    result.replaceChildren();
    return undefined;
  };
}

function answers(found, explain) {
  const parts = [];
  if (found.abstained) {
    parts.push(el("div", { class: "card answer" },
      el("h3", {}, "I don’t know"),
      el("p", { class: "facts" }, `Because ${REASONS[found.reason] || typeName(found.reason || "of an unknown reason")}.`),
      el("p", {}, el("a", { href: `#search=${encodeURIComponent(found.question)}` }, "Search the texts for these words"))));
  }
  found.answers.forEach((answer, n) => parts.push(card(answer, n)));
  for (const conflict of found.conflicts) {
    parts.push(el("div", { class: "notice" }, el("strong", {}, "But also: "), String(conflict.label ?? conflict.value ?? ""),
      (conflict.evidence || []).slice(0, 2).map((evidence) => quote(evidence, [String(conflict.label ?? "")]))));
  }
  parts.push(el("p", { class: "faint" }, `${found.elapsed_ms} ms`));
  if (explain) {
    parts.push(el("details", { class: "card", open: true }, el("summary", {}, "How it was understood"),
      el("pre", {}, JSON.stringify(found.frame, null, 1)),
      found.sparql && [el("pre", {}, found.sparql), el("p", {}, el("a", { href: `#sparql=${encodeURIComponent(found.sparql)}` }, "Open as SPARQL"))]));
  }
  return parts;
}

function card(answer, n) {
  const valid = answer.valid && (answer.valid.begin || answer.valid.end);
  const words = [answer.label, String(answer.value), ...answer.label.split(/\s+/).filter((word) => word.length > 3)];
  const shown = answer.evidence.slice(0, 2);
  const more = answer.evidence.slice(2);
  return el("article", { class: n ? "card answer" : "card answer first" },
    el("h3", {}, answer.label),
    el("div", { class: "facts" },
      el("span", {}, answer.type),
      el("span", {}, el("meter", { min: 0, max: 1, low: 0.4, high: 0.7, optimum: 1, value: answer.confidence, "aria-label": "confidence" }),
        ` ${Math.round(answer.confidence * 100)} % sure`),
      valid && el("span", {}, `valid ${when(answer.valid)}`),
      ["entity", "place"].includes(answer.type) && el("a", { href: `#timeline=${encodeURIComponent(answer.label)}` }, "timeline")),
    shown.map((evidence) => quote(evidence, words)),
    more.length > 0 && el("details", {}, el("summary", { class: "faint" }, plural(more.length, "more quote")),
      more.map((evidence) => quote(evidence, words))));
}

export function setUpSearch(section) {
  const form = section.querySelector("form");
  const result = section.querySelector(".result");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const target = `#search=${encodeURIComponent(form.elements.q.value.trim())}`;
    if (location.hash === target) search(form.elements.q.value.trim());
    else location.hash = target;
  });
  form.elements.kind.addEventListener("change", () => form.elements.q.value.trim() && form.requestSubmit());

  function search(words) {
    return show(result, async () => {
      const found = await get("search", "/api/search", { q: words, kind: form.elements.kind.value, k: 20 });
      if (!found.results.length) return el("p", { class: "faint" }, "Nothing has these words.");
      return found.results.map((row) => el("article", { class: "card" },
        el("strong", {}, row.kind === "event" ? row.title : row.title || row.document),
        el("div", { class: "faint" }, `${row.kind} · ${source({ ...row, title: row.kind === "event" ? row.document : null })}`),
        row.text && el("p", {}, words.split(/\s+/).length === 1 ? marked(row.text, [words]) : highlight(row.text, words))));
    });
  }

  return (words) => {
    form.elements.q.value = words;
    if (words) return search(words);
    result.replaceChildren();
    return undefined;
  };
}

/** Text with all occurrences of any of the words marked. */
function highlight(text, words) {
  const wanted = new Set(words.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) || []);
  return text.split(/([\p{L}\p{N}]+)/u).map((piece) => (wanted.has(piece.toLowerCase()) ? el("mark", {}, piece) : piece));
}
