"""The user's own event types in a build: the option's file, else what the graph was built with before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ekg.store import read_manifest

_VARIABLE = "EKG_ONTOLOGY"
KEY = "ontology"
"""Key of the ontology's text in a manifest's configuration."""


@contextmanager
def types_in_use(kg: Path) -> Iterator[str]:
    """Text of the ontology that extraction uses meanwhile, here and in worker processes; empty where there is none.

    A graph keeps the text of its ontology, so that documents are added by the same types without the option.

    Raises:
        DataError: the option's file cannot be read or has a mistake.
    """
    from extractors.ontology.load import own_file, own_ontology, own_text

    path = own_file()
    if path is not None:
        own_ontology()
        yield own_text(path)
        return
    stored = read_manifest(kg).config.get(KEY, "") if (kg / "manifest.json").exists() else ""
    with stored_types(stored):
        yield stored


@contextmanager
def stored_types(text: str) -> Iterator[None]:
    """Make the ontology that a graph keeps the one in use meanwhile, whatever the options say; none if it is empty."""
    if not text:
        yield
        return
    with TemporaryDirectory(prefix="ekg-") as folder:
        file = Path(folder) / "ontology.yaml"
        file.write_text(text, encoding="utf-8")
        before = os.environ.get(_VARIABLE)
        os.environ[_VARIABLE] = str(file)
        try:
            yield
        finally:
            if before is None:
                del os.environ[_VARIABLE]
            else:
                os.environ[_VARIABLE] = before
