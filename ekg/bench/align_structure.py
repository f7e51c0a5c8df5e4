"""Alignment by facts: YAGO-WIKI20K with times (Xu et al., EMNLP 2021), DBP15K without (Sun et al., ISWC 2017)."""

from __future__ import annotations

from ekg.bench.align_figures import measure, yardstick
from ekg.bench.align_tasks import Bench, Figures, dbp15k, yago


def yago_figures(bench: Bench, name: str) -> Figures:
    """YAGO-WIKI20K; it has no names, so processor time is told in passes over EventEA's."""
    return measure(bench, yago(bench.data, name, bench.seed), yardstick=yardstick(bench.data, bench.seed))[1]


def dbp15k_figures(bench: Bench, name: str) -> Figures:
    """DBP15K zh_en, structure only; processor time in passes over EventEA's names, as for YAGO-WIKI20K."""
    return measure(bench, dbp15k(bench.data, bench.seed), yardstick=yardstick(bench.data, bench.seed))[1]
