from __future__ import annotations

from pathlib import Path

import pytest

from alignment import Label
from alignment.review import merged_labels, read_csv, reviewed, uncertain_first, write_csv
from ekg.errors import DataError
from ekg.model import Link

LINKS = [
    Link(left="a", right="x", score=0.97, zone="merge"),
    Link(left="b", right="y", score=0.55, zone="review"),
    Link(left="c", right='z, "quoted"', score=0.3, zone="review"),
]
NO_NAMES: tuple[dict[str, str], dict[str, str]] = ({}, {})


def test_order_and_zones() -> None:
    assert [k.left for k in uncertain_first(LINKS)] == ["b", "c", "a"]
    assert [k.left for k in uncertain_first(LINKS, zones=["merge"])] == ["a"]


def test_csv_and_back(tmp_path: Path) -> None:
    labels = [Label(left="c", right='z, "quoted"', verdict="reject")]
    write_csv(tmp_path / "review.csv", LINKS, labels, ({"a": "Anna"}, {"x": "Anne"}))
    lines = (tmp_path / "review.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "left,right,score,zone,left_name,right_name,verdict"
    assert lines[1] == "a,x,0.9700,merge,Anna,Anne,"
    assert read_csv(tmp_path / "review.csv", LINKS) == labels
    edited = "\n".join([*lines[:1], lines[1] + "Accept", *lines[2:]]) + "\n"
    (tmp_path / "review.csv").write_text(edited, encoding="utf-8-sig")
    assert [k.verdict for k in read_csv(tmp_path / "review.csv", LINKS)] == ["accept", "reject"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("left,right\na,x\n", "no column verdict"), ("", "no column"),
     ("left,right,verdict\na,x,perhaps\n", "review.csv:2: 'perhaps' is no verdict"),
     ("left,right,verdict\na,y,accept\n", "review.csv:2: 'a' and 'y' are not among the links"),
     ("left,right,verdict\na,x,accept\na,x,reject\n", "review.csv:3: .*two verdicts")],
)  # fmt: skip
def test_bad_csv(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "review.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_csv(tmp_path / "review.csv", LINKS)


def test_csv_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "review.csv").write_bytes(b"left,right,verdict\n\xff,x,accept\n")
    with pytest.raises(DataError, match="not UTF-8"):
        read_csv(tmp_path / "review.csv", LINKS)
    with pytest.raises(DataError, match="cannot be read"):
        read_csv(tmp_path / "absent.csv", LINKS)


def test_links_as_reviewed() -> None:
    labels = merged_labels(
        [Label(left="b", right="y", verdict="unsure"), Label(left="a", right="x", verdict="reject")],
        [Label(left="b", right="y", verdict="accept")],
    )
    assert [(k.score, k.zone) for k in reviewed(LINKS, labels)] == [(0.0, "reject"), (1.0, "merge"), (0.3, "review")]
