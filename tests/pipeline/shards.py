"""What workers of the tests run in place of the extractor that ships: importable on them, and mortal on request."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from ekg.model import Document, encode_extraction
from tests.stub import StubExtractor

ONCE = "EKG_TEST_ONCE"
"""Variable with a file: a worker that is given DIES dies if the file is not there, and makes it before."""


def shard(documents: list[Document], options: Mapping[str, str]) -> list[bytes]:
    """`ekg.pipeline.workers.extract_shard` with the stub; DIES kills its worker once, DEADLY always."""
    for document in documents:
        once = Path(options[ONCE])
        if "DEADLY" in document.text or ("DIES" in document.text and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return [encode_extraction(StubExtractor().extract(document)) for document in documents]


def late_death(seconds: float) -> None:
    """Die as a worker does that is killed at its work."""
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def mistake() -> None:
    """Raise what no executor knows."""
    raise ValueError("planted")
