"""A tour of the Python API, in cells for an editor or notebook that knows `# %%`; the tests run it from top to bottom.

It builds its graph in memory from two of the demo's articles and one of its videos.
"""

# %% Documents become a graph. Give a directory instead of "memory:" to keep it.
from pathlib import Path

import ekg

demo = Path(__file__).parent.parent / "demo"
g = ekg.build([demo / "gazette"], "memory:")
print(g)

# %% Events are a lazy list: its length, slices and iteration are queries.
print(len(g), "events")
for event in g.events(actor="Helena Marsh")[:5]:
    print(event.row.begin, event.type, "-", event.label)

# %% A slice is a half-open window of valid time.
april = g["2025-04-01":"2025-05-01"]
print(len(april), "events in April 2025")

# %% What was known then: valid time and the time of recording are two things.
print(len(g.as_of("2024-10")), "events of October 2024 are known now,")
print(len(g.as_of("2024-10", recorded_at="2024-10-10")), "were known on 10 October.")

# %% Every event has evidence, quoted exactly.
event = april.by_weight()[0]
for evidence in event.evidence(2):
    text = g.document(evidence.document).text
    assert text[slice(*evidence.span)] == evidence.quote
    print(f"“{evidence.quote}” — {evidence.title}, {evidence.published}")

# %% Questions are answered with evidence, or not at all.
for question in ("When did the dock strike in Port Ellery begin?", "When did Beatrix Tanaka visit Brennick?"):
    answer = g.ask(question)
    if answer.abstained:
        print(question, "- I don't know:", answer.reason)
    for value in answer.answers[:1]:
        print(question, "-", value.label, f"({value.confidence:.2f})", "-", value.evidence[0].quote)

# %% SPARQL, with values bound and not pasted. EventKG's vocabulary works as it is.
rows = g.rows(
    """SELECT ?event ?label ?begin {
         ?event a sem:Event ; rdfs:label ?label ; sem:hasActor ?who ; sem:hasBeginTimeStamp ?begin
       } ORDER BY ?begin LIMIT 3""",
    who=g.entity("Helena Marsh"),
)
for row in rows:
    print(row["begin"], row["label"])

# %% Other libraries: networkx, torch-geometric, rdflib.
print(g.to_networkx())
data = g.to_pyg()
print(data["event"].time[:2])
print(len(g.to_rdflib()), "quads seen by rdflib")

# %% A single text, without a graph.
record = ekg.extract("Two bridges collapsed in Brennick on Tuesday after the flood.", published="2025-05-08")
for found in record.events:
    print(found.type, found.trigger.text, found.time.begin if found.time else None)
