"""Executors: processes as they are, Ray and Dask as far as we speak to them, and what becomes of shards."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import ekg
from ekg import registry
from ekg.errors import ConfigError, MissingError
from ekg.model import Document
from ekg.pipeline import workers
from ekg.pipeline.build import build
from ekg.pipeline.executors import Executor, Lost, ProcessExecutor
from ekg.pipeline.workers import Crash, extract_many

Articles = Callable[..., Path]


def all_results(executor: Executor, tasks: list[tuple[Any, ...]]) -> dict[int, Any]:
    """Run tasks ``(function, argument…)``, numbered from 0."""
    found: dict[int, Any] = {}
    waiting = list(enumerate(tasks))
    while waiting or len(found) < len(tasks):
        if waiting and executor.submit(waiting[0][1][0], waiting[0][0], *waiting[0][1][1:]):
            del waiting[0]
            continue
        finished = executor.finished()
        assert finished
        found.update(finished)
    assert executor.finished() == []
    return found


def test_a_killed_process_loses_its_own_shard_only() -> None:
    executor = ProcessExecutor(2)
    try:
        found = all_results(executor, [(pow, 2, 5), (os._exit, 3), (pow, 2, 6), (pow, 2, 7)])
    finally:
        executor.close()
    assert isinstance(found.pop(1), Lost)
    assert found == {0: 32, 2: 64, 3: 128}


def test_a_process_that_is_killed_while_it_is_idle_is_replaced() -> None:
    executor = ProcessExecutor(1)
    try:
        (pid,) = all_results(executor, [(os.getpid,)]).values()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):  # the pool knows of it soon, or only when it has work
            executor._free[0].submit(pow, 2, 3).result()
        assert all_results(executor, [(pow, 2, 5)]) == {0: 32}
    finally:
        executor.close()


class InProcess:
    """An executor that works at once; shards that hold a document of ``deadly`` lose their worker."""

    deadly: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.killed: set[str] = set()
        self.results: list[tuple[int, Any]] = []

    def submit(self, function: Callable[..., Any], number: int, *arguments: Any) -> bool:
        if len(self.results) >= self.jobs:
            return False
        ids = {document.id for document in arguments[0]}
        dies = ids & (self.deadly | (self.once - self.killed))
        self.killed |= ids
        self.results.append((number, Lost("died") if dies else function(*arguments)))
        return True

    def finished(self) -> list[tuple[int, Any]]:
        results, self.results = self.results[::-1], []
        return results

    def close(self) -> None:
        self.results.clear()


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch, stub: None) -> type[InProcess]:
    """The executor ``here``, with the stub for an extractor."""
    monkeypatch.setattr(workers, "_extractor", None)
    monkeypatch.setitem(registry._ADDED, "executor", {"here": InProcess})

    class Fresh(InProcess):
        pass

    registry._ADDED["executor"]["here"] = Fresh
    return Fresh


def documents(count: int) -> list[Document]:
    return [Document(id=f"d{n}", text=f"Anna visited Berlin {n} times.") for n in range(count)]


def test_a_document_that_kills_its_worker_is_reported_and_its_neighbours_are_not_lost(
    in_process: type[InProcess],
) -> None:
    in_process.deadly = frozenset({"d5"})
    found = {document.id: result for document, result in extract_many(documents(11), 2, executor="here")}
    assert len(found) == 11
    assert [name for name, result in found.items() if isinstance(result, Crash)] == ["d5"]


def test_a_worker_that_is_killed_from_outside_costs_no_document(in_process: type[InProcess]) -> None:
    in_process.once = frozenset({"d0", "d10"})
    found = {document.id: result for document, result in extract_many(documents(11), 3, executor="here")}
    assert len(found) == 11
    assert not [result for result in found.values() if isinstance(result, Crash)]


def test_the_graph_is_the_same_whatever_the_executor(
    articles: Articles, tmp_path: Path, in_process: type[InProcess]
) -> None:
    in_process.once = frozenset({"a03"})
    source = articles(9)
    build([source], tmp_path / "one", jobs=1)
    build([source], tmp_path / "many", jobs=3, executor="here")
    for name in ("one", "many"):
        ekg.export_graph(tmp_path / name, tmp_path / f"{name}.nq")
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "many.nq").read_bytes()


def test_unknown_and_missing_executors_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="known: dask, process, ray"):
        next(extract_many(documents(1), 2, executor="slurm"))
    for name, module in (("ray", "ray"), ("dask", "dask"), ("dask", "distributed")):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(MissingError, match=rf"ekg-platform\[{name}\]"):
            next(extract_many(documents(1), 2, executor=name))


# -- clusters, spoken to by stand-ins with the few calls that we make -------------------------------------------------


class RayLikeError(Exception):
    """Base of the stand-in's errors."""


