"""The benchmark on GUM, on a small corpus in its format and on the corpus itself."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from ekg.bench import time as bench
from ekg.errors import DataError
from ekg.time import parse_iso

NINETIES = (parse_iso("1990")[0], parse_iso("2000")[0])
WORDS = ["Ann", "left", "on", "Tuesday", "and", "ruled", "1904", "-", "1908", "."]
TEI = """<text id="GUM_x" dateCreated="2016-11-10">
<s>
Ann	NP
left	V
on	IN
<date when="2016-11-08">
Tuesday	NP
</date>
and	CC
ruled	V
<date when="1904">
1904	CD
</date>
-	:
<date when="1909">
1908	CD
</date>
.	.
</s>
</text>
"""


def write(folder: Path, tei: str) -> Path:
    (folder / "gum").mkdir()
    lines = ["# newdoc id = GUM_x", "# sent_id = 1"]
    lines += [f"{i}\t{word}\t" + "\t".join("_" * 8) for i, word in enumerate(WORDS, 1)]
    with gzip.open(folder / "gum" / "dev.conllu.gz", "wt", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n\n")
    with tarfile.open(folder / "gum" / "xml.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("xml/GUM_x.xml")
        info.size = len(tei.encode())
        archive.addfile(info, BytesIO(tei.encode()))
    return folder


def test_scores_of_a_corpus(tmp_path: Path) -> None:
    scores = bench.run(write(tmp_path, TEI))
    assert scores["dates"] == 3
    assert scores["detection"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert scores["exact"] == round(1 / 3, 4), "the range ends a year early, so both of its marks are wrong"
    other = tmp_path / "other"
    other.mkdir()
    right = bench.run(write(other, TEI.replace("1909", "1908")))
    assert right["exact"] == right["value"]["f1"] == 1.0


def test_documents_seen_in_development_are_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path, TEI)
    (folder / "gum" / "train.conllu.gz").write_bytes((folder / "gum" / "dev.conllu.gz").read_bytes())
    assert bench.run(folder)["documents"] == 0


def test_a_missing_corpus_and_marks_that_do_not_fit(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        bench.run(tmp_path)
    with pytest.raises(DataError, match="words"):
        bench.run(write(tmp_path, TEI.replace("Ann\tNP\n", "")))


@pytest.mark.data
def test_the_corpus(data: Callable[[str], Path]) -> None:
    scores = bench.score(bench.load(data("gum").parent, "train"))
    assert scores["exact"] >= 0.87
    assert scores["value"]["f1"] >= 0.79


def test_a_clock_time_counts_neither_way_and_a_modifier_may_be_left_out() -> None:
    text = "They came at 4:00 p.m. and at 5 p.m. on Friday in the early 1990s."
    decade = bench.GoldDate(span=(text.index("1990s"), text.index("1990s") + 5), bounds=NINETIES, day=False)
    document = bench.GoldDocument(id="x", text=text, reference="2016-11-10", dates=(decade,))
    scores = bench.score([document])
    assert scores["clock_times_left_out"] == 1, "the one that names no day"
    assert scores["detection"]["precision"] == 0.5, "5 p.m. on Friday names one and is not marked"
    assert (scores["exact"], scores["exact_marked_words"]) == (0.0, 1.0)
