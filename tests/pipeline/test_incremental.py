"""What is written node by node is what writing everything gives, whatever was done in whatever order."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

import ekg
from ekg.model import Container, Document, Extraction, Geo, Link, Place, Relation
from ekg.pipeline import part_nodes, resolved_graph
from ekg.pipeline.build import content_hash
from ekg.pipeline.merge import merge_into
from ekg.pipeline.publish import publish
from ekg.pipeline.unmerge import unmerge
from ekg.pipeline.verify import verify
from ekg.store import DocumentRow, DocumentStore, kg_lock, read_manifest
from tests.stub import StubExtractor

NAMES = ("Anna", "Berlin", "Clara", "Dora", "Emil")
VERBS = ("visited", "painted", "ended")
COUNTRIES = ("Norland", "Nordland")


def article(name: str, draw: random.Random) -> tuple[Document, Extraction]:
    """A short document with places that lie in something, relations and links to other graphs."""
    sentences = [f"{draw.choice(NAMES)} {draw.choice(VERBS)} {draw.choice(NAMES)}." for _ in range(draw.randint(1, 3))]
    document = Document(id=name, kind="article", text=" ".join(sentences), published=f"2024-01-{draw.randint(1, 9):02}")
    found = StubExtractor().extract(document)
    entities = list(found.entities)
    for n, entity in enumerate(entities):
        if entity.name == "Berlin":
            # What it lies in is not called the same everywhere.
            within = (Container(iri="urn:x:country", name=draw.choice(COUNTRIES)),)
            geo = Geo(
                iri=f"urn:x:{draw.randint(0, 1)}", geonames=None, name="Berlin", kind="town", country=None,
                latitude=1.0, longitude=2.0, within=within,
            )  # fmt: skip
            entities[n] = replace(entity, type="place", geo=geo)
        elif entity.name == "Emil" and draw.random() < 0.5:
            entities[n] = replace(entity, same_as=(f"urn:x:emil{draw.randint(0, 1)}",))
    places = [e for e in entities if e.type == "place"]
    events = list(found.events)
    if places:
        place = Place(entity=places[0].id, text="Berlin", span=places[0].mentions[0])
        events[-1] = replace(events[-1], place=place)
    kinds = ("before", "subevent", "subevent")
    relations = tuple(
        Relation(kind=draw.choice(kinds), source=a.id, target=b.id, confidence=draw.choice((0.5, 0.75)))
        for a, b in pairwise(events)
    )
    return document, replace(found, entities=tuple(entities), events=tuple(events), relations=relations)


def write(kg: Path, articles: list[tuple[Document, Extraction]]) -> None:
    """Put documents into a graph, which is made if there is none."""
    with kg_lock(kg):
        database = DocumentStore(kg / "documents.sqlite")
        rows = []
        for document, record in articles:
            revision = content_hash(document)
            row = DocumentRow(
                id=document.id, part="", source="", recorded="2024-02-01", revision=revision, key=f"k{revision}"
            )
            rows.append((row, document, record))
        database.put(rows)
        publish(kg, database, {"extractor": "x"})
        database.close()


def exported(kg: Path) -> bytes:
    ekg.export_graph(kg, kg.parent / "out.nq")
    return (kg.parent / "out.nq").read_bytes()


def random_links(left: Path, right: Path, draw: random.Random) -> list[Link]:
    """One-to-one links between nodes of a kind."""
    links = []
    with ekg.open(left) as a, ekg.open(right) as b:
        for kind in ("entity", "event"):
            lefts, rights = ([n.id for n in g.iter_nodes() if n.kind == kind] for g in (a, b))
            draw.shuffle(lefts)
            draw.shuffle(rights)
            pairs = list(zip(lefts, rights, strict=False))[:3]
            zone = draw.choice(("merge", "merge", "review"))
            links += [Link(left=x, right=y, score=0.9, zone="merge") for x, y in pairs[:2]]
            links += [Link(left=x, right=y, score=0.5, zone=zone) for x, y in pairs[2:]]  # type: ignore[arg-type]  # a zone
    return links


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_merges_unmerges_and_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(resolved_graph, "_MOST", 10.0)
    draw = random.Random(seed)
    kg = tmp_path / "kg"
    write(kg, [article(f"a{n}", draw) for n in range(4)])
    merged: list[tuple[str, bytes]] = []
    for step in range(5):
        action = draw.choice(("merge", "merge", "correct", "pair")) if step < 4 else "unmerge"
        if action == "merge" or (not merged and action != "correct"):
            other = tmp_path / f"other{step}"
            write(other, [article(f"b{step}{n}", draw) for n in range(2)])
            before = exported(kg)
            done = merge_into(kg, [other], [random_links(kg, other, draw)])
            merged.append((done.runs[0], before))
        elif action == "correct":
            write(kg, [article(draw.choice(("a0", "a1", "new")), draw)])
            merged.clear()
        elif action == "pair":
            database = DocumentStore(kg / "documents.sqlite", read_only=True)
            links = [k for k in database.links().get(merged[-1][0], []) if k.zone == "merge"]
            database.close()
            for link in links and [draw.choice(links)]:
                unmerge(kg, pair=(link.left, link.right), every_run=True)
        else:
            run, before = merged.pop()
            unmerge(kg, run)
            assert exported(kg) == before
        assert verify(kg) == [], (seed, step, action)


def test_relations_and_containers_of_nodes_that_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolved_graph, "_MOST", 10.0)
    big, small = tmp_path / "big", tmp_path / "small"
    write(big, [in_norland("a0", "Anna visited Berlin.")])
    document, record = in_norland("b0", "Boris started Lund. Clara painted it. Dora ended it.")
    first, second, third = record.events
    relations = (
        Relation(kind="subevent", source=second.id, target=first.id),
        Relation(kind="before", source=third.id, target=second.id),
    )
    write(small, [(document, replace(record, relations=relations))])
    before = exported(big)
    with ekg.open(big) as graph:
        visit = next(n.id for n in graph.iter_nodes() if n.kind == "event")
    pairs = [Link(left=visit, right=second.id, score=0.9, zone="merge")]
    pairs.append(Link(left=visit, right=first.id, score=0.3, zone="review"))
    run = merge_into(big, [small], [pairs]).runs[0]
    assert verify(big) == []
    unmerge(big, pair=(visit, second.id))
    assert verify(big) == []
    unmerge(big, run)
    assert exported(big) == before


def in_norland(name: str, text: str) -> tuple[Document, Extraction]:
    """A document of which every second entity is a place in one country."""
    document = Document(id=name, kind="article", text=text, published="2024-01-01")
    found = StubExtractor().extract(document)
    country = Container(iri="urn:x:country", name="Norland")
    entities = list(found.entities)
    entities[1] = replace(
        entities[1],
        type="place",
        geo=Geo(
            iri=f"urn:x:{name}", geonames=None, name=entities[1].name, kind="town", country=None, latitude=1.0,
            longitude=2.0, within=(country,),
        ),
    )  # fmt: skip
    return document, replace(found, entities=tuple(entities))


def test_parts_are_not_resolved_again_and_other_nodes_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(11)
    big, small = tmp_path / "big", tmp_path / "small"
    write(big, [article(f"a{n}", draw) for n in range(12)])
    write(small, [article("b0", draw)])
    (tmp_path / "more.nt").write_text('<x:a> <x:says> "hello" .\n')
    ekg.import_files(small, tmp_path / "more.nt")
    before = exported(big)
    links = random_links(big, small, draw)
    rendered: list[object] = []
    render = resolved_graph.render_nodes

    def spy(sources: list[object], *rest: object) -> object:
        rendered.append(len(sources))
        return render(sources, *rest)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(resolved_graph, "_MOST", 10.0)
    monkeypatch.setattr(resolved_graph, "render_nodes", spy)
    for step in ("part_nodes.resolve_part", "changes.build_index"):
        monkeypatch.setattr(f"ekg.pipeline.{step}", _never)
    monkeypatch.setattr("ekg.index.update.build_index", _never)
    done = merge_into(big, [small], [links])
    unmerge(big, done.runs[0])
    assert exported(big) == before
    assert all(0 < int(str(count)) < 13 for count in rendered)


def _never(*_: object, **__: object) -> None:
    raise AssertionError("done again")


@pytest.mark.parametrize("pattern", sorted({*part_nodes._CODE, *resolved_graph._CODE}))
def test_code_that_nodes_are_made_by_is_found(pattern: str) -> None:
    assert list(Path(ekg.__file__).parent.parent.glob(pattern))


def test_a_part_is_resolved_again_when_the_code_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(3)
    kg = tmp_path / "kg"
    write(kg, [article("a0", draw)])
    resolved: list[int] = []
    resolve = part_nodes.resolve_part

    def spy(sources: list[part_nodes.Source]) -> part_nodes.PartNodes:
        resolved.append(len(sources))
        return resolve(sources)

    monkeypatch.setattr(part_nodes, "resolve_part", spy)
    write(kg, [])
    assert resolved == []
    monkeypatch.setattr(part_nodes, "code_hash", lambda *_: "other")
    write(kg, [])
    write(kg, [article("a1", draw)])
    assert resolved == [1, 2]
    assert verify(kg) == []


def test_what_others_wrote_into_the_resolved_graph_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known of a graph that a killed writer left, so all of it is written again."""
    monkeypatch.setattr(resolved_graph, "_MOST", 10.0)
    draw = random.Random(5)
    kg, other = tmp_path / "kg", tmp_path / "other"
    write(kg, [article(f"a{n}", draw) for n in range(3)])
    write(other, [article("b0", draw)])
    rows = resolved_graph._rewrite

    def killed(changes: resolved_graph.Changes, *rest: object) -> None:
        rows(changes, *rest)  # type: ignore[arg-type]  # passed on
        raise OSError("disk full")

    links = random_links(kg, other, draw)
    with monkeypatch.context() as patch:
        patch.setattr(resolved_graph, "_rewrite", killed)
        with pytest.raises(OSError, match="disk full"):
            merge_into(kg, [other], [links])
    assert read_manifest(kg).state == "building"
    merge_into(kg, [other], [links])
    assert verify(kg) == []
