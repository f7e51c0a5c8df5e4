"""Lookups that the server answers itself, since handing one to a worker costs more than the answer.

Only a query of one triple pattern is taken: it walks along one index and gives every quad that it meets, so it can be
stopped after some rows, and then goes to a worker after all. Anything that could look at many quads for one row (a
filter, a join, a path, an aggregate, an order, an offset, a variable in two places) is left to the workers.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from msgspec import structs

from ekg.errors import KgError
from ekg.server.evaluate import run_job
from ekg.server.jobs import QueryJob, Reply
from ekg.server.reader import Reader

_LENGTH = 2000
_ROWS = 256

_IRI = r'<[^<>"{}|^`\\\x00-\x20]*>'
_NAME = r"[A-Za-z][A-Za-z0-9_-]*:[A-Za-z0-9_-]*"
_VARIABLE = r"[?$][A-Za-z0-9_]+"
_LITERAL = rf'"[^"\\\r\n]*"(?:@[A-Za-z-]+|\^\^(?:{_IRI}|{_NAME}))?'
_FORM = re.compile(
    rf"\s*(?:PREFIX\s+[A-Za-z0-9_-]*:\s*{_IRI}\s*)*"
    rf"(?:SELECT\s*(?:\*|{_VARIABLE}(?:\s+{_VARIABLE})*)|ASK)\s*(?:WHERE\s*)?"
    rf"\{{\s*(?P<s>{_IRI}|{_NAME}|{_VARIABLE})\s+(?P<p>{_IRI}|{_NAME}|{_VARIABLE}|a)\s+"
    rf"(?P<o>{_IRI}|{_NAME}|{_VARIABLE}|{_LITERAL})\s*\.?\s*\}}\s*(?:LIMIT\s+\d+\s*)?",
    re.IGNORECASE,
)


def is_lookup(sparql: str) -> bool:
    """Whether a query is one triple pattern and nothing else.

    >>> is_lookup("SELECT ?p ?o { <urn:x> ?p ?o }"), is_lookup("SELECT ?p { <urn:x> ?p ?o FILTER(?o > 1) }")
    (True, False)
    """
    match = _FORM.fullmatch(sparql) if len(sparql) <= _LENGTH else None
    if match is None:
        return False
    variables = [term[1:] for term in match.groups() if term[0] in "?$"]
    return len(variables) < 3 and len(set(variables)) == len(variables)


class _TooLongError(Exception):
    """The answer is longer than a lookup's."""


class QuickLane:
    """Answers lookups on the event loop.

    Args:
        kg: directory of the graph.
        memory_quads: quads of a graph that is copied into memory, as in the workers, so that rows come in one order.
    """

    def __init__(self, kg: Path, memory_quads: int = 0) -> None:
        self._kg = kg
        self._memory_quads = memory_quads
        self._reader: Reader | None = None
        self._opening: asyncio.Task[None] | None = None

    def answer(self, job: QueryJob, number: int) -> Reply | None:
        """The whole answer to a query, or None if a worker has to find it.

        Args:
            job: the query.
            number: of the snapshot that has to be looked at; it is opened beside if it is a new one.
        """
        store = None if self._reader is None else self._reader.opened(number)
        if store is None:
            self.refresh(number)
            return None
        if job.default_graphs or job.named_graphs or not is_lookup(job.text):
            return None
        found: list[Reply] = []

        def take(part: Reply | bytes | None) -> None:
            if not isinstance(part, Reply) or part.more:
                raise _TooLongError
            found.append(part)

        limit = min(job.max_rows, _ROWS)
        try:
            run_job(store, structs.replace(job, max_rows=limit), take)
        except _TooLongError:
            return None
        (reply,) = found
        return None if reply.truncated and limit < job.max_rows else reply

    def refresh(self, number: int) -> None:
        """Open the newest snapshot, on a thread, unless the one that is open has this number."""
        if self._reader is not None and self._reader.opened(number) is not None:
            return
        if self._opening is None or self._opening.done():
            self._opening = asyncio.get_running_loop().create_task(self._open(number))

    async def _open(self, number: int) -> None:
        reader = Reader(self._kg, self._memory_quads)
        try:
            await asyncio.to_thread(reader.store, number)
        except KgError:
            return  # the workers tell
        old, self._reader = self._reader, reader
        if old is not None:
            old.close()

    async def close(self) -> None:
        """Let go of the snapshot."""
        if self._opening is not None:
            await asyncio.gather(self._opening, return_exceptions=True)
        if self._reader is not None:
            self._reader.close()
            self._reader = None
