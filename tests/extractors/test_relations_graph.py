"""Relations on their way into the graph: quads, index, evidence, and the answer to a question."""

from __future__ import annotations

from pathlib import Path

import pytest

import ekg
import extractors
from ekg import registry
from ekg.ids import event_id
from ekg.model import Document, DocumentInfo, Event, Extraction, Relation, Trigger
from ekg.pipeline.render import relation_iri, relation_mention_iri, render_document
from ekg.vocab import EKG, OA, TIME

TEXT = "The Norrby dam broke at night. The flood destroyed the mill. The owner Ada Holm closed the mill because of the flood."


def trigger(word: str, nth: int = 0) -> Trigger:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(word, start + 1)
    return Trigger(text=word, span=(start, start + len(word)))


def made(word: str, kind: str, nth: int = 0) -> Event:
    told = trigger(word, nth)
    return Event(id=event_id("d", *told.span), type=kind, trigger=told, lemma=word, confidence=0.9)


BROKE, FLOOD, CLOSED = made("broke", "Damaging"), made("flood", "Flood", 1), made("closed", "Process_end")
CUE = TEXT.index("because of")
RELATIONS = (
    Relation(
        kind="cause",
        source=FLOOD.id,
        target=CLOSED.id,
        confidence=0.9,
        cue="because of",
        span=(CUE, CUE + 10),
        method="text",
    ),
    Relation(kind="precondition", source=BROKE.id, target=FLOOD.id, confidence=0.7, method="learned"),
)
DOCUMENT = Document(id="d", text=TEXT, published="2024-06-05", title="Dam")
RECORD = Extraction(
    document=DocumentInfo(id="d", kind="article", title="Dam", published="2024-06-05", lang="en", length=len(TEXT)),
    events=(BROKE, FLOOD, CLOSED),
    relations=RELATIONS,
)


def test_every_allen_relation_has_its_owl_time_name() -> None:
    assert relation_iri("finished_by") == TIME + "intervalFinishedBy"
    assert relation_iri("before") == TIME + "intervalBefore"
    assert relation_iri("cause") == EKG + "cause"


def test_a_relation_mention_carries_cue_method_and_selector() -> None:
    iri = relation_mention_iri(RELATIONS[0])
    said = {
        quad.predicate.value: quad.object.value
        for quad in render_document(DOCUMENT, RECORD, "2024-06-05")
        if quad.subject.value == iri
    }
    assert said[EKG + "method"] == "text"
    assert said[EKG + "cue"] == "because of"
    assert said[OA + "hasSelector"].endswith(f"#char={CUE},{CUE + 10}")


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ekg.EventGraph:
    class Given:
        def extract(self, document: Document) -> Extraction:
            return RECORD

    monkeypatch.setattr(registry, "_ADDED", {"extractor": {"default": Given}})
    monkeypatch.setattr(extractors, "signature", lambda: "given-1", raising=False)
    source = tmp_path / "d.jsonl"
    source.write_text(
        '{"id": "d", "title": "Dam", "published": "2024-06-05", "text": "' + TEXT + '"}\n', encoding="utf-8"
    )
    ekg.build([source], tmp_path / "g.ekg")
    return ekg.open(tmp_path / "g.ekg")


def test_relations_have_evidence_in_the_graph(graph: ekg.EventGraph) -> None:
    with graph:
        closed = graph.event(CLOSED.id)
        (relation,) = closed.relations
        assert (relation.kind, relation.confidence) == ("cause", 0.9)
        (evidence,) = closed.relation_evidence(relation)
        assert evidence.quote == TEXT[TEXT.index("The owner") :]
        learned = next(r for r in graph.event(BROKE.id).relations if r.kind == "precondition")
        quotes = [e.quote for e in graph.event(BROKE.id).relation_evidence(learned)]
        assert quotes[0] == "The Norrby dam broke at night."
        assert len(quotes) == 2, "no words state it: the sentences of both events"
        assert closed.to_dict()["relations"] == [
            {"kind": "cause", "source": FLOOD.id, "target": CLOSED.id, "confidence": 0.9}
        ]


def test_why_is_answered_from_a_stated_cause(graph: ekg.EventGraph) -> None:
    with graph:
        answer = graph.ask("Why did Ada Holm close the mill?")
        assert not answer.abstained
        assert "flood" in answer.answers[0].label
