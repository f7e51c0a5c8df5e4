from __future__ import annotations

import random
from pathlib import Path

import pytest

from alignment import AlignConfig, AlignGraph, AlignNode, align, explain, read_links, write_links, write_ranking
from alignment.folder import fact_bounds
from ekg.errors import ConfigError, DataError, NotFoundError
from ekg.model import Alignment

TOWNS = [
    "Arlen",
    "Bromvik",
    "Castel Nuovo",
    "Dunmore",
    "Eastholm",
    "Fort Quay",
    "Greywater",
    "Hollin",
    "Ismar",
    "Jorvik",
]


def named(prefix: str, names: list[str], order: int = 0) -> AlignGraph:
    rows = list(enumerate(names))
    random.Random(order).shuffle(rows)
    return AlignGraph.build(AlignNode(id=f"{prefix}{n}", names=(name,)) for n, name in rows)


def events() -> tuple[list[str], list[str]]:
    years = range(1990, 2000)
    left = [f"{y}–{(y + 1) % 100:02} {town} Football League" for y in years for town in TOWNS[:5]]
    right = [f"Football League of {town} {y}-{y + 1}" for y in years for town in TOWNS[:5]]
    return left, right


def chain(prefix: str, salt: int) -> AlignGraph:
    """Players and clubs: every player has a career of his own, clubs are known by their players alone."""
    facts = []
    draw = random.Random(3)
    for player in range(60):
        year = 1950 + draw.randrange(50)
        for _ in range(3):
            length = 1 + draw.randrange(5)
            club = draw.randrange(8)
            begin, end = fact_bounds(str(year), str(year + length), Path("x"), 1)
            facts.append((f"{prefix}p{(player * 7 + salt) % 60}", "plays", f"{prefix}c{club}", begin, end))
            year += length + 1
    return AlignGraph.build((), facts)


def links_of(found: Alignment) -> dict[str, str]:
    return {link.left: link.right for link in found.links}


def test_time_in_names_decides_between_editions() -> None:
    left, right = events()
    found = align(named("l", left), named("r", right, 1))
    assert links_of(found) == {f"l{n}": f"r{n}" for n in range(len(left))}
    assert all(link.evidence["time"] == "equal" for link in found.links)


def test_ids_and_row_order_change_nothing() -> None:
    left, right = events()
    left, right = [*left[:20], "Alone in the North"], right[:30]
    first = align(named("l", left), named("r", right))
    second = align(named("zz", left, 5), named("A", right, 6))

    def rename(found: Alignment) -> list[tuple[str, str, float, str]]:
        return sorted((k.left.lstrip("lz"), k.right.lstrip("rA"), k.score, k.zone) for k in found.links)

    assert rename(first) == rename(second)


def test_an_entity_without_counterpart_is_not_merged() -> None:
    names = TOWNS
    found = align(named("l", [*names, "Zyx Qwv"]), named("r", names))
    assert {link.left for link in found.links if link.zone == "merge"} <= {f"l{n}" for n in range(len(names))}
    assert "l10" in found.unmatched or all(k.zone == "reject" for k in found.links if k.left == "l10")


def test_one_right_node_is_given_once() -> None:
    found = align(named("l", ["Treaty of Arlen", "Treaty of Arlen (1804)"]), named("r", ["Treaty of Arlen (1804)"]))
    assert [link.left for link in found.links] == ["l1"]
    assert found.unmatched == ("l0",)


def test_structure_and_time_align_nodes_without_names() -> None:
    found = align(chain("l", 0), chain("r", 0), config=AlignConfig(dimensions=64))
    right = sum(a[1:] == b[1:] for a, b in links_of(found).items())
    assert right >= 64  # of 60 players and 8 clubs
    assert found == align(chain("l", 0), chain("r", 0), config=AlignConfig(dimensions=64))


def test_seeds_are_links_and_anchors() -> None:
    seeds = [("lc0", "rc0"), ("lc1", "rc1")]
    found = align(chain("l", 0), chain("r", 0), seeds=seeds, config=AlignConfig(message_passing=False))
    assert links_of(found)["lc0"] == "rc0"
    assert next(link for link in found.links if link.left == "lc0").evidence == {"seed": 1.0}


