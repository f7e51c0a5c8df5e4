from __future__ import annotations

from collections.abc import Iterator

import pytest

import ekg
from ekg.errors import DataError, NotFoundError, QueryError
from ekg.graph import EventGraph
from ekg.graph.pyg import UNKNOWN
from ekg.graph.sentences import sentence_span
from ekg.model import Document, Extraction
from ekg.pipeline.build import graph_of
from tests.samples import FIRE, event, info, sample_pairs


@pytest.fixture(scope="module")
def graph() -> Iterator[EventGraph]:
    with graph_of(sample_pairs()) as graph:
        yield graph


def test_counts_and_time_order(graph: EventGraph) -> None:
    assert len(graph) == 6
    assert [e.row.begin for e in graph][:3] == ["2024-04-08", "2024-04-09", "2024-06-03"]
    assert [e.time for e in graph][-1] is None


def test_slice_is_half_open(graph: EventGraph) -> None:
    assert [e.type for e in graph["2024-04-08":"2024-04-09"]] == ["Fire"]
    assert [e.type for e in graph["2024-04-08":"2024-04-10"]] == ["Fire", "Arrest"]
    assert len(graph["2024-06-04":"2024-06-04"]) == 0
    with pytest.raises(TypeError, match="slice"):
        graph[3]  # type: ignore[index]


def test_what_began_before_a_window_comes_last() -> None:
    long = ("in 2024", "2024-01-01", "2025-01-01")
    text = "It grew in 2024. He left on 5 May 2024."
    document = Document(id="d", text=text, published="2024-06-01")
    grew = event("d", text, "grew", "Change", time=long)
    left = event("d", text, "left", "Departing", time=("on 5 May 2024", "2024-05-05", "2024-05-06"))
    with graph_of([(document, Extraction(document=info(document), events=(grew, left)))]) as graph:
        assert [e.type for e in graph["2024-05-01":"2024-06-01"]] == ["Departing", "Change"]
        assert [e.type for e in graph] == ["Change", "Departing"]


def test_bad_dates_are_named(graph: EventGraph) -> None:
    with pytest.raises(DataError, match="2024-02 has no day 30"):
        graph.events(begin="2024-02-30")


def test_as_of_takes_recording_into_account(graph: EventGraph) -> None:
    assert {e.type for e in graph.as_of("2024-04")} == {"Fire", "Arrest"}
    assert len(graph.as_of("2024-04", recorded_at="2024-04-01")) == 0
    assert len(graph.as_of("2024-04", recorded_at="2024-04-10")) == 2


def test_filters(graph: EventGraph) -> None:
    assert [e.type for e in graph.events(actor="tom reyes")] == ["Arrest", "Trial"]
    assert [e.type for e in graph.events(actor="Reyes")] == ["Arrest", "Trial"]
    assert len(graph.events(actor="Nobody")) == 0
    assert {e.type for e in graph.events(place="Norrby")} == {"Fire", "Arrest", "Trial"}
    assert [e.type for e in graph.events(text="mill")] == ["Fire"]
    assert [e.type for e in graph.events(text='mill" OR "x')] == []
    assert [e.type for e in graph.events(missing=("time",))] == ["Releasing", "Rescuing"]
    assert [e.type for e in graph.events(missing=("Event", "place"), type="Process_start")] == ["Process_start"]
    assert [e.type for e in graph.events(polarity="negative")] == ["Releasing"]


def test_lists_are_lazy_and_index_like_lists(graph: EventGraph) -> None:
    events = graph.events()
    assert events[-1].iri == list(events)[-1].iri
    assert [e.iri for e in events[1:4:2]] == [e.iri for e in list(events)[1:4:2]]
    assert [e.iri for e in events[::-1]] == [e.iri for e in list(events)[::-1]]
    with pytest.raises(IndexError):
        events[99]
    assert not graph.events(type="Nothing")


def test_timeline_of_an_entity(graph: EventGraph) -> None:
    assert [e.type for e in graph.timeline("Tom Reyes")] == ["Arrest", "Trial"]
    assert len(graph.timeline("Norrby", limit=1)) == 1
    with pytest.raises(NotFoundError):
        graph.timeline("Nobody")


def test_one_entity_for_all_documents(graph: EventGraph) -> None:
    reyes = graph.entity("Tom Reyes")
    assert reyes.row.mentions == 2
    assert graph.entity(reyes.iri).name == "Tom Reyes"
    with pytest.raises(NotFoundError):
        graph.entity("Nobody")


