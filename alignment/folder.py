"""Graphs, seeds and ids as tab-separated files (INTERFACE, "Graphs to align")."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alignment.graph import OPEN, AlignGraph, AlignNode, Bounds, Fact
from ekg.errors import DataError
from ekg.time import parse_iso

_UNKNOWN = frozenset({"", "-inf", "inf", "+inf"})


def is_folder(path: Path) -> bool:
    """Whether a path is a folder with ``names.tsv`` or ``facts.tsv``."""
    return path.is_dir() and ((path / "names.tsv").is_file() or (path / "facts.tsv").is_file())


def read_folder(path: Path) -> AlignGraph:
    """The graph in a folder with ``names.tsv`` and/or ``facts.tsv``.

    An id with several rows in ``names.tsv`` has the later ones as aliases. Times are inclusive years or ISO dates.

    Raises:
        DataError: a row has a wrong number of columns, an empty id, or a time that is not one.
    """
    names: dict[str, list[str]] = {}
    if (path / "names.tsv").is_file():
        for line, row in tab_rows(path / "names.tsv", (2,), "id⇥name"):
            if not row[0]:
                raise DataError("the id is empty", path=path / "names.tsv", line=line, hint="a row is id⇥name")
            forms = names.setdefault(row[0], [])
            if row[1].strip() and row[1] not in forms:
                forms.append(row[1])
    facts: list[Fact] = []
    if (path / "facts.tsv").is_file():
        where = path / "facts.tsv"
        for line, row in tab_rows(where, (3, 4, 5), "subject⇥predicate⇥object⇥begin⇥end"):
            if not all(row[:3]):
                raise DataError("subject, predicate or object is empty", path=where, line=line, hint="fill all three")
            begin = row[3] if len(row) > 3 else ""
            end = row[4] if len(row) > 4 else begin
            facts.append((row[0], row[1], row[2], *fact_bounds(begin, end, where, line)))
    nodes = [AlignNode(id=i, names=tuple(sorted(forms))) for i, forms in names.items()]
    return AlignGraph.build(nodes, facts, source=str(path))


def read_seeds(path: Path) -> list[tuple[str, str]]:
    """Known links, ``left⇥right`` a row.

    Raises:
        DataError: a row has not two columns.
    """
    return [(row[0], row[1]) for _, row in tab_rows(path, (2,), "left⇥right")]


def read_ids(path: Path) -> list[str]:
    """Ids, one a line.

    Raises:
        DataError: a line has more than one column.
    """
    return [row[0] for _, row in tab_rows(path, (1,), "one id")]


def iso_bounds(begin: str | None, end: str | None) -> Bounds:
    """Half-open ISO bounds as seconds.

    Raises:
        DataError: a bound is not ISO 8601.
    """
    try:
        low = -OPEN if begin is None else parse_iso(begin)[0]
        high = OPEN if end is None else parse_iso(end)[0]
    except ValueError as error:
        raise DataError(str(error), hint="times are ISO 8601") from error
    return (low, high) if low < high else (low, low + 1)


def fact_bounds(begin: str, end: str, path: Path, line: int) -> Bounds:
    """Half-open seconds of a fact's inclusive begin and end: years, ISO dates, ``-inf``, ``inf`` or nothing.

    Raises:
        DataError: one of them is none of these.
    """
    values: list[Bounds | None] = []
    for name, text in (("begin", begin.strip()), ("end", end.strip())):
        if text in _UNKNOWN:
            values.append(None)
            continue
        sign = "-" if text.startswith("-") else ""
        digits = text.lstrip("+-")
        iso = f"{sign}{digits.zfill(4)}" if digits.isdigit() and len(digits) <= 4 else text
        try:
            values.append(parse_iso(iso))
        except ValueError as error:
            raise DataError(
                str(error), path=path, line=line, field=name, hint="give a year, an ISO date, -inf, inf or nothing"
            ) from error
    first, last = values
    if first is not None and last is not None and first[0] >= last[1]:
        # Published graphs have such rows (YAGO has dozens); the two dates themselves still identify the fact.
        first, last = last, first
    return (-OPEN if first is None else first[0]), (OPEN if last is None else last[1])


def read_utf8(path: Path, *, hint: str) -> str:
    """The text of a file, without a mark of its byte order.

    Args:
        path: the file.
        hint: what to do if it is not UTF-8.

    Raises:
        DataError: not UTF-8, or unreadable.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 at byte {error.start}", path=path, hint=hint) from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path) from error


def tab_rows(path: Path, widths: tuple[int, ...], form: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and columns of every row that is not empty.

    Raises:
        DataError: not UTF-8, unreadable, or a wrong number of columns.
    """
    text = read_utf8(path, hint="convert the file to UTF-8")
    for line, content in enumerate(text.split("\n"), start=1):
        content = content.removesuffix("\r")
        if not content:
            continue
        row = content.split("\t")
        if len(row) not in widths:
            raise DataError(
                f"{len(row)} columns where {' or '.join(map(str, widths))} are expected",
                path=path,
                line=line,
                hint=f"a row is {form}, separated by tabs, without a header",
            )
        yield line, row
