"""The real corpora and their converters: every record gives a document."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ekg.model import Document
from extractors.sources import Failure, read_documents

SCRIPTS = Path(__file__).parents[2] / "scripts"


def convert(script: str, *arguments: object) -> None:
    subprocess.run([sys.executable, str(SCRIPTS / script), *map(str, arguments)], check=True, capture_output=True)


def documents(*paths: Path) -> list[Document]:
    outcomes = list(read_documents(list(paths)))
    assert [str(o) for o in outcomes if isinstance(o, Failure)] == []
    return [o for o in outcomes if isinstance(o, Document)]


@pytest.mark.data
def test_news_clusters(data: Callable[[str], Path]) -> None:
    folder = data("news-clusters")
    read = documents(folder)
    assert len(read) == 383
    assert all(d.published and d.title and d.publisher and d.segments for d in read)
    for document in read[::40]:
        record = json.loads((folder / f"{document.id}.json").read_text(encoding="utf-8"))
        assert document.text == record["text"]
        assert document.published is not None
        assert record["date_publish"].startswith(document.published[:10])


@pytest.mark.data
def test_giveme5w1h(data: Callable[[str], Path]) -> None:
    read = documents(data("giveme5w1h-gold"))
    assert len(read) == 46
    assert all(d.published and d.text for d in read)


@pytest.mark.data
def test_conflict_events(data: Callable[[str], Path], tmp_path: Path) -> None:
    convert("convert_conflict.py", data("conflict-eventkg") / "events.csv", "-o", tmp_path / "c.jsonl")
    read = documents(tmp_path / "c.jsonl")
    assert len(read) == 243
    assert {d.published[:4] for d in read if d.published} == {"2022"}


@pytest.mark.data
def test_spacelog(data: Callable[[str], Path], tmp_path: Path) -> None:
    convert("convert_spacelog.py", data("spacelog"), tmp_path)
    read = {d.id: d for d in documents(tmp_path)}
    assert sum(len(d.segments) for d in read.values()) > 19_000
    assert not any("[glossary" in d.text or "_page" in d.text for d in read.values())
    landing = read["a11-102h"]
    place = landing.text.index("Tranquility Base here")
    assert landing.speaker_at(place) == "Neil Armstrong"
    assert landing.published == "1969-07-20T19:32:00Z"
    media = landing.media_at(place, place + 1)
    assert media is not None
    assert media[0] == ((4 * 24 + 6) * 60 + 45) * 60 + 59
