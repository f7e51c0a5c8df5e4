"""Query results for people: aligned columns, prefixed names."""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Iterable, Sequence

import pyoxigraph as ox
from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ekg.store.base import Term
from ekg.vocab import PREFIXES, RDF, XSD

NAMES: dict[str, str] = {iri: name for name, iri in reversed(PREFIXES.items())}
"""Prefix of each namespace; where two have the same namespace the one declared first."""

_LOCAL = re.compile(r"[^\W_](?:[\w.-]*\w)?|_\w*", re.ASCII)
_SPLIT = re.compile(r"(.*[#/])(.*)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = frozenset({XSD + "string", RDF + "langString", RDF + "dirLangString"})


def compact_iri(iri: str) -> str | None:
    """The prefixed name of an IRI, None where no known prefix fits.

    >>> compact_iri("http://schema.org/Person")
    'schema:Person'
    """
    match = _SPLIT.fullmatch(iri)
    if match is None or match[1] not in NAMES or not _LOCAL.fullmatch(match[2]):
        return None
    return f"{NAMES[match[1]]}:{match[2]}"


def cell(term: Term | ox.Triple | None) -> str:
    """A term as a person reads it: prefixed name, ``<IRI>``, or a literal's text (with language, without datatype)."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact_iri(term.value) or f"<{term.value}>"
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        if term.language:
            return f"{term.value} @{term.language}"
        return term.value if kind in _PLAIN or kind.startswith(XSD) else f"{term.value} ^^{compact_iri(kind) or kind}"
    return str(term)


def text_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, width: int | None = None) -> str:
    """An aligned table with a line for each row and how many there are below.

    Args:
        head: names of the columns.
        rows: their cells.
        width: columns of the terminal, into which long cells are wrapped; None takes the terminal's, and no limit
            where the output is not one.
    """
    if width is None and sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
    # Control characters of the data must not reach the terminal.
    lines = [list(head), *([_CONTROL.sub(" ", value) for value in row] for row in rows)]
    count = len(lines) - 1
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(head))]
    if not head:
        text = ""
    elif width is None or sum(widths) + 2 * len(widths) <= width:
        lines.insert(1, ["─" * size for size in widths])
        text = "".join(f"{'  '.join(map(set_cell_size, line, widths)).rstrip()}\n" for line in lines)
    else:
        text = _wrapped(lines, width)
    return f"{text}{count} row{'' if count == 1 else 's'}\n"


def _wrapped(lines: list[list[str]], width: int) -> str:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in lines[0]:
        table.add_column(Text(name), overflow="fold")
    for line in lines[1:]:
        table.add_row(*map(Text, line))
    out = io.StringIO()
    Console(file=out, width=width, no_color=True, force_terminal=False).print(table)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
