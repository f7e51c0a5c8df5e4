"""Alignment by facts: YAGO-WIKI20K with times (Xu et al., EMNLP 2021), DBP15K without (Sun et al., ISWC 2017)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alignment import AlignConfig
from ekg.bench.align_figures import measure, yardstick
from ekg.bench.align_tasks import Bench, Figures, dbp15k, yago

_WIDTH = 64
# What a set's name may end in: the same task with the trained network in the place of propagation, with the network
# trained in four parts, with neither.
_VARIANTS: dict[str, dict[str, Any]] = {
    "-network": {"network": True, "dimensions": _WIDTH},
    "-network-parts": {"network": True, "dimensions": _WIDTH, "partitions": 4},
    "-counted": {"message_passing": False},
}


def yago_figures(bench: Bench, name: str) -> Figures:
    """YAGO-WIKI20K; it has no names, so processor time is told in passes over EventEA's."""
    bench, name = with_variant(bench, name)
    return measure(bench, yago(bench.data, name, bench.seed), yardstick=yardstick(bench.data, bench.seed))[1]


def dbp15k_figures(bench: Bench, name: str) -> Figures:
    """DBP15K zh_en, structure only; processor time in passes over EventEA's names, as for YAGO-WIKI20K."""
    bench, _ = with_variant(bench, name)
    return measure(bench, dbp15k(bench.data, bench.seed), yardstick=yardstick(bench.data, bench.seed))[1]


def with_variant(bench: Bench, name: str) -> tuple[Bench, str]:
    """The configuration that the end of a set's name asks for, one of :data:`_VARIANTS`, and the name without it."""
    for ending, switches in _VARIANTS.items():
        if name.endswith(ending):
            config = replace(bench.config or AlignConfig(), **switches)
            return replace(bench, config=config), name.removesuffix(ending)
    return bench, name
