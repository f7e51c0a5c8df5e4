"""Run records: what was done to a graph, when, and what went wrong. The only place where the clock is written."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from ekg.pipeline.build import BuildReport


class RunRecord:
    """Measures a run from its creation and writes ``runs/<time>-<command>.json`` at its end."""

    def __init__(self, command: str, arguments: list[str]) -> None:
        self.command = command
        self.arguments = arguments
        self.started = datetime.now(UTC)
        self._clock = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return round(time.monotonic() - self._clock, 3)

    def write(self, kg: Path, report: BuildReport) -> Path:
        """Write the record; the file's path."""
        folder = kg / "runs"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.started:%Y%m%dT%H%M%S}-{self.command}-{os.getpid()}.json"
        record = {
            "command": self.command,
            "arguments": self.arguments,
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": self.seconds,
            **asdict(report),
        }
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path
