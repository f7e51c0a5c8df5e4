from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from ekg.bench.synthetic import synthetic_quads, synthetic_sources, write_documents
from ekg.errors import KgError
from ekg.index import Facts, Index, build_index
from ekg.index.compare import index_rows
from ekg.store import DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import EKG, EVENTKG, RDF, RDFS, SEM

TYPE = ox.NamedNode(RDF + "type")
E, A, S = ox.NamedNode("urn:e"), ox.NamedNode("urn:a"), ox.NamedNode("urn:s")


@pytest.fixture
def database() -> Iterator[DocumentStore]:
    database = DocumentStore()
    yield database
    database.close()


def built(store: OxigraphStore, database: DocumentStore, facts: Facts | None = None) -> sqlite3.Connection:
    connection = build_index(None, store, database, "g", facts=facts)
    assert isinstance(connection, sqlite3.Connection)
    return connection


def rows_of(*quads: tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]) -> dict[str, list[tuple[object, ...]]]:
    store, database = OxigraphStore(), DocumentStore()
    store.add([ox.Quad(s, ox.NamedNode(p), o, ox.NamedNode("urn:g")) for s, p, o in quads])
    try:
        return index_rows(built(store, database))
    finally:
        database.close()


def test_an_index_made_while_loading_has_the_rows_of_one_made_from_the_store(database: DocumentStore) -> None:
    sources = list(synthetic_sources(40))
    write_documents(database, sources)
    store, facts = OxigraphStore(), Facts()
    store.bulk_add(facts.passing(synthetic_quads(sources)))
    while_loading = index_rows(built(store, database, facts))
    assert while_loading == index_rows(built(store, database))
    assert len(while_loading["event"]) == 40
    assert while_loading["argument"]
    assert while_loading["passage"]


def test_counts_by_type_and_year() -> None:
    rows = rows_of(
        (E, RDF + "type", ox.NamedNode(SEM + "Event")),
        (E, EKG + "begin", ox.Literal("-0044-03-15T00:00:00Z")),
        (A, RDF + "type", ox.NamedNode(SEM + "Event")),
    )
    assert rows["type_year"] == [("Event", None, 1), ("Event", -44, 1)]


def test_values_that_are_no_numbers_or_dates_count_as_unknown() -> None:
    rows = rows_of(
        (E, RDF + "type", ox.NamedNode(SEM + "Event")),
        (E, EKG + "confidence", ox.Literal("very")),
        (E, EKG + "mentionCount", ox.Literal("1e400")),
        (E, EKG + "begin", ox.Literal("soon")),
    )
    (event,) = rows["event"]
    assert event[3:6] == (None, None, None)
    assert event[-2:] == (1.0, 0)


def test_a_name_without_a_language_or_in_english_comes_first() -> None:
    label = RDFS + "label"
    rows = rows_of(
        (A, RDF + "type", ox.NamedNode(SEM + "Place")),
        (A, label, ox.Literal("Aix", language="fr")),
        (A, label, ox.Literal("Bath", language="en")),
        (A, label, ox.Literal("Bad", language="de")),
        (A, label, ox.NamedNode("urn:a:name")),
        (E, RDF + "type", ox.NamedNode(SEM + "Event")),
        (E, label, ox.Literal("Krieg", language="de")),
        (E, SEM + "hasPlace", ox.Literal("Bath")),
    )
    assert [row[2] for row in rows["entity"]] == ["Bath"]
    assert sorted(row[2] for row in rows["alias"]) == ["Aix", "Bad", "Bath"]
    assert [(row[2], row[8]) for row in rows["event"]] == [("Krieg", None)]


def test_statements_make_participants_of_whatever_they_name() -> None:
    event = (E, RDF + "type", ox.NamedNode(SEM + "Event"))
    relation = (S, RDF + "type", ox.NamedNode(EVENTKG + "Relation"))
    label = (A, RDFS + "label", ox.Literal("Ada"))
    there = rows_of(event, relation, label, (S, RDF + "subject", E), (S, RDF + "object", A))
    back = rows_of(event, relation, label, (S, RDF + "subject", A), (S, RDF + "object", E))
    assert there["participation"] == back["participation"] == [("urn:e", "urn:a", "participant", None, 1.0, "urn:s")]
    assert [row[2] for row in there["entity"]] == ["Ada"]


def test_an_actor_without_a_statement_is_a_participant() -> None:
    rows = rows_of((E, RDF + "type", ox.NamedNode(SEM + "Event")), (E, SEM + "hasActor", A))
    assert rows["participation"] == [("urn:e", "urn:a", "participant", None, 1.0, None)]


def test_a_failed_build_leaves_the_old_index(tmp_path: Path, database: DocumentStore) -> None:
    path = tmp_path / "index.sqlite"
    build_index(path, OxigraphStore(), database, "one")
    before = path.read_bytes()
    database.close()
    with pytest.raises(sqlite3.ProgrammingError):
        build_index(path, OxigraphStore(), database, "two")
    assert path.read_bytes() == before


def test_an_index_that_is_refused_is_closed(
    tmp_path: Path, database: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, connect = tmp_path / "index.sqlite", sqlite3.connect
    build_index(path, OxigraphStore(), database, "g")
    opened: list[sqlite3.Connection] = []

    def noted(name: str, **options: bool) -> sqlite3.Connection:
        opened.append(connect(name, uri=options["uri"], check_same_thread=options["check_same_thread"]))
        return opened[-1]

    monkeypatch.setattr("ekg.index.read.sqlite3.connect", noted)
    Index(path, generation="g").close()
    with pytest.raises(KgError, match="of another generation"):
        Index(path, generation="another")
    path.write_bytes(b"no database")
    with pytest.raises(KgError, match="cannot be read"):
        Index(path)
    assert len(opened) == 3
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
