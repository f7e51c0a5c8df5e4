"""Alignment by facts and their times: YAGO-WIKI20K (Xu et al., TEA-GNN, EMNLP 2021)."""

from __future__ import annotations

from ekg.bench.align_figures import measure, yardstick
from ekg.bench.align_tasks import Bench, Figures, yago


def yago_figures(bench: Bench, name: str) -> Figures:
    """YAGO-WIKI20K; it has no names, so processor time is told in passes over EventEA's."""
    return measure(bench, yago(bench.data, name, bench.seed), yardstick=yardstick(bench.data, bench.seed))[1]
