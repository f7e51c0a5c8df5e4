"""Fair waiting: clients take turns, whoever sends many requests waits behind himself."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Things that wait, each for a client; they are taken in turn, one a client.

    >>> queue = FairQueue[int](limit=3)
    >>> for client, item in (("a", 1), ("a", 2), ("a", 3)):
    ...     queue.put(client, item)
    >>> queue.put("b", 4), queue.pop(), queue.pop(), queue.pop(), queue.pop()
    (3, 1, 4, 2, None)

    Args:
        limit: how many may wait.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # The order of the keys is the order of turns.
        self._lines: dict[str, deque[T]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, client: str, item: T) -> T | None:
        """Let something wait; returns what has to go for it: the last one of who has most, perhaps the new one."""
        self._lines.setdefault(client, deque()).append(item)
        self._count += 1
        if self._count <= self._limit:
            return None
        most = max(len(line) for line in self._lines.values())
        # Who has most and came last gives way; a client with one thing among many is never the first to go.
        greedy = client if len(self._lines[client]) == most else self._greediest(most)
        return self._take(greedy, last=True)

    def _greediest(self, most: int) -> str:
        return next(client for client in reversed(self._lines) if len(self._lines[client]) == most)

    def remove(self, client: str, item: T) -> None:
        """Take something out before its turn; does nothing if it is not there any more."""
        line = self._lines.get(client, ())
        if item in line:
            self._lines[client].remove(item)
            self._count -= 1
            if not line:
                del self._lines[client]

    def pop(self) -> T | None:
        """What is next, None if nothing waits."""
        if not self._lines:
            return None
        client = next(iter(self._lines))
        item = self._take(client, last=False)
        if client in self._lines:
            self._lines[client] = self._lines.pop(client)
        return item

    def _take(self, client: str, *, last: bool) -> T:
        line = self._lines[client]
        self._count -= 1
        item = line.pop() if last else line.popleft()
        if not line:
            del self._lines[client]
        return item
