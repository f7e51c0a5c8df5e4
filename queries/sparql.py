"""The SPARQL that stands behind an answer: it runs on the graph as it is and returns the answer's row."""

from __future__ import annotations

from collections.abc import Sequence

from ekg.vocab import document_iri, sparql_prologue
from queries.candidates import Candidate
from queries.frame import Frame

_LIMIT = 50


def query_of(frame: Frame | None, candidates: Sequence[Candidate]) -> str:
    """The query for an answer's candidates; without any, the query that was tried and found nothing certain."""
    graph = [c for c in candidates if c.arm == "graph" and c.event is not None]
    if graph:
        return sparql_for(graph)
    if candidates:
        docs = list(dict.fromkeys(f"<{document_iri(c.sentence.document.id)}>" for c in candidates))
        return _events(f"VALUES ?document {{ {' '.join(docs)} }}\n  ?event schema:subjectOf ?document .")
    if frame is None:
        return ""
    iris = [f"<{iri}>" for u in frame.names for iri in u.iris]
    parts = []
    if iris:
        parts.append(f"VALUES ?entity {{ {' '.join(iris)} }}\n  ?event sem:hasActor|sem:hasPlace ?entity .")
    words = [u.text.lower() for u in frame.words if u.text.isalpha()]
    if words and not iris:
        tests = " || ".join(f'CONTAINS(LCASE(?label), "{word}")' for word in words)
        parts.append(f"FILTER({tests})")
    return _events("\n  ".join(parts))


def sparql_for(candidates: Sequence[Candidate]) -> str:
    """The query that returns the graph's part of an answer."""
    first = candidates[0]
    events = " ".join(dict.fromkeys(f"<{c.event.iri}>" for c in candidates if c.event is not None))
    values = f"VALUES ?event {{ {events} }}"
    if first.type == "place":
        body = f"{values}\n  ?event sem:hasPlace ?answer .\n  ?answer rdfs:label ?label ."
        return _select("?answer ?label ?event", body)
    if first.type in {"date", "interval", "duration"}:
        body = f"{values}\n  OPTIONAL {{ ?event ekg:begin ?begin }}\n  OPTIONAL {{ ?event ekg:end ?end }}"
        return _select("?event ?begin ?end", body)
    if first.type == "entity":
        statements = " ".join(dict.fromkeys(f"<{c.statement}>" for c in candidates if c.statement))
        body = (
            f"VALUES ?statement {{ {statements} }}\n  ?statement rdf:subject ?event ; sem:roleType ?role ; "
            "rdf:object ?answer .\n  ?answer rdfs:label ?label ."
        )
        return _select("?answer ?label ?role ?event", body)
    if first.type == "boolean":
        return _select(
            "?event ?polarity ?modality", f"{values}\n  ?event ekg:polarity ?polarity ; ekg:modality ?modality ."
        )
    return _events(values)


def _events(pattern: str) -> str:
    body = (
        f"{pattern}\n  ?event a sem:Event ; rdfs:label ?label .\n  OPTIONAL {{ ?event ekg:begin ?begin }}\n"
        "  OPTIONAL { ?event ekg:end ?end }"
    )
    return _select("?event ?label ?begin ?end", body)


def _select(variables: str, body: str) -> str:
    used = [line for line in sparql_prologue().splitlines() if f"{line.split()[1]}" in body]
    head = "\n".join(used)
    return f"{head}\nSELECT DISTINCT {variables} WHERE {{\n  {body.strip()}\n}}\nLIMIT {_LIMIT}"
