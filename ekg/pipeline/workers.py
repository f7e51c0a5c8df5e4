"""Extraction of many documents in worker processes, one thread each, so that no count of jobs changes a result."""

from __future__ import annotations

import multiprocessing
import os
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from ekg import registry
from ekg.model import Document, decode_extraction, encode_extraction
from ekg.model.record import Extraction

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


def extract_many(documents: Iterable[Document], jobs: int) -> Iterator[tuple[Document, Extraction | Crash]]:
    """Extract documents; results come as they are ready, so their order is not fixed when ``jobs`` > 1.

    Args:
        documents: read lazily, a few per worker ahead.
        jobs: processes; 1 works in this process, 0 is one a core.
    """
    jobs = jobs or os.cpu_count() or 1
    # Budgets hold for a run: worker processes inherit its id.
    os.environ["EKG_RUN"] = f"{os.getpid()}-{time.time_ns()}"
    if jobs == 1:
        _start()
        for document in documents:
            yield document, _decoded(_extract_one(document))
        return
    from extractors.backends.examine import require

    require()
    retry: list[Document] = []
    source = iter(documents)
    exhausted = False
    while not exhausted:
        exhausted, broken = True, False
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_start) as pool:
            running: dict[Future[bytes | Crash], Document] = {}
            while True:
                while len(running) < 3 * jobs and not broken and (upcoming := next(source, None)) is not None:
                    running[pool.submit(_extract_one, upcoming)] = upcoming
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=lambda f: running[f].id):
                    document = running.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool:
                        # A worker died (memory, a signal); which document did it is found out one at a time below.
                        retry.append(document)
                        broken, exhausted = True, False
                        continue
                    yield document, _decoded(result)
    for document in retry:
        yield document, _alone(document)


def _alone(document: Document) -> Extraction | Crash:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_start) as pool:
        try:
            return _decoded(pool.submit(_extract_one, document).result())
        except BrokenProcessPool:
            message = "the worker process died (out of memory, or killed)"
            return Crash(document=document.id, message=message, trace="")


def _decoded(result: bytes | Crash) -> Extraction | Crash:
    return result if isinstance(result, Crash) else decode_extraction(result)
