"""The shared fixtures are what their README says, so that a test that uses them fails for its own reasons."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest

SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EVENTKG = "http://eventKG.l3s.uni-hannover.de/schema/"


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def _ids(side: Path) -> set[str]:
    facts = {row[column] for row in _rows(side / "facts.tsv") for column in (0, 2)}
    names = side / "names.tsv"
    return facts | ({row[0] for row in _rows(names)} if names.exists() else set())


def test_eventkg_has_six_events_and_complete_relations(fixtures: Path) -> None:
    quads = list(pyoxigraph.parse(path=fixtures / "eventkg.nq", format=pyoxigraph.RdfFormat.N_QUADS))
    assert len(quads) == len(set(quads)) == 90
    types = Counter(str(q.object) for q in quads if q.predicate.value == RDF + "type")
    assert types[f"<{SEM}Event>"] == types[f"<{EVENTKG}Relation>"] == 6
    for term in (RDF + "subject", RDF + "object", SEM + "roleType"):
        assert sum(q.predicate.value == term for q in quads) == 6


@pytest.mark.parametrize(
    ("name", "form", "line", "column", "good"),
    [
        ("malformed.ttl", pyoxigraph.RdfFormat.TURTLE, 8, 18, 3),
        ("malformed.nq", pyoxigraph.RdfFormat.N_QUADS, 3, 75, 2),
    ],
)
def test_malformed_files_fail_where_they_should(
    fixtures: Path, name: str, form: pyoxigraph.RdfFormat, line: int, column: int, good: int
) -> None:
    parser = pyoxigraph.parse(path=fixtures / name, format=form)
    for _ in range(good):
        next(parser)
    with pytest.raises(SyntaxError) as caught:
        next(parser)
    assert (caught.value.lineno, caught.value.offset) == (line, column)


@pytest.mark.parametrize(
    ("name", "sizes", "links", "seeds"), [("harbour", (17, 16), 13, 0), ("offices", (14, 13), 9, 3)]
)
def test_graph_pairs_have_gold_links_and_dangling_entities(
    fixtures: Path, name: str, sizes: tuple[int, int], links: int, seeds: int
) -> None:
    folder = fixtures / "align" / name
    left, right = _ids(folder / "left"), _ids(folder / "right")
    assert (len(left), len(right)) == sizes
    gold = _rows(folder / "links.tsv")
    known = _rows(folder / "seeds.tsv") if seeds else []
    assert (len(gold), len(known)) == (links, seeds)
    both = gold + known
    assert {a for a, _ in both} < left
    assert {b for _, b in both} < right
    assert len({a for a, _ in both}) == len({b for _, b in both}) == len(both)
    widths = {len(row) for side in ("left", "right") for row in _rows(folder / side / "facts.tsv")}
    assert widths <= {4, 5}
    assert sum(a[1:] == b[1:] for a, b in both) < len(both) / 2, "numbers must not give the links away"
