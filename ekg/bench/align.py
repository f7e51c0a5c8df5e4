"""Benchmarks of alignment: one set after another, each measured by a function of its own.

Protocols stand with the functions. Everywhere ids are replaced and rows shuffled before a run, and fits see the train
links or seeds alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from alignment import AlignConfig
from ekg.bench.align_tasks import Bench, Figures
from ekg.errors import DataError

# Set → where it is measured, as ``module:function(bench, name)``.
_MEASURED = {
    "eventea-en-en": "ekg.bench.align_names:eventea_figures",
    "eventea-en-fr": "ekg.bench.align_names:eventea_figures",
    "eventea-en-en-valid": "ekg.bench.align_names:eventea_figures",
    "eventea-en-fr-valid": "ekg.bench.align_names:eventea_figures",
    "eventea-en-en-dangling": "ekg.bench.align_names:dangling_figures",
    "icews-wiki": "ekg.bench.align_names:icews_figures",
    "names-blocking": "ekg.bench.align_blocking:blocking_figures",
    "synthetic-100k": "ekg.bench.align_blocking:synthetic_figures",
    "yago-wiki20k": "ekg.bench.align_structure:yago_figures",
    "yago-wiki20k-unseeded": "ekg.bench.align_structure:yago_figures",
    "dbp15k-zh-en": "ekg.bench.align_structure:dbp15k_figures",
    "ablation": "ekg.bench.align_ablation:ablation_figures",
    "yago-wiki20k-2000-seeds": "ekg.bench.align_structure:yago_figures",
    "yago-wiki20k-2000-seeds-counted": "ekg.bench.align_structure:yago_figures",
    "dbp15k-zh-en-network": "ekg.bench.align_structure:dbp15k_figures",
    "dbp15k-zh-en-network-parts": "ekg.bench.align_structure:dbp15k_figures",
    "dbp15k-zh-en-counted": "ekg.bench.align_structure:dbp15k_figures",
    "ecbplus-events": "ekg.bench.align_events:ecbplus_figures",
    "ecbplus-halves": "ekg.bench.align_events:halves_figures",
    "ecbplus-stories": "ekg.bench.align_events:halves_figures",
    "ecbplus-halves-raw": "ekg.bench.align_events:raw_figures",
    "ecbplus-stories-raw": "ekg.bench.align_events:raw_figures",
}
SETS = tuple(_MEASURED)
DEFAULT_SETS = (
    "eventea-en-en",
    "eventea-en-fr",
    "eventea-en-en-dangling",
    "icews-wiki",
    "yago-wiki20k",
    "yago-wiki20k-unseeded",
    "dbp15k-zh-en",
    "ecbplus-events",
)


def run(
    data: Path,
    *,
    seed: int = 13,
    sets: Sequence[str] = DEFAULT_SETS,
    config: AlignConfig | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Figures]:
    """Measure alignment on some of :data:`SETS`.

    Args:
        data: the folder of corpora.
        seed: for the permutation of ids and rows, and for the aligner.
        sets: which to measure.
        config: the aligner's settings.
        progress: told what is being done.

    Returns:
        Figures by set; those of linked nodes as in :func:`ekg.bench.align_figures.measure`.

    Raises:
        DataError: a set is unknown or its data are absent.
    """
    for name in sets:
        if name not in _MEASURED:
            raise DataError(f"there is no set '{name}'", hint=f"choose from {', '.join(SETS)}")
    bench = Bench(data=data, seed=seed, config=config, progress=progress)
    result: dict[str, Figures] = {}
    for name in sets:
        module, function = _MEASURED[name].split(":")
        result[name] = getattr(import_module(module), function)(bench, name)
    return result