def test_only_asked_ids_are_aligned() -> None:
    found = align(named("l", TOWNS), named("r", TOWNS), left_ids=["l1", "l2"], right_ids=["r2", "r3"])
    assert links_of(found).get("l2") == "r2"
    assert {link.left for link in found.links} | set(found.unmatched) == {"l1", "l2"}
    assert {link.right for link in found.links} <= {"r2", "r3"}


def test_cardinality() -> None:
    left, right = named("l", ["Jorvik Cup 1998"]), named("r", ["Jorvik Cup 1998", "Jorvik Cup (1998)"])
    assert len(align(left, right).links) == 1
    assert len(align(left, right, cardinality="1:n").links) == 2
    assert len(align(left, right, cardinality="n:m").links) == 2


def test_ranking_is_best_first_and_short() -> None:
    left, right = events()
    found = align(named("l", left), named("r", right), top_k=3)
    for ranks in found.ranking.values():
        assert 1 <= len(ranks) <= 3
        assert [s for _, s in ranks] == sorted((s for _, s in ranks), reverse=True)


@pytest.mark.parametrize("nodes", [[], [AlignNode(id="x")], [AlignNode(id="x", names=("",))]])
def test_graphs_with_nothing_to_compare(nodes: list[AlignNode]) -> None:
    found = align(AlignGraph.build(nodes), named("r", TOWNS))
    assert found.links == ()
    assert found.unmatched == tuple(n.id for n in nodes)


def test_bad_arguments() -> None:
    graph = named("l", TOWNS)
    with pytest.raises(ConfigError, match="cardinality"):
        align(graph, graph, cardinality="2:2")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ConfigError, match="precision"):
        align(graph, graph, precision=0.0)
    with pytest.raises(ConfigError, match="rounds"):
        AlignConfig(rounds=0)
    with pytest.raises(DataError, match="no 'nobody' in the left"):
        align(graph, graph, left_ids=["nobody"])
    with pytest.raises(DataError, match="no 'nobody' in the right"):
        align(graph, graph, seeds=[("l1", "nobody")])
    with pytest.raises(DataError, match="linked with both"):
        align(graph, graph, seeds=[("l1", "l2"), ("l1", "l3")])
    with pytest.raises(DataError, match="no such file"):
        align("nowhere", graph)


def test_explain_says_why_and_why_not() -> None:
    left, right = events()
    a, b = named("l", left), named("r", right)
    same = explain(a, b, "l7", "r7")
    assert same.evidence["time"] == "equal"
    assert same.score > 0.5
    other = explain(a, b, "l7", "r12")
    assert other.evidence["time"] in {"conflict", "overlaps"}
    assert other.score < same.score
    far = explain(a, named("r", [*right, "Zyx"]), "l7", f"r{len(right)}")
    assert far.evidence["proposed"] == "no"
    with pytest.raises(NotFoundError, match="left graph"):
        explain(a, b, "nobody", "r1")


def test_links_survive_the_file(tmp_path: Path) -> None:
    found = align(named("l", TOWNS), named("r", TOWNS))
    write_links(tmp_path / "links.tsv", found)
    write_ranking(tmp_path / "ranks.tsv", found)
    back = read_links(tmp_path / "links.tsv")
    assert [(k.left, k.right, k.score, k.zone) for k in back] == [
        (k.left, k.right, k.score, k.zone) for k in found.links
    ]
    assert (tmp_path / "ranks.tsv").read_text().split("\n")[0].split("\t")[2] == "1"


@pytest.mark.parametrize(
    ("row", "message"), [("a\tb\tc", "3 columns"), ("a\tb\tx\tmerge", "no score"), ("a\tb\tnan\tmerge", "0 to 1"),
                         ("a\tb\t0.5\tjoin", "no zone")]
)  # fmt: skip
def test_bad_links_are_named(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "links.tsv").write_text(f"a\tb\t0.5\tmerge\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"links.tsv:2.*{message}"):
        read_links(tmp_path / "links.tsv")
