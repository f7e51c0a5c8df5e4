"""What is not known of events: in records, in the resolved graph, in the index, on the command line and in SPARQL."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from ekg.cli.main import app
from ekg.errors import DataError, KgError
from ekg.graph import EventGraph
from ekg.index import Index
from ekg.model import Argument, ArgumentStatus, Event, EventTime, Place, Trigger, decode_extraction, encode_extraction
from ekg.pipeline.build import build, graph_of
from ekg.pipeline.nodes import EventMember, NodeRenderer, Nodes, time_status
from ekg.vocab import EKG
from extractors.completeness import expected_roles, general_role, missing_roles, with_status
from tests.samples import sample_pairs


def make(number: int = 1, **changes: object) -> Event:
    base = Event(
        id=f"ev_{number}",
        type="Attack",
        trigger=Trigger(text="attacked", span=(3, 11)),
        lemma="attack",
        arguments=(Argument(role="Victim", text="the town", span=(12, 20)),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # field names are checked by the dataclass itself


DAY = EventTime(begin="2024-04-08", end="2024-04-09", granularity="day", text="Monday", span=(30, 36))


def test_templates() -> None:
    assert "Victim" in expected_roles("Attack")
    assert expected_roles("Event") == ("Agent", "Theme")
    assert expected_roles("No_such_type") == ()
    assert "Place" not in expected_roles("Catastrophe")
    assert missing_roles("Event", {"Agent"}, time=True, place=True) == ("Theme",)
    assert missing_roles("No_such_type", (), time=False, place=False) == ("time", "place")
    assert general_role("Event", "Theme") == "Theme"
    assert general_role("Event", "Unheard_of") == "Unheard_of"


def test_statuses_and_missing_roles_of_a_mention() -> None:
    pronoun = Argument(role="Assailant", text="They", span=(0, 4))
    known = replace(pronoun, text="he", entity="en_1")
    told = make(1, arguments=(pronoun, *make().arguments), time=DAY)
    taken, reported = make(2, time=None), make(3, time=replace(DAY, text="", span=None))
    dated = [told, replace(taken, time=DAY), reported]
    first, second, third = with_status([told, taken, reported], dated)
    assert [a.status for a in first.arguments] == ["partial", "observed"]
    assert first.missing[0] == "place"
    assert "Assailant" not in first.missing
    assert "Weapon" in first.missing
    assert (first.time, second.time, third.time) == (
        DAY,
        replace(DAY, status="inferred"),
        replace(DAY, text="", span=None, status="inferred"),
    )
    (complete,) = with_status([make()], [make(place=Place(entity="en_1", text="x", span=(0, 1)))])
    assert complete.missing[0] == "time"
    assert "place" not in complete.missing
    (same,) = with_status([make(arguments=(known,))], [make(arguments=(known,))])
    assert same.arguments == (known,)


def test_no_missing_role_has_an_argument_and_records_keep_what_is_missing() -> None:
    document, record = sample_pairs()[0]
    events = with_status(record.events, record.events)
    for event in events:
        assert {a.role for a in event.arguments}.isdisjoint(event.missing)
        assert all(a.text for a in event.arguments)
    whole = replace(record, events=tuple(events))
    assert decode_extraction(encode_extraction(whole)) == whole
    assert len(graph_of([(document, whole)]).index.entities()) == len(record.entities)


def member(event: Event, published: str = "2024-04-10") -> EventMember:
    return EventMember(event=event, doc=f"doc {event.id}", published=published, recorded=published, phrase="attack")


def test_a_role_that_one_source_knows_is_known() -> None:
    weapon = Argument(role="Weapon", text="a rifle", span=(21, 28))
    nodes = Nodes(events={"ev_1": [member(make(1)), member(make(2, arguments=(weapon,)))]})
    quads = list(NodeRenderer(nodes, {}, {}).quads())
    missing = {q.object.value.rsplit("#")[-1] for q in quads if q.predicate == ox.NamedNode(EKG + "missingRole")}
    assert missing == set(expected_roles("Attack")) - {"Victim", "Weapon"}


@pytest.mark.parametrize(
    ("told", "chosen", "status"),
    [
        ([("en_a", "inferred"), ("en_a", "inferred"), ("en_b", "observed")], "b", []),
        ([("en_a", "inferred"), ("en_b", "inferred"), ("en_b", "inferred")], "b", ["inferred"]),
    ],
)
def test_an_observed_place_outvotes_inferred_ones(
    told: list[tuple[str, ArgumentStatus]], chosen: str, status: list[str]
) -> None:
    members = [
        member(make(number, place=Place(entity=entity, text="there", span=(0, 5), status=known)))
        for number, (entity, known) in enumerate(told)
    ]
    nodes = Nodes(events={"n": members}, entities={})
    quads = list(NodeRenderer(nodes, {"en_a": "a", "en_b": "b"}, {}).quads())
    places = {quad.object.value for quad in quads if quad.predicate.value.endswith("hasPlace")}
    assert [place.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for place in places] == [chosen]
    assert [q.object.value for q in quads if q.predicate.value == EKG + "placeStatus"] == status


@pytest.mark.parametrize(
    ("others", "status"),
    [
        ([], "observed"),
        ([EventTime(begin="2024-04-01", end="2024-05-01", granularity="month")], "observed"),
        ([EventTime(begin="2024-04-09", end="2024-04-10", granularity="day")], "contradicted"),
        ([EventTime(begin="2024-04-09", end="2024-04-10", granularity="day", status="inferred")], "observed"),
        ([EventTime(begin=None, end=None, granularity="unknown")], "observed"),
    ],
)
def test_times_of_several_sources(others: list[EventTime], status: str) -> None:
    members = [member(make(1, time=DAY)), *(member(make(9, time=time)) for time in others)]
    assert time_status(members, DAY) == status


def test_an_inferred_time_stays_inferred_until_a_source_tells_it() -> None:
    guess = replace(DAY, status="inferred")
    assert time_status([member(make(1, time=guess))], guess) == "inferred"
    assert time_status([member(make(1, time=guess)), member(make(2, time=DAY))], guess) == "observed"


@pytest.fixture
def graph() -> EventGraph:
    return graph_of([(d, replace(r, events=tuple(with_status(r.events, r.events)))) for d, r in sample_pairs()])


def test_events_by_what_is_missing(graph: EventGraph) -> None:
    assert {e.type for e in graph.events(missing=["time", "place"])} == {"Rescuing", "Releasing"}
    assert {e.type for e in graph.events(missing=["Time", "agent"])} == {"Rescuing"}
    assert [e.type for e in graph.events(missing=["Authorities"])] == ["Releasing"]  # the arrest has them
    (rescue,) = graph.events(type="Rescuing")
    assert rescue.missing[:2] == ("time", "place")
    assert rescue.status["Patient"] == "observed"
    assert rescue.to_dict()["missing"] == list(rescue.missing)
    with pytest.raises(DataError, match=r"a role 'Pateint' \(did you mean Patient"):
        graph.events(missing=["Pateint"])
    with pytest.raises(DataError, match="ekg ontology show"):
        graph.events(missing=["qqqq"])


def test_sparql_finds_the_same(graph: EventGraph) -> None:
    rows = graph.rows(
        "SELECT ?label { ?event ekg:missingRole role:Agent ; rdfs:label ?label "
        "FILTER NOT EXISTS { ?event ekg:begin ?begin } FILTER NOT EXISTS { ?event sem:hasPlace ?place } }"
    )
    assert [row["label"] for row in rows] == [e.label for e in graph.events(missing=["time", "place", "Agent"])]


def test_an_index_of_another_version_says_what_to_do(graph: EventGraph) -> None:
    graph.index._db.execute("UPDATE meta SET value = '1' WHERE key = 'version'")
    with pytest.raises(KgError, match="ekg reindex KG"):
        Index(graph.index._db)


def test_the_command_shows_what_is_known(tmp_path: Path) -> None:
    source = tmp_path / "one.json"
    source.write_text(json.dumps({"id": "one", "text": "Anna visited Berlin.", "published": "2024-01-01"}))
    build([source], tmp_path / "kg")
    shown = CliRunner().invoke(app, ["events", str(tmp_path / "kg"), "--missing", "place"])
    assert shown.exit_code == 0, shown.output
    known, unknown = shown.stdout.strip("\n").split("\t")[-2:]
    assert "Anna" in known
    assert "place" in unknown
