"""Files with more than one name, and directories on the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name, or a copy of it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def unshare(path: Path) -> None:
    """Make a file that has other names a file of its own again, before it is written to."""
    if not path.exists() or path.stat().st_nlink == 1:
        return
    own = path.with_name(f".{path.name}.own")
    try:
        shutil.copyfile(path, own)
        with own.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(own, path)
    except BaseException:
        own.unlink(missing_ok=True)
        raise


def aside_of(folder: Path) -> Path:
    """Where a directory lies while another one takes its place by two renames (:func:`ekg.pipeline.restore`)."""
    return folder.with_name(f".{folder.name}.replaced")


def is_aside(folder: Path) -> bool:
    """Whether a directory is being replaced at this moment, or was when the machine stopped."""
    return not folder.exists() and aside_of(folder).exists()


def sync_folder(folder: Path) -> None:
    """Make the names in a directory outlive a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
