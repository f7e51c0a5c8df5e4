"""Measuring two ways of doing one thing in turns, so that what else the machine does hits both."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A ratio that was measured, beside the one that has to be reached.

    Args:
        ratio: the figure.
        must: the bound.
        at_least: whether the figure must reach the bound, or stay below it.
        details: what it was computed from.
    """

    ratio: float
    must: float
    at_least: bool = True
    details: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON values."""
        met = self.ratio >= self.must if self.at_least else self.ratio <= self.must
        bound = f"{'>=' if self.at_least else '<='} {self.must:g}"
        return {"ratio": round(self.ratio, 3), "must": bound, "met": met, **self.details}


def cpu_of(work: Callable[[], Any]) -> float:
    """Processor seconds of this process, all threads, that a call takes."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turns(repeats: int, *work: Callable[[], float]) -> list[float]:
    """Median of what each function returns, called one after another ``repeats`` times."""
    found: list[list[float]] = [[] for _ in work]
    for _ in range(repeats):
        for values, function in zip(found, work, strict=True):
            values.append(function())
    return [median(values) for values in found]


def tree_cpu(root: int) -> float:
    """Processor seconds that a process, its children and what they waited for have used (Linux)."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
        except OSError:
            continue  # it ended while the table was read
        parents[int(entry.name)] = int(fields[1])
        seconds[int(entry.name)] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    total, wanted = 0.0, [root]
    while wanted:
        pid = wanted.pop()
        total += seconds.get(pid, 0.0)
        wanted.extend(child for child, parent in parents.items() if parent == pid)
    return total