class TaskLikeError(RayLikeError):
    """The stand-in's error of a function that raised."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


def absent() -> None:
    """What a worker without ekg says."""
    raise ModuleNotFoundError("No module named 'ekg'")


def fake_ray() -> ModuleType:
    module = ModuleType("ray")
    module.calls = []  # type: ignore[attr-defined]

    def remote(**options: Any) -> Callable[..., Any]:
        assert options["max_retries"] == 0

        def wrap(function: Callable[..., Any]) -> Any:
            return SimpleNamespace(remote=lambda *arguments: (function, arguments))

        return wrap

    def get(reference: Any) -> Any:
        function, arguments = reference
        if os._exit in arguments:
            raise RayLikeError
        try:
            return function(*arguments)
        except ImportError as error:
            raise TaskLikeError(error) from error

    module.is_initialized = lambda: False  # type: ignore[attr-defined]
    module.cancel = lambda reference, force: None  # type: ignore[attr-defined]
    module.init = lambda **options: module.calls.append(options)  # type: ignore[attr-defined]
    module.shutdown = lambda: module.calls.append("shutdown")  # type: ignore[attr-defined]
    module.remote = remote  # type: ignore[attr-defined]
    module.wait = lambda references, num_returns: (references[:num_returns], references[num_returns:])  # type: ignore[attr-defined]
    module.get = get  # type: ignore[attr-defined]
    module.exceptions = SimpleNamespace(RayError=RayLikeError, RayTaskError=TaskLikeError)  # type: ignore[attr-defined]
    return module


class KilledWorkerError(Exception):
    """The stand-in's error of a worker that died."""


class FakeFuture:
    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.function, self.arguments = function, arguments

    def result(self) -> Any:
        if os._exit in self.arguments:
            raise KilledWorkerError
        return self.function(*self.arguments)


def fake_distributed() -> ModuleType:
    module = ModuleType("distributed")
    module.calls = []  # type: ignore[attr-defined]

    class Client:
        def __init__(self, **options: Any) -> None:
            module.calls.append(options)

        def submit(self, function: Callable[..., Any], *arguments: Any, pure: bool) -> FakeFuture:
            assert not pure
            return FakeFuture(function, arguments)

        def close(self) -> None:
            module.calls.append("shutdown")

    module.Client = Client  # type: ignore[attr-defined]
    module.KilledWorker = KilledWorkerError  # type: ignore[attr-defined]
    module.wait = lambda futures, return_when: SimpleNamespace(done=futures[:2])  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    ("name", "module", "fake", "address"),
    [
        ("ray", "ray", fake_ray, "RAY_ADDRESS"),
        ("dask", "distributed", fake_distributed, "DASK_SCHEDULER_ADDRESS"),
    ],
)
def test_clusters(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, fake: Callable[[], Any], address: str
) -> None:
    monkeypatch.setitem(registry._ADDED, "executor", {})
    stand_in = fake()
    monkeypatch.setitem(sys.modules, module, stand_in)
    settings = SimpleNamespace(set=lambda values: nullcontext())
    monkeypatch.setitem(sys.modules, "dask", SimpleNamespace(config=settings))  # type: ignore[arg-type]
    monkeypatch.delenv(address, raising=False)
    executor = registry.part("executor", name)(2)
    found = all_results(executor, [(pow, 2, n) if n != 3 else (os._exit, 3) for n in range(7)])
    executor.close()
    assert isinstance(found.pop(3), Lost)
    assert found == {n: 2**n for n in range(7) if n != 3}
    assert stand_in.calls[-1] == "shutdown"
    assert 2 in stand_in.calls[0].values()
    executor = registry.part("executor", name)(2)
    executor.submit(absent, 0)
    with pytest.raises(MissingError, match="every machine needs the same ekg"):
        executor.finished()
    executor.close()
    monkeypatch.setenv(address, "somewhere:1")
    registry.part("executor", name)(2).close()
    assert 2 not in stand_in.calls[-2].values()
