"""Answers that are kept for the next who asks the same: the graph does not change under a snapshot's number."""

from __future__ import annotations

import re
from collections import OrderedDict

from ekg.server.jobs import QueryJob, Reply

WORTH_SECONDS = 0.005
"""An answer that took less is found again as fast as it is kept."""
_LARGEST = 1 << 20
_OVERHEAD = 1024
"""Bytes that an entry takes beside its texts, roughly."""
_VARYING = re.compile(r"(?:NOW|RAND|UUID)(?!\w)|\\u", re.IGNORECASE)
"""Functions whose value is another one the next time. They are looked for in strings and IRIs as well: to a tokenizer
``?t<NOW()&&?t>`` holds an IRI, where Oxigraph compares. Nor is a letter
looked for that is written as an escape."""


class AnswerCache:
    """Whole answers to slow queries over the newest snapshot, the last used ones; used from one event loop.

    Args:
        size: bytes that they may take together; 0 keeps none.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[QueryJob, Reply] = OrderedDict()
        self._bytes = 0
        self._number = -1
        self.reused = 0
        """Answers that were given again."""

    def __len__(self) -> int:
        return len(self._held)

    def get(self, job: QueryJob, number: int) -> Reply | None:
        """The answer to a query, if it is known.

        Args:
            job: the query with all that its answer depends on.
            number: of the snapshot that has to be looked at.
        """
        if number != self._number:
            return None
        reply = self._held.get(job)
        if reply is not None:
            self._held.move_to_end(job)
            self.reused += 1
        return reply

    def put(self, job: QueryJob, number: int, reply: Reply, seconds: float) -> None:
        """Keep an answer, if that is worth it and the answer would be the same again.

        Args:
            job: as for :meth:`get`.
            number: of the snapshot that was looked at.
            reply: the answer.
            seconds: that it took.
        """
        size = _size(job, reply)
        if reply.status != 200 or reply.more or seconds < WORTH_SECONDS or size > min(_LARGEST, self._size):
            return
        if number < self._number or _VARYING.search(job.text):
            return
        if number > self._number:
            self._held.clear()
            self._bytes = 0
            self._number = number
        before = self._held.pop(job, None)
        self._bytes += size - (0 if before is None else _size(job, before))
        self._held[job] = reply
        while self._bytes > self._size:
            self._bytes -= _size(*self._held.popitem(last=False))


def _size(job: QueryJob, reply: Reply) -> int:
    return len(job.text) + len(reply.body) + _OVERHEAD
