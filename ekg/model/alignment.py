"""Links between two graphs, or between mentions and nodes of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Zone = Literal["merge", "review", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A claim that two ids denote the same thing.

    Args:
        left: id in the left graph.
        right: id in the right graph.
        score: calibrated probability, 0 to 1, four decimals.
        zone: what should be done with it.
        evidence: contribution of each feature, by name, with the time verdict under ``time``.
    """

    left: str
    right: str
    score: float
    zone: Zone
    evidence: dict[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """The whole assignment between two graphs, best first.

    Args:
        links: at most one a left id under 1:1.
        unmatched: left ids that were given to the dustbin.
        ranking: before assignment, ``left → ((right, score), …)`` best first; empty unless asked for.
        run: id of the run that made it (hash of inputs and configuration, never the clock).
        settings: the effective configuration.
    """

    links: tuple[Link, ...]
    unmatched: tuple[str, ...] = ()
    ranking: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    run: str = ""
    settings: dict[str, float | int | str | bool | None] = field(default_factory=dict)
