"""Files, folders and standard input: what is read, in which order, under which id, and what fails."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from ekg.errors import DataError
from ekg.model import Document
from extractors.sources import Failure, discover, read_documents

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Hi there.\n"
INFO = (
    '{"id": "x1", "title": "Talk", "description": "About.", "upload_date": "20240305", "duration": 90,'
    ' "channel": "Town TV", "webpage_url": "https://tv.example/1", "language": "en", "formats": [1]}'
)


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def split(*paths: Path | str) -> tuple[dict[str, Document], list[Failure]]:
    outcomes = list(read_documents(list(paths)))
    return {o.id: o for o in outcomes if isinstance(o, Document)}, [o for o in outcomes if isinstance(o, Failure)]


def test_folders_are_read_recursively_in_order_without_hidden_files(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "B", "a/z.txt": "Z", "a/y.md": "Y", ".git/x.txt": "X", "a/.h.txt": "H", "c.txt": "C"})
    assert list(split(tmp_path)[0]) == ["b", "c", "a/y", "a/z"]
    assert [item.id for item in discover([tmp_path])] == ["b", "c", "a/y", "a/z"]


def test_limit_stops_early(tmp_path: Path) -> None:
    write(tmp_path, {f"{n}.txt": "x" for n in range(5)})
    assert len(list(read_documents([tmp_path], limit=2))) == 2
    assert list(read_documents([tmp_path], limit=0)) == []


def test_the_files_of_a_video_are_one_document(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "v/talk.mp4": b"\0\0",
            "v/talk.en.vtt": VTT,
            "v/talk.de.vtt": VTT,
            "v/talk.info.json": INFO,
            "v/talk.jpg": b"\xff",
        },
    )
    documents, failures = split(tmp_path)
    assert failures == []
    talk = documents["v/talk"]
    assert (talk.kind, talk.text, talk.title, talk.lead) == ("video", "Hi there.", "Talk", "About.")
    assert (talk.published, talk.duration, talk.publisher, talk.lang) == ("2024-03-05", 90.0, "Town TV", "en")
    assert (talk.url, talk.meta["video_id"]) == ("https://tv.example/1", "x1")
    assert talk.segments[0].media == (1.0, 2.0)
    assert talk.segments[0].speaker == "Ana"
    assert talk.diagnostics == (("captions_unused", "talk.de.vtt"),)


def test_naming_every_file_of_a_video_gives_the_same_document(tmp_path: Path) -> None:
    write(tmp_path, {"talk.mp4": b"\0\0", "talk.en.vtt": VTT, "talk.info.json": INFO})
    together, failures = split(*sorted(tmp_path.iterdir()))
    assert failures == []
    assert together == split(tmp_path / "talk.en.vtt")[0] == split(tmp_path)[0]


def test_a_bare_info_file_is_a_video_without_captions_and_bare_media_a_failure(tmp_path: Path) -> None:
    write(tmp_path, {"a.info.json": INFO, "b.mp4": b"\0"})
    documents, failures = split(tmp_path)
    assert (documents["a"].kind, documents["a"].text, documents["a"].lead) == ("video", "", "About.")
    assert [(Path(f.path).name, f.code) for f in failures] == [("b.mp4", "media")]


def test_a_transcript_with_info_and_one_without(tmp_path: Path) -> None:
    write(tmp_path, {"t.txt": "[00:00:01] Ana: Go.\n[00:00:04] Ben: Yes.\n", "t.info.json": INFO})
    write(
        tmp_path, {"u.txt": "[00:00:01] Ana: Go.\n[00:00:04] Ben: Yes.\n", "n.txt": "Just text.", "n.info.json": INFO}
    )
    documents, _ = split(tmp_path)
    assert [documents[i].text for i in "tun"] == ["Go.\nYes.", "Go.\nYes.", "Just text."]
    assert [documents[i].kind for i in "tun"] == ["video"] * 3
    assert [s.speaker for s in documents["u"].segments] == ["Ana", "Ben"]
    assert documents["t"].published == documents["n"].published == "2024-03-05"


def test_damaged_info_does_not_lose_the_captions(tmp_path: Path) -> None:
    write(tmp_path, {"a.vtt": VTT, "a.info.json": "{oops"})
    (document,) = split(tmp_path)[0].values()
    assert document.text == "Hi there."
    assert document.diagnostics[0][0] == "bad_info"


def test_what_cannot_be_read_fails_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.pdf": b"%PDF-1.7", "b.txt": b"ab\0\1\2\3\4\5", "c.csv": "a,b", "d.json": "", "e.json": "{", "f.vtt": "no cue",
            "g": "no extension", "ok.txt": "Fine.",
        },
    )  # fmt: skip
    (tmp_path / "h.txt").symlink_to(tmp_path / "nowhere")
    documents, failures = split(tmp_path)
    assert list(documents) == ["ok"]
    assert [(Path(f.path).name, f.code) for f in failures] == [
        ("a.pdf", "binary"),
        ("b.txt", "binary"),
        ("c.csv", "unsupported"),
        ("d.json", "json"),
        ("e.json", "json"),
        ("f.vtt", "captions"),
        ("g", "unsupported"),
        ("h.txt", "unreadable"),
    ]
    assert all(f.message and str(f).startswith(str(tmp_path)) for f in failures)


def test_empty_files_are_documents_with_a_diagnostic(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "", "b.md": " \n", "c.html": "", "d.vtt": ""})
    documents, failures = split(tmp_path)
    assert failures == []
    assert all(d.text.strip() == "" and "empty_document" in dict(d.diagnostics) for d in documents.values())
    assert len(documents) == 4


def test_missing_sources_and_unknown_encodings_are_errors_at_the_call(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_documents([tmp_path / "none"])
    with pytest.raises(DataError, match="unknown encoding 'klingon'"):
        read_documents([tmp_path], encoding="klingon")


def test_equal_ids_from_two_folders_name_both_places(tmp_path: Path) -> None:
    write(tmp_path, {"x/a.txt": "1", "y/a.txt": "2"})
    documents, failures = split(tmp_path / "x", tmp_path / "y")
    assert list(documents) == ["a"]
    assert failures[0].path == str(tmp_path / "y" / "a.txt")
    assert str(tmp_path / "x" / "a.txt") in failures[0].message


def test_the_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "1"})
    documents, failures = split(tmp_path, tmp_path / "a.txt", tmp_path / "." / "a.txt")
    assert (len(documents), failures) == (1, [])


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        ("Plain words.", "article", "Plain words."),
        (VTT, "video", "Hi there."),
        ('{"id": "j", "text": "One."}', "article", "One."),
        ("<!doctype html><html><body><p>Para.</p></body></html>", "article", "Para."),
        ("1\n00:00:01,000 --> 00:00:02,000\nHi.\n", "video", "Hi."),
    ],
)
def test_standard_input_is_recognised(monkeypatch: pytest.MonkeyPatch, data: str, kind: str, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    (document,) = read_documents(["-"])
    assert isinstance(document, Document)
    assert (document.kind, document.text) == (kind, text)
    assert document.id == ("j" if data.startswith("{") else "stdin")


def test_json_lines_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"id":"a","text":"x"}\nbad\n{"id":"b","text":"y"}\n'))
    )
    documents, failures = split("-")
    assert (list(documents), [(f.path, f.line) for f in failures]) == (["a", "b"], [("-", 2)])


def test_plain_text_is_unchanged_but_for_line_ends_and_legacy_bytes_are_noted(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": b"Head line\r\n\r\nIn caf\xe9 *now*.\r\n"})
    (document,) = split(tmp_path)[0].values()
    assert document.text == "Head line\n\nIn café *now*.\n"
    assert document.title == "Head line"
    assert [s.kind for s in document.segments] == ["title", "paragraph"]
    assert document.diagnostics[0][0] == "encoding"


def test_markdown_loses_its_markup_and_keeps_its_structure(tmp_path: Path) -> None:
    source = (
        '---\ntitle: "The Dam"\ndate: 2024-01-02\nauthor: Ana Ruiz\nsection: world\n---\n# The Dam\n\nThe **dam** of\n'
        "[Lund](https://l.example/a_(b)) broke on a_b_c day.\n\n- One *item*\n\n```py\nx = 1\n```\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n"
        "Late news\n---\n\n> Quoted.\n"
    )
    write(tmp_path, {"a.md": source})
    (document,) = split(tmp_path)[0].values()
    assert [(s.kind, document.text[slice(*s.span)]) for s in document.segments] == [
        ("title", "The Dam"),
        ("paragraph", "The dam of Lund broke on a_b_c day."),
        ("paragraph", "One item"),
        ("code", "x = 1"),
        ("table", "a | b\n1 | 2"),
        ("heading", "Late news"),
        ("paragraph", "Quoted."),
    ]
    assert (document.title, document.published, document.authors) == ("The Dam", "2024-01-02", ("Ana Ruiz",))
    assert document.meta == {"section": "world"}


def test_names_with_undecodable_bytes_give_printable_ids(tmp_path: Path) -> None:
    path = tmp_path / "caf\udce9\t.txt"
    try:
        path.write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("the file system refuses such names")
    (document,) = split(tmp_path)[0].values()
    assert document.id == "caf\ufffd\ufffd"


def test_reading_twice_gives_equal_documents(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "# A\n\nb", "b.vtt": VTT, "c.jsonl": '{"text": "x"}\n{"text": "y"}\n'})
    assert list(read_documents([tmp_path])) == list(read_documents([tmp_path]))
