"""Extraction records without a graph."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ekg.errors import DataError
from ekg.model import Extraction, encode_extraction
from ekg.pipeline.build import BuildReport, Problem, Progress, distinct, read_sources
from ekg.pipeline.workers import Crash, extract_many


def extract_records(
    sources: Sequence[str | Path],
    *,
    jobs: int = 1,
    encoding: str | None = None,
    limit: int | None = None,
    cluster: bool = False,
    progress: Progress,
) -> tuple[list[Extraction], list[Problem]]:
    """Records of all documents, by document id, and what could not be read.

    With ``cluster``, events of different documents that are the same carry the same ``cluster``: the id of the first.
    """
    report = BuildReport()
    documents = distinct(read_sources(sources, report, encoding=encoding, limit=limit), report)
    records: list[Extraction] = []
    texts: dict[str, str] = {}
    for done, (document, result) in enumerate(extract_many(documents, jobs), 1):
        if isinstance(result, Crash):
            report.problems.append(Problem(where=document.id, message=result.message, trace=result.trace))
            continue
        records.append(result)
        if cluster:
            texts[document.id] = document.text
        report.events += len(result.events)
        progress("extracting", done, None, report.events)
    records.sort(key=lambda record: record.document.id)
    return (_clustered(records, texts) if cluster else records), report.problems


def explain_sources(
    sources: Sequence[str | Path], *, encoding: str | None = None, limit: int | None = None
) -> Iterator[tuple[dict[str, Any], str]]:
    """Of every document, why its extraction is as it is, as JSON values and in plain words.

    Raises:
        DataError: a source cannot be read, or is too long to explain.
    """
    from extractors.explain import explain, in_words
    from extractors.explain.trace import TracingExtractor

    report = BuildReport()
    extractor: TracingExtractor | None = None
    for document in distinct(read_sources(sources, report, encoding=encoding, limit=limit), report):
        extractor = extractor or TracingExtractor()
        explained = explain(document, extractor)
        yield explained, in_words(explained)
    if report.problems:
        raise DataError(f"{report.problems[0].where}: {report.problems[0].message}")


def _clustered(records: list[Extraction], texts: dict[str, str]) -> list[Extraction]:
    from alignment import resolve

    node = resolve(records, texts=texts).events
    return [
        replace(record, events=tuple(replace(event, cluster=node[event.id]) for event in record.events))
        for record in records
    ]


def write_lines(records: Iterable[Extraction], out: Path | None) -> None:
    """Write records as JSONL, to stdout or to a file that appears complete or not at all."""
    lines = b"".join(encode_extraction(record) + b"\n" for record in records)
    if out is None:
        sys.stdout.buffer.write(lines)
        sys.stdout.buffer.flush()
        return
    temporary = out.with_name(f".{out.name}.tmp")
    temporary.write_bytes(lines)
    os.replace(temporary, out)
