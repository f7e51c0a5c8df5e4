"""Writers that are killed or run out of disk: what was complete stays, and the same command goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ekg.graph import open_graph
from ekg.pipeline.importing import import_files
from ekg.pipeline.verify import verify
from ekg.server.jobs import UpdateJob
from ekg.server.writing import GraphWriter
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import snapshots
from tests.pipeline.contents import quads
from tests.serving import ENVIRONMENT

KILL = """
import os, signal, sys
from pathlib import Path
from ekg.pipeline.importing import import_files
from ekg.server.jobs import UpdateJob
from ekg.server import writing
from ekg.store import oxigraph, snapshots
from ekg.index import build, update
point, kg, source = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
def kill(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
if point == "publication":
    snapshots.os.rename = kill
elif point == "sweep":
    snapshots.sweep = kill
elif point == "index":
    build.put_in_place = update.put_in_place = kill
elif point == "backup":
    oxigraph.OxigraphStore.backup = kill
elif point == "commit":
    writing.publish_snapshot = kill
if point == "commit":
    writing.GraphWriter(kg).run([UpdateJob(text="INSERT DATA { <http://x/u> <http://x/p> 1 }")])
else:
    import_files(kg, [source])
"""

BULK = """
import os, signal, sys
from pathlib import Path
import pyoxigraph as ox
from ekg.store.oxigraph import OxigraphStore
def some():
    for i in range(60_000):
        if i == 40_000:
            os.kill(os.getpid(), signal.SIGKILL)
        yield ox.Quad(ox.NamedNode(f"http://x/{i}"), ox.NamedNode("http://x/p"), ox.Literal(i))
OxigraphStore(Path(sys.argv[1])).bulk_add(some())
"""


def run(code: str, *arguments: object) -> int:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        env=ENVIRONMENT,
        timeout=300,
        check=False,
    )
    return done.returncode


def source(folder: Path, name: str, count: int = 5) -> Path:
    path = folder / f"{name}.nq"
    path.write_text(
        "".join(
            f"<http://x/{name}{i}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
            f"<http://semanticweb.cs.vu.nl/2009/11/sem/Event> <http://x/g> .\n"
            for i in range(count)
        )
    )
    return path


def events(kg: Path) -> int:
    with open_graph(kg) as graph:
        return len(graph)


@pytest.mark.parametrize("point", ["index", "backup", "publication", "sweep"])
def test_an_import_that_is_killed(tmp_path: Path, point: str) -> None:
    one, two = source(tmp_path, "one"), source(tmp_path, "two")
    import_files(tmp_path / "kg", [one])
    import_files(tmp_path / "straight", [one])
    import_files(tmp_path / "straight", [two])
    assert run(KILL, point, tmp_path / "kg", two) == -signal.SIGKILL
    assert events(tmp_path / "kg") == (10 if point == "sweep" else 5)
    import_files(tmp_path / "kg", [two])
    assert quads(tmp_path / "kg") == quads(tmp_path / "straight")
    assert events(tmp_path / "kg") == 10
    assert verify(tmp_path / "kg") == []
    assert [path.name for path in (tmp_path / "kg" / "snapshots").iterdir()] == [
        str(snapshots(tmp_path / "kg")[-1].number)
    ]


def test_an_update_that_is_killed_between_change_and_snapshot(tmp_path: Path) -> None:
    import_files(tmp_path / "kg", [source(tmp_path, "one")])
    assert run(KILL, "commit", tmp_path / "kg", "") == -signal.SIGKILL
    writer = GraphWriter(tmp_path / "kg")
    (reply,) = writer.run([UpdateJob(text="INSERT DATA { <http://x/v> <http://x/p> 2 }")])
    writer.close()
    assert reply.error is None
    with open_graph(tmp_path / "kg") as graph:
        rows = graph.query("SELECT ?o { ?s <http://x/p> ?o } ORDER BY ?o")
        assert [row["o"].value for row in rows] == ["1", "2"]
    assert verify(tmp_path / "kg") == []


def test_a_bulk_load_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    assert run(BULK, tmp_path / "quads") == -signal.SIGKILL
    (tmp_path / "quads" / "bulk-0123456789abcdef.sst").write_bytes(b"of a load that was killed")
    with closing(OxigraphStore(tmp_path / "quads")) as store:
        assert list((tmp_path / "quads").glob("bulk-*")) == []
        known = len(store)
        assert known in range(40_001)
        assert sum(1 for _ in store.quads()) == known


FULL = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
sys.argv = ["ekg", "import", sys.argv[1], sys.argv[2]]
from ekg.cli.main import main
main()
"""


@pytest.mark.parametrize("size", [20_000, 60_000, 200_000])
def test_a_disk_that_is_full_while_loading(tmp_path: Path, size: int) -> None:
    one, two = source(tmp_path, "one"), source(tmp_path, "two", 5000)
    import_files(tmp_path / "kg", [one])
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "kg"), str(two), str(size)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("ekg: "), done.stderr
    assert events(tmp_path / "kg") == 5
    import_files(tmp_path / "kg", [two])
    assert events(tmp_path / "kg") == 5005
    assert verify(tmp_path / "kg") == []


def test_commands_that_write_work_at_low_priority(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom ekg.cli.main import main, program\n"
        "start = sys.argv.pop(1)\ncalls = []\n"
        "os.setpriority = lambda *arguments: calls.append(arguments)\n"
        "try:\n    globals()[start]()\nexcept SystemExit:\n    pass\n"
        "sys.exit(100 + sum(call[:2] == (os.PRIO_PROCESS, 0) and call[2] >= 10 for call in calls))"
    )
    assert run(code, "program", "import", tmp_path / "kg", source(tmp_path, "one")) == 101
    assert run(code, "program", "info", tmp_path / "kg") == 100
    # Whoever calls the commands from Python keeps the priority of the process.
    assert run(code, "main", "reindex", tmp_path / "kg") == 100
