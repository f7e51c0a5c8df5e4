"""Waiting in turns."""

from __future__ import annotations

import random

from ekg.server.fair import FairQueue


def taken(queue: FairQueue[str]) -> str:
    found = []
    while (item := queue.pop()) is not None:
        found.append(item)
    return " ".join(found)


def test_clients_take_turns() -> None:
    queue = FairQueue[str](100)
    for item in ("a1", "a2", "a3", "b1", "a4", "c1", "b2"):
        assert queue.put(item[0], item) is None
    assert len(queue) == 7
    assert taken(queue) == "a1 b1 c1 a2 b2 a3 a4"
    assert len(queue) == 0


def test_who_has_most_gives_way() -> None:
    queue = FairQueue[str](4)
    for item in ("a1", "a2", "a3", "a4"):
        queue.put("a", item)
    assert queue.put("a", "a5") == "a5"
    assert queue.put("b", "b1") == "a4"
    assert queue.put("c", "c1") == "a3"
    assert queue.put("b", "b2") == "b2"
    assert taken(queue) == "a1 b1 c1 a2"


def test_what_is_removed_has_no_turn() -> None:
    queue = FairQueue[str](10)
    for item in ("a1", "a2", "b1"):
        queue.put(item[0], item)
    queue.remove("a", "a1")
    queue.remove("a", "a1")
    queue.remove("c", "c1")
    assert len(queue) == 2
    queue.remove("b", "b1")
    assert taken(queue) == "a2"


def test_nothing_is_lost_and_nobody_waits_for_ever() -> None:
    choice = random.Random(13)
    queue = FairQueue[str](20)
    inside: set[str] = set()
    for number in range(2000):
        if choice.random() < 0.55:
            client = choice.choice("aaaaaabcd")
            item = f"{client}{number}"
            inside.add(item)
            gone = queue.put(client, item)
            if gone is not None:
                inside.remove(gone)
        else:
            found = queue.pop()
            assert (found is None) == (not inside)
            inside.discard(found or "")
        assert len(queue) == len(inside) <= 20
