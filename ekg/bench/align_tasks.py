"""Tasks of alignment, read from the corpora: two graphs with opaque ids, seeds, and the links that are asked for.

EventEA: Tian et al. 2022, names only. YAGO-WIKI20K: Xu et al., TEA-GNN, EMNLP 2021, facts only. DBP15K:
Sun et al., JAPE, ISWC 2017, without times. Ids are replaced and rows shuffled before every run, so that neither can
help.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from alignment import AlignConfig, AlignGraph, AlignNode
from alignment.folder import fact_bounds
from alignment.graph import OPEN, Fact
from ekg.errors import DataError

Figures = dict[str, float | int | str]
Pairs = list[tuple[str, str]]

_DANGLING = 0.3
_WIKIPEDIA = "https://en.wikipedia.org/wiki/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every measurement of alignment is given.

    Args:
        data: the folder of corpora.
        seed: for the permutation of ids and rows, and for the aligner.
        config: the aligner's settings.
        progress: told what is being done.
    """

    data: Path
    seed: int = 13
    config: AlignConfig | None = None
    progress: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Two graphs with opaque ids, seeds, and the links that are measured.

    Args:
        left: one graph.
        right: the other.
        seeds: known links.
        test: links that are measured.
        missing: measured links with an end in neither file; they count as wrong.
        left_ids: sources; None for those of ``test``.
        right_ids: candidates; None for those of ``test``.
    """

    left: AlignGraph
    right: AlignGraph
    seeds: Pairs
    test: Pairs
    missing: int = 0
    left_ids: Sequence[str] | None = field(default=None)
    right_ids: Sequence[str] | None = field(default=None)

    def sources(self) -> list[str]:
        """Ids of the left nodes to align."""
        return [a for a, _ in self.test] if self.left_ids is None else list(self.left_ids)

    def candidates(self) -> list[str]:
        """Ids of the right nodes that may be chosen."""
        return [b for _, b in self.test] if self.right_ids is None else list(self.right_ids)


def eventea(data: Path, name: str, seed: int) -> Task:
    """EventEA by the name of its set: ``eventea-en-en``, ``eventea-en-fr``; with ``-valid`` the links to tune on.

    The valid task has the names of both parts as sources and candidates, so that it is as crowded as the test, and
    looks at the valid links only.
    """
    folder = data / "eventea" / ("EN_FR_20K" if "en-fr" in name else "EN_EN_20K")
    graphs, ids = _named([folder / f"name_list_{side}" for side in "12"], seed)
    seeds, valid, test = (
        [(ids[0][a], ids[1][b]) for a, b in read_tsv(folder / f"{part}_links")] for part in ("train", "valid", "test")
    )
    if not name.endswith("-valid"):
        return Task(left=graphs[0], right=graphs[1], seeds=seeds, test=test)
    both = valid + test
    return Task(
        left=graphs[0],
        right=graphs[1],
        seeds=seeds,
        test=valid,
        left_ids=[a for a, _ in both],
        right_ids=[b for _, b in both],
    )


def _named(
    files: Sequence[Path], seed: int, name_of: Callable[[str], str] = str
) -> tuple[list[AlignGraph], list[dict[str, str]]]:
    """Graphs of names alone from files of ``id⇥name``, their rows shuffled, and the opaque ids of each."""
    shuffle = random.Random(seed)
    graphs, ids = [], []
    for path in files:
        rows = read_tsv(path)
        new = opaque([row[0] for row in rows], shuffle)
        shuffle.shuffle(rows)
        graphs.append(AlignGraph.build(AlignNode(id=new[key], names=(name_of(name),)) for key, name in rows))
        ids.append(new)
    return graphs, ids


def dangling(data: Path, seed: int, *, valid: bool) -> Task:
    """EventEA EN_EN in which many nodes have no counterpart.

    The partners of 30 % of the sources are no candidates, and 30 % of the other sources are not asked for, so that
    their partners dangle too. ``test`` keeps the links of which both ends are left; with ``valid`` those of the valid
    links, beside the test names, from which as many are taken.
    """
    whole = eventea(data, "eventea-en-en-valid" if valid else "eventea-en-en", seed)
    pairs = list(zip(whole.sources(), whole.candidates(), strict=True))
    random.Random(seed).shuffle(pairs)
    without_right = pairs[: round(_DANGLING * len(pairs))]
    rest = pairs[len(without_right) :]
    without_left = rest[: round(_DANGLING * len(rest))]
    whole_pairs = set(rest[len(without_left) :])
    return Task(
        left=whole.left,
        right=whole.right,
        seeds=whole.seeds,
        test=[pair for pair in whole.test if pair in whole_pairs],
        left_ids=sorted({a for a, _ in pairs} - {a for a, _ in without_left}),
        right_ids=sorted({b for _, b in pairs} - {b for _, b in without_right}),
    )


def icews_wiki(data: Path, seed: int) -> Task:
    """ICEWS-WIKI: sources of ``ref_pairs``, all targets as candidates, no seeds; names are the last part of a URI."""
    folder = data / "icews-wiki"
    graphs, ids = _named(
        [folder / f"ent_ids_{side}" for side in "12"],
        seed,
        lambda uri: unquote(uri.removeprefix(_WIKIPEDIA)).replace("_", " "),
    )
    test = [(ids[0][a], ids[1][b]) for a, b in read_tsv(folder / "ref_pairs")]
    return Task(left=graphs[0], right=graphs[1], seeds=[], test=test, right_ids=sorted(ids[1].values()))


def yago(data: Path, name: str, seed: int) -> Task:
    """YAGO-WIKI20K with its 400 seeds, with none if the name of the set ends in ``unseeded``, or with 2,000.

    With 2,000 seeds (``2000-seeds``) those of them that are test links of the 400 are not looked at.
    """
    folder = data / "yago-wiki20k"
    shuffle = random.Random(seed)
    graphs, ids = [], []
    for side in "12":
        path = folder / f"facts_{side}.tsv.gz"
        rows = read_tsv(path)
        new = opaque(sorted({row[0] for row in rows} | {row[2] for row in rows}), shuffle)
        shuffle.shuffle(rows)
        facts: list[Fact] = [
            (new[s], p, new[o], *fact_bounds(b, e, path, n)) for n, (s, p, o, b, e) in enumerate(rows, start=1)
        ]
        graphs.append(AlignGraph.build((), facts))
        ids.append(new)
    links = read_tsv(folder / "links_test.tsv")
    many = name.endswith("2000-seeds")
    known = [] if name.endswith("unseeded") else read_tsv(folder / f"links_seed{2000 if many else 400}.tsv")
    seeds = [(ids[0][a], ids[1][b]) for a, b in known if a in ids[0] and b in ids[1]]
    given = {row[0]: row[1] for row in known} if many else {}
    links = [link for link in links if given.get(link[0]) != link[1]]
    test = [(ids[0][a], ids[1][b]) for a, b in links if a in ids[0] and b in ids[1]]
    return Task(left=graphs[0], right=graphs[1], seeds=seeds, test=test, missing=len(links) - len(test))


def dbp15k(data: Path, seed: int, *, named: bool = False, valid: bool = False) -> Task:
    """DBP15K zh_en by its triples: 3,000 seeds (``sup_pairs``), 10,500 links to find (``ref_pairs``).

    Candidates are the right ends of the links to find, as in the published protocol. The 1,500 valid links are no
    seeds, and their nodes are no candidates.

    Args:
        data: the folder of corpora.
        seed: for the permutation.
        named: whether nodes have their names, the last parts of their URIs: Chinese on one side, English on the other.
        valid: the links to tune on: the nodes of both parts are sources and candidates, as many as that is, and only
            the valid links are looked at.
    """
    folder = data / "dbp15k-zh_en"
    shuffle = random.Random(seed)
    graphs, ids = [], []
    for side in "12":
        rows = read_tsv(folder / f"triples_{side}")
        new = opaque(sorted({row[0] for row in rows} | {row[2] for row in rows}), shuffle)
        shuffle.shuffle(rows)
        uris = read_tsv(folder / f"ent_ids_{side}") if named else []
        names = ((new[key], unquote(uri.split("/resource/")[1]).replace("_", " ")) for key, uri in uris if key in new)
        nodes = [AlignNode(id=key, names=(name,)) for key, name in names]
        graphs.append(AlignGraph.build(nodes, [(new[s], p, new[o], -OPEN, OPEN) for s, p, o in rows]))
        ids.append(new)
    seeds, asked = (
        [(ids[0][a], ids[1][b]) for a, b in read_tsv(folder / f"{part}_pairs") if a in ids[0] and b in ids[1]]
        for part in ("sup", "ref")
    )
    if not valid:
        missing = len(read_tsv(folder / "ref_pairs")) - len(asked)
        return Task(left=graphs[0], right=graphs[1], seeds=seeds, test=asked, missing=missing)
    rows = read_tsv(folder / "valid_pairs")
    test = [(ids[0][a], ids[1][b]) for a, b in rows if a in ids[0] and b in ids[1]]
    return Task(
        left=graphs[0],
        right=graphs[1],
        seeds=seeds,
        test=test,
        missing=len(rows) - len(test),
        left_ids=[a for a, _ in test + asked],
        right_ids=[b for _, b in test + asked],
    )


def opaque(ids: Sequence[str], shuffle: random.Random) -> dict[str, str]:
    """Ids in a random order as ``n0``, ``n1``, …"""
    numbers = list(range(len(ids)))
    shuffle.shuffle(numbers)
    return {key: f"n{number}" for key, number in zip(ids, numbers, strict=True)}


def read_tsv(path: Path) -> list[list[str]]:
    """Rows of a tab-separated file, which may be gzipped.

    Raises:
        DataError: the file is absent.
    """
    if not path.is_file():
        raise DataError(
            "the data of this benchmark are absent", path=path, hint="set EKG_DATA or --data to the corpora"
        )
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [line.split("\t") for line in text.decode("utf-8").split("\n") if line]
