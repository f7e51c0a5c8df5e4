"""Which RDF format a file name stands for."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from ekg.errors import DataError

RDF_EXTENSIONS: dict[str, ox.RdfFormat] = {
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
}
"""Extensions that can be read; each may be followed by ``.gz``."""

NODE_EXTENSIONS = (".graphml", ".tsv", ".parquet")
"""Extensions of formats that hold the node level of a whole graph."""

EXPORT_EXTENSIONS = (".nt", ".nq", ".ttl", ".trig", ".jsonld", ".rdf", *NODE_EXTENSIONS)
"""Extensions that can be written; each may be followed by ``.gz``."""

EVENTKG_ENDING = ".eventkg.nq"
"""Ending of N-Quads in EventKG's schema alone; as an input it is N-Quads like any other."""


def extension(path: Path) -> tuple[str, bool]:
    """The extension in lower case without ``.gz``, and whether ``.gz`` was there.

    >>> extension(Path("a/b.NQ.gz"))
    ('.nq', True)
    """
    suffix = path.suffix.lower()
    return (Path(path.stem).suffix.lower(), True) if suffix == ".gz" else (suffix, False)


def rdf_format(path: Path) -> tuple[ox.RdfFormat, bool]:
    """RDF format of a file to read, and whether it is compressed.

    Raises:
        DataError: the extension is not one of RDF; the message lists those that are.
    """
    suffix, compressed = extension(path)
    if suffix not in RDF_EXTENSIONS:
        raise DataError(
            f"unknown kind of file '{suffix or path.name}'",
            path=path,
            hint=f"known: {' '.join(RDF_EXTENSIONS)}, each also with .gz",
        )
    return RDF_EXTENSIONS[suffix], compressed
