"""A server in a process of its own, as users start it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import ekg

START_SECONDS = 120.0
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(ekg.__file__).parent.parent)}
"""In which a process imports this very ekg."""


@dataclass(slots=True)
class Served:
    """A running server.

    Args:
        process: its process.
        url: where it answers, with a slash at the end.
        log: what it wrote to stderr so far.
    """

    process: subprocess.Popen[str]
    url: str = ""
    log: list[str] = field(default_factory=list)


@contextmanager
def served(kg: Path, *options: str) -> Iterator[Served]:
    """``ekg serve`` on a free port; ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ekg", "serve", str(kg), "--port", "0", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    server = Served(process)
    found = threading.Event()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            server.log.append(line)
            if "http://" in line and not server.url:
                server.url = line[line.index("http://") :].split()[0]
                found.set()
        found.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert found.wait(START_SECONDS), server.log
        assert server.url, server.log
        yield server
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        assert process.stderr is not None
        process.stderr.close()


def children(pid: int) -> list[int]:
    """Process ids of a process's children."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(path.parent.name))
    return sorted(found)
