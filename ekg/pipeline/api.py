"""What ``import ekg`` offers of this package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import overload

from ekg import registry
from ekg.errors import DataError
from ekg.graph import EventGraph, open_graph
from ekg.ids import digest
from ekg.model import Alignment, Document, Extraction
from ekg.pipeline import build as building
from ekg.pipeline import importing
from ekg.pipeline import merge as merging
from ekg.pipeline import unmerge as unmerging
from ekg.pipeline.merge_check import MergeRules

Sources = str | Path | Sequence[str | Path]


def _paths(sources: Sources) -> list[str | Path]:
    return [sources] if isinstance(sources, str | Path) else list(sources)


def extract(
    source: str | Path, *, published: str | None = None, title: str | None = None, id: str | None = None
) -> Extraction:
    """Extract events from a text, or from a file.

    Args:
        source: a ``Path`` is read as a file; a string is taken as the text itself.
        published: ISO date that anchors relative dates, where the source has none.
        title: headline, where the source has none.
        id: id of the document; default: a hash of the text.

    Raises:
        DataError: the file cannot be read, or holds more than one document.
    """
    if isinstance(source, Path):
        report = building.BuildReport()
        found = list(building.read_sources([source], report, limit=2))
        if report.problems:
            raise DataError(f"{report.problems[0].where}: {report.problems[0].message}")
        if len(found) != 1:
            raise DataError(f"{source}: holds {len(found) or 'no'} documents, one is wanted", hint="use `ekg extract`")
        document = found[0]
    else:
        document = Document(id=id or f"text-{digest(source)[:8]}", text=source, published=published, title=title)
    if document.published is None and published is not None:
        document = Document(
            **{name: getattr(document, name) for name in Document.__dataclass_fields__ if name != "published"},
            published=published,
        )
    result: Extraction = registry.part("extractor")().extract(document)
    return result


def build(
    sources: Sources,
    kg: str | Path,
    *,
    jobs: int = 1,
    recorded_at: str | None = None,
    encoding: str | None = None,
    limit: int | None = None,
) -> EventGraph:
    """Build a graph from files and folders and open it; ``memory:`` keeps it in memory.

    Raises:
        EkgError: see :func:`ekg.pipeline.build.build`.
    """
    if str(kg) == "memory:":
        return building.build_in_memory(_paths(sources), recorded_at=recorded_at, encoding=encoding)
    path = Path(kg)
    building.build(_paths(sources), path, jobs=jobs, recorded_at=recorded_at, encoding=encoding, limit=limit)
    return open_graph(path)


def import_files(kg: str | Path, files: Sources, *, graph: str | None = None) -> importing.ImportReport:
    """Import RDF files (see :func:`ekg.pipeline.importing.import_files`)."""
    return importing.import_files(Path(kg), [Path(p) for p in _paths(files)], graph=graph)


def export_graph(kg: str | Path, out: str | Path) -> None:
    """Write all of a graph to an RDF file or ``.graphml``, by the file's extension."""
    from ekg.io import export

    with open_graph(kg) as graph:
        export(graph, Path(out))


@overload
def merge(
    graphs: Sequence[str | Path], alignment: Alignment, out: str | Path, *, rules: MergeRules | None = None
) -> str: ...


@overload
def merge(
    graphs: Sequence[str | Path], alignment: Sequence[Alignment], out: str | Path, *, rules: MergeRules | None = None
) -> tuple[str, ...]: ...


def merge(
    graphs: Sequence[str | Path],
    alignment: Alignment | Sequence[Alignment],
    out: str | Path,
    *,
    rules: MergeRules | None = None,
) -> str | tuple[str, ...]:
    """Merge graphs along one or several alignments; each run's id, for :func:`unmerge`.

    Raises:
        EkgError: see :func:`ekg.pipeline.merge.merge`.
    """
    several = [alignment] if isinstance(alignment, Alignment) else alignment
    merged = merging.merge([Path(g) for g in graphs], [a.links for a in several], Path(out), rules=rules)
    return merged.runs[0] if isinstance(alignment, Alignment) else merged.runs


def unmerge(
    kg: str | Path,
    run: str | None = None,
    *,
    pair: tuple[str, str] | None = None,
    entity: str | None = None,
    every_run: bool = False,
) -> None:
    """Take a run, a pair or all that joined one node back (see :func:`ekg.pipeline.unmerge.unmerge`)."""
    unmerging.unmerge(Path(kg), run, pair=pair, entity=entity, every_run=every_run)
