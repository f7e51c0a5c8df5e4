"""JSON and JSONL records: exact text, tolerant fields, failures that say where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ekg.model import Document
from extractors.sources import Failure, read_documents
from extractors.sources.dates import normalise_date


def write_lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in records), encoding="utf-8")
    return path


def one(path: Path) -> Document:
    (outcome,) = read_documents([path])
    assert isinstance(outcome, Document), outcome
    return outcome


def split(path: Path) -> tuple[list[Document], list[Failure]]:
    outcomes = list(read_documents([path]))
    return [o for o in outcomes if isinstance(o, Document)], [o for o in outcomes if isinstance(o, Failure)]


def test_the_text_of_a_record_is_kept_to_the_character(tmp_path: Path) -> None:
    text = "  Fire in Oslo \r\n\r\nA fire\tbroke\u2028out.  Tschüß 🎉\n\n\n"
    document = one(write_lines(tmp_path / "a.jsonl", {"id": "x", "text": text, "title": "Fire in Oslo"}))
    assert document.text == text
    assert [(s.kind, text[slice(*s.span)]) for s in document.segments] == [
        ("title", "Fire in Oslo"),
        ("paragraph", "A fire\tbroke\u2028out.  Tschüß 🎉"),
    ]


def test_news_please_keys_and_the_string_none(tmp_path: Path) -> None:
    record = {
        "dId": "d1", "maintext": "Body.", "title": "None", "description": "Lead.", "date_publish": "2016-11-08 10:00:00",
        "source_domain": "www.post.example", "language": "english", "authors": "['Ana Ruiz', 'None']", "url": "None",
        "filename": "f.json", "cluster": {"Event": "fire", "Ids": [1]}, "date_modify": None,
    }  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    document = one(path)
    assert (document.id, document.text, document.title, document.lead) == ("d1", "Body.", None, "Lead.")
    assert (document.published, document.publisher, document.lang) == ("2016-11-08T10:00:00", "post.example", "en")
    assert (document.authors, document.url) == (("Ana Ruiz",), None)
    assert document.meta == {"filename": "f.json", "cluster.Event": "fire", "cluster.Ids": "[1]"}


def test_bad_lines_fail_with_their_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "m.jsonl",
        {"id": "1", "text": "A", "published": "2020"},
        '{"id": 2,',
        {"id": "3", "text": 5},
        "",
        ["x"],
        {"id": "a\u0000b", "text": "x"},
        {"kind": "podcast", "text": "x"},
        {"id": "4", "title": "no text"},
        {"id": "1", "text": "again"},
        {"id": "9", "text": "Z", "published": "2020"},
    )
    documents, failures = split(path)
    assert [d.id for d in documents] == ["1", "9"]
    assert [(f.line, f.field, f.code) for f in failures] == [
        (2, None, "json"),
        (3, "text", "field"),
        (5, None, "field"),
        (6, "id", "field"),
        (7, "kind", "field"),
        (8, "text", "field"),
        (9, "id", "duplicate"),
    ]
    assert failures[0].column == 10
    assert f"{path}:1" in failures[-1].message
    assert str(failures[1]).startswith(f"{path}:3 field 'text': must be a string")


def test_a_video_without_captions_has_an_empty_text(tmp_path: Path) -> None:
    record = {"kind": "video", "id": "v", "description": "A flood.", "duration": "PT1M30S", "published": "20240305"}
    document = one(write_lines(tmp_path / "v.jsonl", record))
    assert (document.kind, document.text, document.lead, document.duration) == ("video", "", "A flood.", 90.0)
    assert document.published == "2024-03-05"
    assert document.diagnostics == ()


def test_dates_absent_and_wrong_are_recorded(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "d.jsonl", {"id": "1", "text": "a"}, {"id": "2", "text": "b", "published": "2016-02-30"}
    )
    documents, _ = split(path)
    assert [d.published for d in documents] == [None, None]
    assert [d.diagnostics[0][0] for d in documents] == ["no_date", "bad_date"]
    assert "2016-02-30" in documents[1].diagnostics[0][1]


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2016-11-08T23:00:00.123-05:00", "2016-11-08T23:00:00-05:00"),
        ("2016-11-08T23:00:00+0000", "2016-11-08T23:00:00Z"),
        ("2016-11-08 23:00:00 UTC", "2016-11-08T23:00:00Z"),
        ("2016-11-08T00:00:00", "2016-11-08"),
        ("2016-11-08T00:00:00Z", "2016-11-08T00:00:00Z"),
        ("Tue, 08 Nov 2016 10:00:00 GMT", "2016-11-08T10:00:00Z"),
        ("Tue, 08 Nov 2016 10:00:00 +0100", "2016-11-08T10:00:00+01:00"),
        ("20161108", "2016-11-08"),
        (20161108, "2016-11-08"),
        ("20161108T101500Z", "2016-11-08T10:15:00Z"),
        ("8 November 2016", "2016-11-08"),
        ("Sept. 8, 2016", "2016-09-08"),
        ("2016/1/8", "2016-01-08"),
        ("2016-11", "2016-11"),
        (1478599200, "2016-11-08T10:00:00Z"),
        (1478599200000, "2016-11-08T10:00:00Z"),
    ],
)
def test_dates_that_are_read(given: object, iso: str) -> None:
    assert normalise_date(given) == iso


@pytest.mark.parametrize(
    "given",
    ["yesterday", "2016-13-01", "08/11/2016", "2016-11-08T25:00", "30 Foo 2016", "", "x" * 5000, True, "20161399"],
)
def test_dates_that_are_refused(given: object) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        normalise_date(given)


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("PORT ELLERY, Tuesday, 8 April 2025 — Dockers went back.", "2025-04-08"),
        ("NEW YORK, April 8, 2025 (Wire) -- Stocks fell.", "2025-04-08"),
        ("LUND, Sweden, 8 Sept. 2025 – A bridge fell.", "2025-09-08"),
        ("The mayor spoke on 8 April 2025 — at last.", None),
        ("PORT ELLERY, Sept. 11 — No year here.", None),
        ("LUND, 31 February 2025 — No such day.", None),
    ],
)
def test_a_full_dateline_stands_in_for_a_missing_date(tmp_path: Path, line: str, iso: str | None) -> None:
    document = one(write_lines(tmp_path / "a.jsonl", {"id": "a", "text": f"Headline\n\n{line}\n"}))
    assert document.published == iso
    assert [code for code, _ in document.diagnostics] == ["dateline" if iso else "no_date"]


def test_lists_and_records_without_ids(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps([{"id": 7, "text": "a"}, {"text": "b"}, 3, {"id": "7", "text": "c"}]), encoding="utf-8")
    documents, failures = split(path)
    assert [d.id for d in documents] == ["7", "list#2"]
    assert "record 3 of the list" in failures[0].message
    assert failures[1].code == "duplicate"
    assert "record 1" in failures[1].message


def test_json_over_several_lines_and_json_lines_under_the_wrong_name(tmp_path: Path) -> None:
    spread = tmp_path / "spread.jsonl"
    spread.write_text('{"id": "s",\n "text": "x"\n}\n', encoding="utf-8")
    assert one(spread).id == "s"
    lines = tmp_path / "lines.json"
    lines.write_text('{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n', encoding="utf-8")
    assert [d.id for d in split(lines)[0]] == ["a", "b"]


def test_lone_surrogates_become_replacement_characters_of_the_same_length(tmp_path: Path) -> None:
    document = one(
        write_lines(tmp_path / "s.jsonl", '{"id": "s", "text": "a\\ud83d b \\ud83d\\ude00", "title": "\\udc00"}')
    )
    assert document.text == "a\ufffd b 😀"
    document.text.encode("utf-8")
    assert document.title == "\ufffd"


def test_damaged_and_legacy_encodings_of_single_lines(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"id": "1", "text": "caf\xc3\xa9"}\n{"id": "2", "text": "caf\xe9"}\n'
        b'{"id": "3", "text": "plain"}\n{"id": "4", "text": "\xff\x00\x00"}\n'
    )
    documents, failures = split(path)
    assert [d.text for d in documents] == ["café", "café", "plain"]
    assert [d.diagnostics[0][0] for d in documents] == ["no_date", "encoding", "no_date"]
    assert [(f.line, f.code) for f in failures] == [(4, "encoding")]


def test_utf16_and_forced_encodings(tmp_path: Path) -> None:
    wide = tmp_path / "w.jsonl"
    wide.write_bytes('{"id": "w", "text": "Grüße"}\n{"id": "v", "text": "b"}\n'.encode("utf-16"))
    assert [d.text for d in split(wide)[0]] == ["Grüße", "b"]
    cyrillic = tmp_path / "c.jsonl"
    cyrillic.write_bytes('{"id": "c", "text": "Москва"}\n'.encode("cp1251"))
    (outcome,) = read_documents([cyrillic], encoding="windows-1251")
    assert isinstance(outcome, Document)
    assert outcome.text == "Москва"


def test_a_line_of_ten_megabytes_and_a_deep_one(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "big.jsonl", {"id": "big", "text": "word " * 2_000_000}, "[" * 200_000)
    documents, failures = split(path)
    assert len(documents[0].text) == 10_000_000
    assert [(f.line, f.code) for f in failures] == [(2, "json")]


def test_wrapped_text_is_split_at_blank_lines_only(tmp_path: Path) -> None:
    text = "The council met on Monday and decided after\na long debate to close the bridge for\nthe winter.\n\nIt opens again in\nMay."
    document = one(write_lines(tmp_path / "w.jsonl", {"id": "w", "text": text}))
    assert [text[slice(*s.span)].split()[0] for s in document.segments] == ["The", "It"]


def test_a_text_that_only_repeats_the_title_is_a_paragraph(tmp_path: Path) -> None:
    document = one(write_lines(tmp_path / "t.jsonl", {"id": "t", "text": "A bridge fell.", "title": "A bridge fell"}))
    assert [s.kind for s in document.segments] == ["paragraph"]
