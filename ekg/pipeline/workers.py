"""Extraction of many documents in worker processes, one thread each, so that no count of jobs changes a result."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ekg import registry
from ekg.model import Document, decode_extraction, encode_extraction
from ekg.model.record import Extraction
from ekg.pipeline.executors import Executor, Lost

SHARD = 4
"""Documents that a worker takes at a time, and that are worked on again if it dies."""
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_extractor: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """A document on which extraction failed: the reason in one line, and the trace for the run's record."""

    document: str
    message: str
    trace: str


def _start() -> None:
    for name in _THREAD_VARIABLES:
        os.environ[name] = "1"
    import torch

    torch.set_num_threads(1)
    global _extractor
    _extractor = registry.part("extractor")()


def _extract_one(document: Document) -> bytes | Crash:
    try:
        record: Extraction = _extractor.extract(document)
    except Exception as error:  # noqa: BLE001  # one document that trips a bug must not cost the others; it is reported
        return Crash(
            document=document.id, message=f"{type(error).__name__}: {error}", trace=traceback.format_exc(limit=20)
        )
    return encode_extraction(record)


def extract_shard(documents: list[Document], options: Mapping[str, str]) -> list[bytes | Crash]:
    """What a worker does: the encoded record, or the crash, of each document.

    Args:
        documents: the shard.
        options: ``EKG_…`` variables of the process that started the build; a cluster's machines have their own.
    """
    os.environ.update(options)
    if _extractor is None:
        _start()
    return [_extract_one(document) for document in documents]


def extract_many(
    documents: Iterable[Document], jobs: int, *, executor: str = "process"
) -> Iterator[tuple[Document, Extraction | Crash]]:
    """Extract documents; results come as they are ready, so their order is not fixed when ``jobs`` > 1.

    Args:
        documents: read lazily, a few shards ahead.
        jobs: workers; 1 works in this process (unless on a cluster), 0 is one a core.
        executor: ``process``, ``ray``, ``dask``, or one that was registered.

    Raises:
        MissingError: what the executor needs is not installed.
        ConfigError: there is no such executor.
    """
    jobs = jobs or os.cpu_count() or 1
    # Budgets hold for a run: worker processes inherit its id.
    os.environ["EKG_RUN"] = f"{os.getpid()}-{time.time_ns()}"
    if jobs == 1 and executor == "process":
        _start()
        for document in documents:
            yield document, _decoded(_extract_one(document))
        return
    from extractors.backends.examine import require

    require()
    workers: Executor = registry.part("executor", executor)(jobs)
    try:
        yield from _on_workers(documents, workers)
    finally:
        workers.close()


def _on_workers(documents: Iterable[Document], workers: Executor) -> Iterator[tuple[Document, Extraction | Crash]]:
    options = {name: value for name, value in os.environ.items() if name.startswith("EKG_")}
    source = iter(documents)
    lost: list[Document] = []
    running: dict[int, list[Document]] = {}
    second: set[int] = set()
    upcoming: list[Document] = []
    number = 0
    while True:
        upcoming = upcoming or list(islice(source, SHARD))
        if not upcoming and lost and not running:
            # Which document killed the worker is found out one at a time, when nothing else runs: on a cluster, what a
            # worker takes with it need not be its own shard alone.
            upcoming = [lost.pop(0)]
            second.add(number)
        if upcoming and workers.submit(extract_shard, number, upcoming, options):
            running[number] = upcoming
            upcoming, number = [], number + 1
            continue
        finished = workers.finished()
        for shard, results in finished:
            shown = running.pop(shard)
            if not isinstance(results, Lost):
                yield from zip(shown, map(_decoded, results), strict=True)
            elif shard in second:
                yield shown[0], Crash(document=shown[0].id, message=results.reason, trace="")
            else:
                lost.extend(shown)
        if not (finished or upcoming or lost):
            return


def _decoded(result: bytes | Crash) -> Extraction | Crash:
    return result if isinstance(result, Crash) else decode_extraction(result)