def test_evidence_is_quoted_exactly(graph: EventGraph) -> None:
    for found in graph:
        for evidence in found.evidence():
            assert evidence.span is not None
            assert graph.document(evidence.document).text[slice(*evidence.span)] == evidence.quote
    fire = next(iter(graph.events(type="Fire")))
    assert fire.evidence()[0].quote == "A fire destroyed the Norrby paper mill on Monday."
    opened = next(iter(graph.events(type="Process_start")))
    assert opened.evidence()[0].media == (0.0, 4.0)


def test_relations_and_participants(graph: EventGraph) -> None:
    fire = next(iter(graph.events(type="Fire")))
    assert [(r.kind, r.target) for r in fire.relations] == [("before", graph.events(type="Arrest")[0].iri)]
    arrest = graph.events(type="Arrest")[0]
    assert {(p.role, p.name) for p in arrest.participants} == {("Suspect", "Tom Reyes"), ("Authorities", "Police")}
    assert graph.event(arrest.id) == graph.event(arrest.iri) == arrest
    with pytest.raises(NotFoundError):
        graph.event("ev_0")


def test_queries_bind_values(graph: EventGraph) -> None:
    rows = graph.rows("SELECT ?e { ?e a sem:Event ; rdfs:label ?label }", label="Tom Reyes was tried")
    assert [row["e"] for row in rows] == [graph.events(type="Trial")[0].iri]
    entity = graph.entity("Norrby")
    assert graph.rows("SELECT (count(?e) AS ?n) { ?e sem:hasPlace ?p }", p=entity) == [{"n": 3}]
    with pytest.raises(DataError):
        graph.rows("ASK {}")
    with pytest.raises(QueryError):
        graph.query("SELECT")


def test_eventkg_time_stamps_are_inclusive_and_ours_half_open(graph: EventGraph) -> None:
    row = graph.rows(
        "SELECT ?b ?e ?x ?y { ?n a evt:Fire ; sem:hasBeginTimeStamp ?b ; sem:hasEndTimeStamp ?e ; "
        "ekg:begin ?x ; ekg:end ?y }"
    )[0]
    assert row == {"b": "2024-04-08", "e": "2024-04-08", "x": "2024-04-08T00:00:00Z", "y": "2024-04-09T00:00:00Z"}


def test_to_networkx(graph: EventGraph) -> None:
    result = graph.to_networkx()
    trial = graph.events(type="Trial")[0].iri
    reyes = graph.entity("Tom Reyes").iri
    assert result.nodes[trial]["begin"] == "2024-06-03"
    assert result.has_edge(trial, reyes, key="Defendant")


def test_to_rdflib_reads_the_same_quads(graph: EventGraph) -> None:
    dataset = graph.to_rdflib()
    assert sum(1 for _ in dataset.quads()) == len(graph.store)


def test_to_pyg(graph: EventGraph) -> None:
    data = graph.to_pyg()
    assert data["event"].num_nodes == 6
    assert data["event"].time.shape == (6, 2)
    assert (data["event"].time == UNKNOWN).sum() == 4
    edge = data["event", "Defendant", "entity"]
    source, target = edge.edge_index[:, 0].tolist()
    assert data["event"].node_id[source] == graph.events(type="Trial")[0].iri
    assert data["entity"].name[target] == "Tom Reyes"
    assert edge.time.tolist() == [[1717372800, 1717459200]]


def test_html_is_escaped_and_capped(graph: EventGraph) -> None:
    assert "6 events" in graph.events()._repr_html_()
    assert "<table>" in graph._repr_html_()
    assert "Norrby" in graph.events()[0]._repr_html_()


def test_public_names_are_lazy_and_complete() -> None:
    for name in ekg.__all__:
        assert getattr(ekg, name) is not None
    with pytest.raises(AttributeError):
        ekg.nonsense  # noqa: B018  # the access is what is tested


@pytest.mark.parametrize(
    ("text", "part", "sentence"),
    [
        ("One. Two three. Four.", "three", "Two three."),
        ("Dr. Fox of the U.S. Army ran. He fell.", "Army", "Dr. Fox of the U.S. Army ran."),
        ("Title\nBody text here. More.", "Body", "Body text here."),
        ('He said "No." Then he left.', "No", 'He said "No."'),
        ("It began at 11 a.m. Shortly afterwards it ended.", "began", "It began at 11 a.m."),
        ("It began at 11 a.m. Monday in Norrby. It ended.", "began", "It began at 11 a.m. Monday in Norrby."),
        ("no end at all", "end", "no end at all"),
        (FIRE, "Police", "Police arrested Tom Reyes in Norrby on Tuesday."),
    ],
)
def test_sentences(text: str, part: str, sentence: str) -> None:
    start = text.index(part)
    low, high = sentence_span(text, start, start + len(part))
    assert text[low:high] == sentence
