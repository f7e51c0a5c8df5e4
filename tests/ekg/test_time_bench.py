"""The benchmark on GUM, on a small corpus in its format and on the corpus itself."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from ekg.bench import time as bench
from ekg.bench.time_gold import GoldDate, GoldDocument, load
from ekg.errors import DataError
from ekg.time import TimeInterval, find_times, parse_iso

NINETIES = GoldDate(span=(0, 5), first=parse_iso("1990"), last=parse_iso("1999"), kind="range")
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
    scores = bench.score(load(data("gum").parent, "train"))
    assert scores["exact"] >= 0.9
    assert scores["value"]["f1"] >= 0.82
    strict = bench.score(load(data("gum").parent, "train"), GoldDate.equal)
    assert 0.87 <= strict["exact"] < scores["exact"]


def test_a_clock_time_counts_neither_way_and_a_modifier_may_be_left_out() -> None:
    text = "They came at 4:00 p.m. and at 5 p.m. on Friday in the early 1990s."
    decade = replace(NINETIES, span=(text.index("1990s"), text.index("1990s") + 5))
    document = GoldDocument(id="x", text=text, reference="2016-11-10", dates=(decade,))
    scores = bench.score([document])
    assert scores["clock_times_left_out"] == 1, "the one that names no day"
    assert scores["detection"]["precision"] == 0.5, "5 p.m. on Friday names one and is not marked"
    assert (scores["exact"], scores["exact_marked_words"]) == (0.0, 1.0)
    assert (scores["value"]["recall"], scores["value_marked_words"]["recall"]) == (0.0, 1.0)


def interval(begin: str | None, end: str | None) -> TimeInterval:
    return TimeInterval(begin=begin, end=end, granularity="range")


@pytest.mark.parametrize(
    ("first", "last", "kind", "begin", "end", "agrees"),
    [
        ("2005", "2015", "range", "2005-06-20", "2015-06-20", True),  # known to the year, and in these years
        ("2005", "2015", "range", "2004-12-31", "2015-06-20", False),
        ("2005", "2015", "range", "2005-01-01", "2010-01-01", False),
        ("2005-06-20", "2015-06-19", "range", "2005-06-20", "2015-06-20", True),
        ("2005-06-20", "2015-06-19", "range", "2005-06-21", "2015-06-20", False),
        ("1873", "1934", "limits", "1875-01-01", "1925-01-01", True),  # within what is not before and not after
        ("1873", "1934", "limits", "1870-01-01", "1925-01-01", False),
        ("1873", "1934", "limits", "1875-01-01", None, False),
        ("2005", None, "limits", "2005-01-01", "2006-01-01", True),
        ("2005", None, "limits", None, "2006-01-01", False),
        (None, "2013", "limits", None, "2014-01-01", True),
        ("2016", "2016", "when", "2016-01-01", "2017-01-01", True),  # a date is that year and not a part of it
        ("2016", "2016", "when", "2016-03-01", "2016-04-01", False),
        ("2016", None, "range", "2016-05-01", None, True),
        ("2016", None, "range", "2016-05-01", "2017-01-01", False),
    ],
)
def test_a_mark_is_read_as_tei_defines_it(
    first: str | None, last: str | None, kind: str, begin: str | None, end: str | None, agrees: bool
) -> None:
    mark = GoldDate(
        span=(0, 1), first=parse_iso(first) if first else None, last=parse_iso(last) if last else None, kind=kind
    )
    assert mark.agrees(interval(begin, end)) is agrees
    assert not mark.agrees(None)
    assert not replace(mark, kind=None).agrees(interval(begin, end)), "values that are no dates"


def test_a_season_may_run_to_the_month_of_the_next_one_and_equal_bounds_are_stricter() -> None:
    mark = GoldDate(span=(0, 14), first=parse_iso("2012-06"), last=parse_iso("2012-09"), kind="range")
    (summer,) = find_times("summer of 2012", reference="2016-11-10")
    assert mark.agrees(summer.interval())
    assert not mark.equal(summer.interval())
    assert not mark.agrees(interval("2012-06-01", "2012-09-01")), "only a season may"


def test_pages_written_over_years_count_from_their_last_edit(tmp_path: Path) -> None:
    dates = 'dateCreated="2001-01-01" dateModified="2016-11-10"'
    for site, day in (("https://en.wikipedia.org/wiki/X", "2016-11-10"), ("https://en.wikinews.org/X", "2001-01-01")):
        folder = tmp_path / day
        folder.mkdir()
        write(folder, TEI.replace('dateCreated="2016-11-10"', f'sourceURL="{site}" {dates}'))
        (document,) = load(folder, "dev")
        assert document.reference == day


def test_the_year_of_a_document_that_contradicts_itself_is_corrected_beside_the_plain_score(tmp_path: Path) -> None:
    folder = write(tmp_path, TEI.replace("1909", "1908"))
    assert bench.run(folder)["with_its_year_corrected"]["exact"] == 1.0, "other documents stay as they are"
    text = "It is Tuesday, I think."
    wrong = GoldDate(span=(6, 13), first=parse_iso("2020-10-22"), last=parse_iso("2020-10-22"), day=True)
    document = GoldDocument(id=bench.CONTRADICTS_ITSELF, text=text, reference="2019-10-21", dates=(wrong,))
    assert bench.score([document])["exact"] == 0.0
    assert bench.score([bench.corrected(document)])["exact"] == 1.0
