"""Body of the process that indexes the newest snapshot, at low priority, after updates."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

from ekg.graph.refresh import index_newest

_NICENESS = 15


def main(kg: str) -> None:
    """Index the newest snapshot of a graph if it has no index; the server that starts this holds ``indexing``."""
    os.nice(_NICENESS)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    index_newest(Path(kg))


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
