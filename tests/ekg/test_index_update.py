from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ekg.bench.synthetic import synthetic_quads, synthetic_sources, write_documents
from ekg.index import build_index, update_index
from ekg.index.compare import index_rows
from ekg.model import Document
from ekg.store import DocumentRow, DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import EKG, EVENT_TYPE, EVENTKG, OA, OWL, PROV, RDF, RDFS, SCHEMA, SEM, document_iri

Rows = dict[str, list[tuple[object, ...]]]
G = ox.NamedNode("urn:g")


def rows_at(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as db:
        return index_rows(db)


def touched_by(quads: Iterable[ox.Quad]) -> set[str]:
    return {t.value for q in quads for t in (q.subject, q.object) if isinstance(t, ox.NamedNode)}


class Graph:
    """A store and documents with an index that is brought in line with each change."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "index.sqlite"
        self.store, self.documents = OxigraphStore(), DocumentStore()
        self.fresh = folder / "fresh.sqlite"

    def build(self) -> None:
        build_index(self.path, self.store, self.documents, "0")

    def change(self, add: Iterable[ox.Quad] = (), remove: Iterable[ox.Quad] = (), changed: Iterable[str] = ()) -> bool:
        add, remove = list(add), list(remove)
        self.store.add(add)
        for quad in remove:
            self.store.raw.remove(quad)
        return update_index(
            self.path,
            self.path,
            self.store,
            self.documents,
            "1",
            touched=touched_by([*add, *remove]),
            changed=list(changed),
        )

    def check(self) -> None:
        build_index(self.fresh, self.store, self.documents, "1")
        assert rows_at(self.path) == rows_at(self.fresh)


@pytest.fixture
def graph(tmp_path: Path) -> Iterable[Graph]:
    graph = Graph(tmp_path)
    yield graph
    graph.documents.close()


def one_more(events: int, graph: Graph) -> tuple[set[ox.Quad], set[ox.Quad], str]:
    """Index a synthetic graph but for its last document, and write that beside: quads without and with it, its id."""
    sources = list(synthetic_sources(events, seed=5))
    write_documents(graph.documents, sources[:-1])
    before = set(synthetic_quads(sources[:-1]))
    graph.store.add(before)
    graph.build()
    write_documents(graph.documents, sources[-1:])
    return before, set(synthetic_quads(sources)), sources[-1].document.id


def test_documents_come_and_go(graph: Graph) -> None:
    before, after, last = one_more(60, graph)
    assert graph.change(after - before, before - after, [last])
    graph.check()
    graph.documents.remove([last])
    assert graph.change(before - after, after - before, [last])
    graph.check()


def test_a_renamed_participant_is_found_by_its_new_name_only(graph: Graph) -> None:
    event, actor = ox.NamedNode("urn:e"), ox.NamedNode("urn:a")
    old = quad(actor, RDFS + "label", ox.Literal("Ada"))
    graph.store.add([quad(event, RDF + "type", SEM + "Event"), quad(event, SEM + "hasActor", actor), old])
    graph.build()
    assert graph.change([quad(actor, RDFS + "label", ox.Literal("Bo"))], [old])
    graph.check()
    assert "Bo" in str(rows_at(graph.path)["event_text"])


def test_of_a_popular_entity_only_the_mentions_that_change_are_read(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after, last = one_more(100, graph)
    asked: list[Any] = []

    class Counting(OxigraphStore):
        def quads(self, *pattern: Any, **more: Any) -> Any:
            asked.append(pattern)
            return super().quads(*pattern, **more)

    graph.store.__class__ = Counting
    assert graph.change(after - before, before - after, [last])
    selector = ox.NamedNode(OA + "hasSelector")
    read = {pattern[0].value for pattern in asked if pattern[0] is not None and pattern[1:2] == (selector,)}
    assert read
    assert read <= touched_by(after ^ before)
    graph.check()


def test_too_many_changes_are_a_rebuild(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.index.update._FEW", 1)
    graph.build()
    assert not graph.change([quad(ox.NamedNode(f"urn:{n}"), RDF + "type", SEM + "Event") for n in range(5)])
    graph.check()


def test_an_index_of_another_version_is_rebuilt(graph: Graph) -> None:
    graph.build()
    with closing(sqlite3.connect(graph.path)) as db:
        db.execute("UPDATE meta SET value = '1' WHERE key = 'version'")
        db.commit()
    assert not graph.change()
    graph.check()


def test_what_is_no_database_is_rebuilt(graph: Graph) -> None:
    graph.path.write_bytes(b"nonsense" * 100)
    assert not graph.change()
    graph.check()


def quad(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal | str) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(predicate), ox.NamedNode(value) if isinstance(value, str) else value, G)


# Every kind of quad that the index reads, over so few names that chains of all kinds arise.
DOCS = ("d0", "d1")
NODES = [ox.NamedNode(f"urn:n{n}") for n in range(4)]
STATEMENTS = [ox.NamedNode(f"urn:s{n}") for n in range(3)]
MENTIONS = [ox.NamedNode(f"urn:ekg:mention:m{n}") for n in range(3)]
ARGUMENTS = [ox.NamedNode(f"urn:ekg:argument:a{n}") for n in range(2)]
SELECTORS = [ox.NamedNode(f"{document_iri(doc)}#char={n},{n + 2}") for doc in DOCS for n in range(2)]
KINDS = [SEM + "Event", SEM + "Actor", SEM + "Place", EVENT_TYPE + "Arrest", EVENT_TYPE + "Trial"]
WORDS = [ox.Literal(word) for word in ("Ada", "Bo", "2020-01-01T00:00:00Z", "1")]


def joined(subjects: list[ox.NamedNode], predicates: list[str], objects: list[Any]) -> st.SearchStrategy[ox.Quad]:
    return st.builds(quad, st.sampled_from(subjects), st.sampled_from(predicates), st.sampled_from(objects))


QUADS = st.one_of(
    joined(NODES, [RDF + "type"], KINDS),
    joined(NODES, [RDFS + "label", EKG + "begin", EKG + "mentionCount", EKG + "timeStatus", OWL + "sameAs"], WORDS),
    joined(NODES, [SEM + "hasActor", SEM + "hasPlace", SCHEMA + "containedInPlace"], NODES),
    joined(STATEMENTS, [RDF + "type"], [EVENTKG + "Relation"]),
    joined(STATEMENTS, [RDF + "subject", RDF + "object"], NODES),
    joined(STATEMENTS, [EKG + "fillerText", EKG + "confidence"], WORDS),
    joined(STATEMENTS, [PROV + "wasDerivedFrom"], ARGUMENTS),
    joined(MENTIONS, [EKG + "refersTo"], NODES),
    joined(MENTIONS, [EKG + "hasArgument"], ARGUMENTS),
    joined([*MENTIONS, *ARGUMENTS, NODES[0]], [OA + "hasSelector"], SELECTORS),
    joined(MENTIONS, [EKG + "mediaFragment"], [ox.NamedNode(f"urn:v#t={n},{n + 1}") for n in range(2)]),
    joined(SELECTORS, [OA + "exact"], WORDS),
)


# A mention that stands in a document says so: that is how a document that comes or goes finds its mentions.
SOURCES = [quad(m, OA + "hasSource", document_iri(d)) for m in (*MENTIONS, *ARGUMENTS, NODES[0]) for d in DOCS]
STEPS = st.tuples(st.lists(st.tuples(st.booleans(), QUADS), max_size=5), st.sampled_from([(), (), ("d0",), DOCS]))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(start=st.lists(QUADS, min_size=8, max_size=40), steps=st.lists(STEPS, min_size=1, max_size=4))
def test_after_any_changes_the_rows_are_those_of_a_rebuild(
    tmp_path_factory: pytest.TempPathFactory,
    start: list[ox.Quad],
    steps: list[tuple[list[tuple[bool, ox.Quad]], tuple[str, ...]]],
) -> None:
    graph = Graph(tmp_path_factory.mktemp("index"))
    with closing(graph.documents):
        put_or_remove(graph.documents, DOCS, 0)
        graph.store.add([*SOURCES, *start])
        graph.build()
        for number, (step, docs) in enumerate(steps, 1):
            put_or_remove(graph.documents, docs, number)
            present = set(graph.store.quads())
            add = [q for wanted, q in step if wanted]
            remove = [q for wanted, q in step if not wanted and q in present and q not in add]
            graph.change(add, remove, docs)
            graph.check()


def put_or_remove(documents: DocumentStore, docs: Iterable[str], number: int) -> None:
    """Take out the documents that are there, and put in those that are not."""
    present = {row.id for row in documents.rows()}
    for doc in docs:
        if doc in present:
            documents.remove([doc])
        else:
            row = DocumentRow(id=doc, part="", source="", recorded=None, revision="r", key="k")
            document = Document(id=doc, text=f"abcd {number}", title=f"Number {number}")
            documents.put([(row, document, None)])  # type: ignore[list-item]  # the index reads no record
