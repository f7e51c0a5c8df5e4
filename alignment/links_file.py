"""Links and rankings as tab-separated files (INTERFACE, "Graphs to align")."""

from __future__ import annotations

from pathlib import Path

from ekg.errors import DataError
from ekg.model import Alignment, Link, Zone

_ZONES: dict[str, Zone] = {"merge": "merge", "review": "review", "reject": "reject"}


def write_links(path: Path | str, alignment: Alignment) -> None:
    """Write ``left⇥right⇥score⇥zone``, best first."""
    rows = (f"{link.left}\t{link.right}\t{link.score:.4f}\t{link.zone}\n" for link in alignment.links)
    Path(path).write_text("".join(rows), encoding="utf-8", newline="")


def write_ranking(path: Path | str, alignment: Alignment) -> None:
    """Write ``left⇥right⇥rank⇥score``, ranks from 1."""
    rows = (
        f"{left}\t{right}\t{rank}\t{score:.4f}\n"
        for left, found in sorted(alignment.ranking.items())
        for rank, (right, score) in enumerate(found, start=1)
    )
    Path(path).write_text("".join(rows), encoding="utf-8", newline="")


def read_links(path: Path | str) -> list[Link]:
    """Read what :func:`write_links` wrote; rows of two columns are links that someone is sure of.

    Raises:
        DataError: a row has a wrong number of columns, score or zone.
    """
    from alignment.folder import tab_rows

    path = Path(path)
    links = []
    for line, row in tab_rows(path, (2, 4), "left⇥right⇥score⇥zone"):
        if len(row) == 2:
            links.append(Link(left=row[0], right=row[1], score=1.0, zone="merge"))
            continue
        try:
            score = float(row[2])
        except ValueError as error:
            raise DataError(f"'{row[2]}' is no score", path=path, line=line, hint="give a number in 0 to 1") from error
        if not 0.0 <= score <= 1.0:
            raise DataError(f"the score {row[2]} is not in 0 to 1", path=path, line=line)
        if row[3] not in _ZONES:
            raise DataError(f"'{row[3]}' is no zone", path=path, line=line, hint="use merge, review or reject")
        links.append(Link(left=row[0], right=row[1], score=score, zone=_ZONES[row[3]]))
    return links
