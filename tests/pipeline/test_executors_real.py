"""The contract of executors with the real Ray and Dask, where they are installed: pip install ray dask distributed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ekg
from ekg import registry
from ekg.pipeline import workers
from ekg.pipeline.build import build
from ekg.pipeline.executors import Executor, Lost
from tests.pipeline.shards import ONCE, late_death, mistake, shard
from tests.pipeline.test_executors import all_results

ROOT = Path(__file__).resolve().parents[2]
NEEDS = {"process": "ekg", "ray": "ray", "dask": "distributed"}
Articles = Callable[..., Path]
Make = Callable[[int], Executor]


@pytest.fixture(params=sorted(NEEDS))
def name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of an executor that can be used here, on a cluster of its own."""
    found: str = request.param
    pytest.importorskip(NEEDS[found])
    for address in ("RAY_ADDRESS", "DASK_SCHEDULER_ADDRESS"):
        monkeypatch.delenv(address, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return found


@pytest.fixture
def executor(name: str) -> Iterator[Executor]:
    made: Executor = registry.part("executor", name)(2)
    yield made
    made.close()


def test_a_killed_worker_loses_its_own_shard_only(executor: Executor) -> None:
    tasks = [(pow, 2, n) if n != 3 else (late_death, 0.5) for n in range(9)]
    found = all_results(executor, tasks)
    assert isinstance(found.pop(3), Lost)
    assert found == {n: 2**n for n in range(9) if n != 3}


def test_a_mistake_is_raised_and_not_taken_for_a_death(executor: Executor) -> None:
    assert executor.submit(mistake, 0)
    with pytest.raises(ValueError, match="planted"):
        executor.finished()


def test_the_graph_is_the_same_though_workers_die(
    name: str, articles: Articles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = articles(14, a03="Anna DIES. Boris visited Clara.", a08="DEADLY. Dora started.")
    monkeypatch.setattr(workers, "extract_shard", shard)
    monkeypatch.setenv(ONCE, str(tmp_path / "once"))
    report = build([source], tmp_path / "many.ekg", jobs=2, executor=name)
    assert [problem.where for problem in report.problems] == ["a08"]
    assert report.counts["documents"] == 13
    (source / "a08.json").unlink()
    monkeypatch.setattr(workers, "_extractor", None)
    build([source], tmp_path / "one.ekg", jobs=1)
    for kg in ("one", "many"):
        ekg.export_graph(tmp_path / f"{kg}.ekg", tmp_path / f"{kg}.nq")
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "many.nq").read_bytes()


@pytest.mark.parametrize("name", ["ray", "dask"], indirect=True)
def test_a_program_ends_by_itself_and_says_nothing(name: str) -> None:
    code = (
        "import sys\nfrom ekg import registry\n"
        "if __name__ == '__main__':\n"
        "    executor = registry.part('executor', sys.argv[1])(1)\n"
        "    executor.submit(pow, 7, 2, 3)\n"
        "    print(executor.finished())\n    executor.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, name],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=300,
        check=True,
    )
    assert done.stdout == "[(7, 8)]\n"
    assert "Traceback" not in done.stderr
