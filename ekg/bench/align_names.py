"""Alignment by names: EventEA (Tian et al. 2022)."""

from __future__ import annotations

from ekg.bench.align_figures import measure, tf_idf_pass
from ekg.bench.align_tasks import Bench, Figures, eventea


def eventea_figures(bench: Bench, name: str) -> Figures:
    """EventEA: the test targets ranked by score, and after one-to-one assignment."""
    task = eventea(bench.data, name, bench.seed)
    return measure(bench, task, yardstick=tf_idf_pass(task))[1]
