"""Going through uncertain links: in which order, as CSV and back, and links with what a person said of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from alignment.folder import read_utf8
from alignment.labels import Label, parse_verdict
from ekg.errors import DataError
from ekg.model import Link

COLUMNS = ("left", "right", "score", "zone", "left_name", "right_name", "verdict")


def uncertain_first(links: Iterable[Link], *, zones: Iterable[str] | None = None) -> list[Link]:
    """Links of some zones, those that could most easily go either way first; None is all zones.

    >>> links = [Link(left=key, right="x", score=score, zone="review") for key, score in (("a", 0.9), ("b", 0.4))]
    >>> [link.left for link in uncertain_first(links)]
    ['b', 'a']
    """
    wanted = None if zones is None else set(zones)
    kept = [link for link in links if wanted is None or link.zone in wanted]
    return sorted(kept, key=lambda k: (round(abs(k.score - 0.5), 4), k.left, k.right))


def write_csv(
    path: Path | str, links: Iterable[Link], labels: Iterable[Label], names: tuple[Mapping[str, str], Mapping[str, str]]
) -> None:
    """Write links for a spreadsheet, with a column for the verdict."""
    from ekg.io.export import write_atomically

    verdicts = {label.pair: label.verdict for label in labels}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for link in links:
        verdict = verdicts.get((link.left, link.right), "")
        ends = names[0].get(link.left, ""), names[1].get(link.right, "")
        writer.writerow((link.left, link.right, f"{link.score:.4f}", link.zone, *ends, verdict))
    write_atomically(Path(path), out.getvalue().encode("utf-8"))


def read_csv(path: Path | str, links: Sequence[Link]) -> list[Label]:
    """Verdicts from a CSV file with at least the columns left, right and verdict; rows without one are left out.

    Raises:
        DataError: a column is missing, a pair is not among the links, a verdict is none, or a pair has two.
    """
    path = Path(path)
    text = read_utf8(path, hint="save it as CSV in UTF-8")
    known = {(link.left, link.right) for link in links}
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in ("left", "right", "verdict") if name not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"has no column {', '.join(missing)}", path=path, line=1, hint="export one to fill in")
    found: dict[tuple[str, str], Label] = {}
    for row in reader:
        if not (row["verdict"] or "").strip():
            continue
        label = Label(
            left=row["left"] or "",
            right=row["right"] or "",
            verdict=parse_verdict(row["verdict"], path, reader.line_num),
        )
        if label.pair not in known:
            raise DataError(
                f"'{label.left}' and '{label.right}' are not among the links", path=path, line=reader.line_num
            )
        if found.setdefault(label.pair, label) != label:
            raise DataError(
                f"'{label.left}' and '{label.right}' have two verdicts",
                path=path,
                line=reader.line_num,
                hint="keep one",
            )
    return list(found.values())


def merged_labels(old: Iterable[Label], new: Iterable[Label]) -> list[Label]:
    """Both, in the order in which they came; a new verdict replaces an old one."""
    found = {label.pair: label for label in old}
    found |= {label.pair: label for label in new}
    return list(found.values())


def reviewed(links: Iterable[Link], labels: Iterable[Label]) -> list[Link]:
    """Links with what a person said of them: accepted ones are to be merged, rejected ones are not, both certain."""
    verdicts = {label.pair: label.verdict for label in labels}
    result = []
    for link in links:
        verdict = verdicts.get((link.left, link.right))
        if verdict == "accept":
            link = replace(link, score=1.0, zone="merge")
        elif verdict == "reject":
            link = replace(link, score=0.0, zone="reject")
        result.append(link)
    return result
