// SPARQL: a box, examples, a table.

import { send } from "./api.js";
import { el, number, plural } from "./dom.js";
import { show } from "./show.js";

const SHOWN = 500;

const EXAMPLES = {
  "Event types": `SELECT ?type (COUNT(*) AS ?events) {
  ?event a sem:Event, ?type
  FILTER(?type != sem:Event)
} GROUP BY ?type ORDER BY DESC(?events)`,
  "Events with their time and place": `SELECT ?label ?begin ?end ?place {
  ?event a sem:Event ; rdfs:label ?label ; ekg:begin ?begin .
  OPTIONAL { ?event ekg:end ?end }
  OPTIONAL { ?event sem:hasPlace/rdfs:label ?place }
} ORDER BY ?begin LIMIT 100`,
  "Who took part, in which role": `SELECT ?event ?role ?who ?confidence {
  ?part a eventKG-s:Relation ; rdf:subject ?e ; sem:roleType ?role ; rdf:object ?w ; ekg:confidence ?confidence .
  ?e a sem:Event ; rdfs:label ?event .
  ?w rdfs:label ?who
} ORDER BY DESC(?confidence) LIMIT 100`,
  "Most mentioned people and organisations": `SELECT ?name ?type ?mentions {
  ?who a sem:Actor ; rdfs:label ?name ; ekg:entityType ?type ; ekg:mentionCount ?mentions
} ORDER BY DESC(?mentions) LIMIT 50`,
  "Events that several documents tell of": `SELECT ?label (COUNT(DISTINCT ?document) AS ?documents) {
  ?event a sem:Event ; rdfs:label ?label ; schema:subjectOf ?document
} GROUP BY ?event ?label HAVING(COUNT(DISTINCT ?document) > 1) ORDER BY DESC(?documents) LIMIT 50`,
  "Documents": `SELECT ?id ?title ?published {
  ?document schema:identifier ?id .
  OPTIONAL { ?document schema:headline ?title }
  OPTIONAL { ?document schema:datePublished ?published }
} ORDER BY ?published LIMIT 100`,
  "The sentence spans behind an event": `SELECT ?label ?document ?start ?end ?trigger {
  ?mention ekg:refersTo ?event ; oa:hasSource ?document ; oa:hasSelector ?where .
  ?event a sem:Event ; rdfs:label ?label .
  ?where oa:start ?start ; oa:end ?end ; oa:exact ?trigger
} LIMIT 100`,
};

const isNumber = (term) => /#(integer|decimal|double|float)$/.test(term?.datatype || "");

export function setUp(section, info) {
  const form = section.querySelector("form");
  const result = section.querySelector(".result");
  const box = form.elements.q;
  const examples = section.querySelector("#sparql-example");
  for (const name of Object.keys(EXAMPLES)) examples.append(el("option", { value: name }, name));
  examples.addEventListener("change", () => {
    if (!examples.value) return;
    box.value = EXAMPLES[examples.value];
    examples.value = "";
    form.requestSubmit();
  });
  const list = section.querySelector("#prefixes");
  for (const [name, iri] of Object.entries(info.prefixes)) list.append(el("dt", {}, `${name}:`), el("dd", {}, iri));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const target = `#sparql=${encodeURIComponent(box.value)}`;
    if (location.hash === target) run(box.value);
    else location.hash = target;
  });

  const names = Object.entries(info.prefixes);
  const short = (iri) => {
    const [name, space] = names.find(([, value]) => iri.startsWith(value) && /^[\w.-]+$/.test(iri.slice(value.length))) || [];
    return name ? `${name}:${iri.slice(space.length)}` : iri;
  };

  const request = (text, accept) => send("sparql", "/sparql", {
    method: "POST", body: text, headers: { "Content-Type": "application/sparql-query", Accept: accept },
  });

  function run(text) {
    return show(result, async () => {
      const started = performance.now();
      const response = await request(text, "application/sparql-results+json, text/turtle;q=0.9");
      if (!response.headers.get("Content-Type").includes("json")) return el("pre", {}, await response.text());
      const found = await response.json();
      const cut = found.truncated;
      const time = `${Math.round(performance.now() - started)} ms`;
      if ("boolean" in found) return [el("p", { class: "card" }, found.boolean ? "Yes (true)" : "No (false)"), el("p", { class: "faint" }, time)];
      const rows = found.results.bindings;
      return [
        el("div", { class: "tools" },
          el("span", { class: "faint" }, `${plural(rows.length, "row")}${rows.length > SHOWN ? `, the first ${SHOWN} shown` : ""}, ${time}`),
          rows.length > 0 && el("span", { class: "buttons" }, save(text, "text/csv", "csv"), save(text, "application/sparql-results+json", "json"))),
        cut && el("p", { class: "notice" }, `The server stopped at ${number(rows.length)} rows; there are more.`),
        table(found.head.vars, rows.slice(0, SHOWN)),
      ];
    }, (error) => place(error, text));
  }

  function save(text, accept, kind) {
    return el("button", {
      type: "button", class: "quiet small", onclick: async () => {
        const url = URL.createObjectURL(await (await request(text, accept)).blob());
        el("a", { href: url, download: `result.${kind}` }).click();
        setTimeout(() => URL.revokeObjectURL(url), 10_000);
      },
    }, kind.toUpperCase());
  }

  function table(head, rows) {
    return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Results" }, el("table", {},
      el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col", class: isNumber(rows.find((row) => row[name])?.[name]) && "number" }, name)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, head.map((name) => cell(row[name])))))));
  }

  function cell(term) {
    if (!term) return el("td", {});
    if (term.type === "uri") {
      return el("td", {}, el("a", { href: `#sparql=${encodeURIComponent(`DESCRIBE <${term.value}>`)}`, title: term.value }, short(term.value)));
    }
    const type = term.datatype || "";
    if (isNumber(term)) return el("td", { class: "number" }, term.value);
    const midnight = type.endsWith("#dateTime") && term.value.endsWith("T00:00:00Z");
    return el("td", { title: type || null, class: /#(date|dateTime)$/.test(type) && "date" }, midnight ? term.value.slice(0, -10) : term.value || "", term["xml:lang"] && el("span", { class: "faint" }, ` @${term["xml:lang"]}`));
  }

  /** The line of the query that an error is about, with a mark below the place; also puts the cursor there. */
  function place(error, text) {
    const { line, column } = error.body || {};
    const lines = text.split("\n");
    if (!line || line > lines.length) return null;
    const start = lines.slice(0, line - 1).reduce((sum, part) => sum + part.length + 1, 0) + column - 1;
    box.focus();
    box.setSelectionRange(start, start + 1);
    return el("pre", {}, `${line} | ${lines[line - 1]}\n${" ".repeat(String(line).length)} | ${" ".repeat(Math.max(0, column - 1))}^`);
  }

  return (text) => {
    if (text) { box.value = text; return run(text); }
    if (!box.value) box.value = EXAMPLES["Event types"];
    result.replaceChildren();
    return undefined;
  };
}
