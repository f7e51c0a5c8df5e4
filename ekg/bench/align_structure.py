"""Alignment by facts: YAGO-WIKI20K with times (Xu et al., EMNLP 2021), DBP15K without (Sun et al., ISWC 2017)."""

from __future__ import annotations

from dataclasses import replace

from alignment import AlignConfig
from ekg.bench.align_figures import measure, yardstick
from ekg.bench.align_tasks import Bench, Figures, dbp15k, yago

_WIDTH = 64


def yago_figures(bench: Bench, name: str) -> Figures:
    """YAGO-WIKI20K; it has no names, so processor time is told in passes over EventEA's."""
    bench, name = with_network(bench, name)
    return measure(bench, yago(bench.data, name, bench.seed), yardstick=yardstick(bench.data, bench.seed))[1]


def dbp15k_figures(bench: Bench, name: str) -> Figures:
    """DBP15K zh_en, structure only; processor time in passes over EventEA's names, as for YAGO-WIKI20K."""
    bench, _ = with_network(bench, name)
    return measure(bench, dbp15k(bench.data, bench.seed), yardstick=yardstick(bench.data, bench.seed))[1]


def with_network(bench: Bench, name: str) -> tuple[Bench, str]:
    """Sets ending in ``-network`` are measured with the trained network, vectors of :data:`_WIDTH`."""
    if not name.endswith("-network"):
        return bench, name
    config = replace(bench.config or AlignConfig(), network=True, dimensions=_WIDTH)
    return replace(bench, config=config), name.removesuffix("-network")
