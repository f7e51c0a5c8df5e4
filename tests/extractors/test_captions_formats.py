"""Each caption format, and what cleaning makes of markup, speakers and sounds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ekg.errors import DataError
from extractors.captions import Captions, check, compose, looks_like_transcript, parse_captions, read_captions


def read(text: str, extension: str = ".vtt") -> Captions:
    return parse_captions(text.encode(), extension=extension)


def rows(captions: Captions) -> list[tuple[float, float, str | None, str]]:
    return [(*cue.media, cue.speaker, cue.text) for cue in captions.cues]


def test_webvtt_with_header_notes_styles_regions_and_settings() -> None:
    captions = read(
        "WEBVTT - Evening news\nKind: captions\nLanguage: en-GB\n\nSTYLE\n::cue { color: red }\n\nNOTE two\nlines\n\n"
        "REGION\nid:fred\n\nintro\n00:01.000 --> 01:00:04.000 line:0 align:start\nGood <b>evening</b>.\n"
    )
    assert rows(captions) == [(1.0, 3604.0, None, "Good evening.")]
    assert captions.lang == "en-GB"
    assert captions.repairs == {}


def test_a_line_that_begins_with_note_within_a_cue_is_speech() -> None:
    assert rows(read("WEBVTT\n\n00:01.000 --> 00:02.000\nListen\nNOTE this well\n"))[0][3] == "Listen NOTE this well"


def test_voices_classes_timestamps_and_entities() -> None:
    captions = read(
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v.loud Ana Ruiz>Tom &amp; <i.x>I</i></v>\n<v Ben>Hi<00:00:02.000><c> you</c>.\n"
    )
    assert rows(captions) == [(1.0, 4.0, "Ana Ruiz", "Tom & I"), (1.0, 4.0, "Ben", "Hi you.")]


def test_a_less_than_sign_is_not_a_tag() -> None:
    assert rows(read("WEBVTT\n\n00:01.000 --> 00:04.000\nIf a < b and b > 3.\n"))[0][3] == "If a < b and b > 3."


def test_srt_with_positions_and_ass_leftovers() -> None:
    captions = read(
        "1\n00:00:01,000 --> 00:00:02,500 X1:10 X2:20\n{\\an8}<font color=red>Up</font>\\Nthere\n", extension=".srt"
    )
    assert rows(captions) == [(1.0, 2.5, None, "Up there")]


def test_speakers_leave_the_text() -> None:
    captions = read(
        "1\n00:00:01,000 --> 00:00:02,000\nANNA BERG: Good evening.\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\n>> REPORTER: Thank you.\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\n- Who?\n- Me.\n\n"
        "4\n00:00:04,000 --> 00:00:05,000\n[Narrator]: It was late.\n\n"
        "5\n00:00:05,000 --> 00:00:06,000\nResult: three people\n",
        extension=".srt",
    )
    assert [(cue.speaker, cue.text) for cue in captions.cues] == [
        ("ANNA BERG", "Good evening."),
        ("REPORTER", "Thank you."),
        (None, "Who?\nMe."),
        ("Narrator", "It was late."),
        (None, "Result: three people"),
    ]


def test_title_case_labels_count_when_the_file_uses_them() -> None:
    dialogue = "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Hello.\n\n00:02.000 --> 00:03.000\nBen: Hello.\n"
    assert [cue.speaker for cue in read(dialogue).cues] == ["Ana", "Ben"]
    single = "WEBVTT\n\n00:01.000 --> 00:02.000\nRemember: never.\n\n00:02.000 --> 00:03.000\nThe time is 10:30.\n"
    assert [cue.speaker for cue in read(single).cues] == [None, None]


def test_two_named_speakers_in_one_cue_become_two_cues() -> None:
    captions = read("WEBVTT\n\n00:01.000 --> 00:04.000\nANNA: Is it true?\nBEN: It is.\n")
    assert rows(captions) == [(1.0, 4.0, "ANNA", "Is it true?"), (1.0, 4.0, "BEN", "It is.")]


def test_a_speaker_goes_on_while_the_sentence_runs() -> None:
    captions = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nANNA: We will not\n\n00:02.000 --> 00:03.000\ngive up.\n\n"
        "00:03.000 --> 00:04.000\nSilence fell.\n"
    )
    assert [cue.speaker for cue in captions.cues] == ["ANNA", "ANNA", None]


def test_sounds_are_dropped_and_counted_but_bracketed_speech_stays() -> None:
    captions = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n[Music]\n\n00:02.000 --> 00:03.000\nHe said [sic] (laughs) yes (in May).\n\n"
        "00:03.000 --> 00:04.000\n♪ ♪\n"
    )
    assert [cue.text for cue in captions.cues] == ["He said [sic] yes (in May)."]
    assert captions.repairs == {"cue_without_speech": 2, "sound": 3}


def test_json3_whisper_and_whisper_cpp() -> None:
    events = [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
        {"tStartMs": 160, "dDurationMs": 4000, "segs": [{"utf8": "all"}, {"utf8": " right"}]},
        {"tStartMs": 2000, "dDurationMs": 9, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 2399, "dDurationMs": 1000, "segs": [{"utf8": "here we are"}]},
    ]
    json3 = parse_captions(json.dumps({"events": events}).encode(), extension=".json3")
    assert rows(json3) == [(0.16, 2.399, None, "all right"), (2.399, 3.399, None, "here we are")]
    segments = [{"start": 0.0, "end": 2.5, "text": " Hi."}, {"start": 2.5, "end": 3, "text": "Yo.", "speaker": "S1"}]
    whisper = parse_captions(json.dumps({"text": "x", "language": "en", "segments": segments}).encode())
    assert (whisper.format, whisper.lang) == ("whisper", "en")
    assert rows(whisper) == [(0.0, 2.5, None, "Hi."), (2.5, 3.0, "S1", "Yo.")]
    cpp = {"result": {"language": "de"}, "transcription": [{"offsets": {"from": 0, "to": 2000}, "text": " Ja."}]}
    assert rows(parse_captions(json.dumps(cpp).encode())) == [(0.0, 2.0, None, "Ja.")]


def test_plain_transcript() -> None:
    text = "[00:00:05] Dr. Ana Ruiz, Jr.: Go ahead: now.\nand more\n[0:10] no name\n[100:00:10] CC: NOUN 33: plus\n"
    assert looks_like_transcript(text)
    captions = read(text, extension=".txt")
    assert captions.format == "transcript"
    assert [(c.media[0], c.speaker, c.text) for c in captions.cues] == [
        (5.0, "Dr. Ana Ruiz, Jr.", "Go ahead: now. and more"),
        (10.0, None, "no name"),
        (360010.0, "CC", "NOUN 33: plus"),
    ]
    assert captions.cues[0].media[1] <= 10.0


def test_prose_with_one_time_is_no_transcript() -> None:
    assert not looks_like_transcript("At the start.\n[10:30] was the time.\nMore prose.\nAnd more.\nAnd more.\n")


def test_text_joins_sentences_and_breaks_at_speakers_and_pauses() -> None:
    captions = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>The mayor</v>\n\n00:02.000 --> 00:03.000\n<v Ana>resigned.</v>\n\n"
        "00:03.000 --> 00:04.000\n<v Ben>Why?</v>\n\n00:09.000 --> 00:10.000\n<v Ben>Nobody knows.</v>\n"
    )
    text, segments = compose(captions.cues)
    assert text == "The mayor resigned.\nWhy?\nNobody knows."
    assert [text[slice(*s.span)] for s in segments] == [cue.text for cue in captions.cues]
    assert [(s.media, s.speaker) for s in segments][2] == ((3.0, 4.0), "Ben")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Grüße".encode("utf-8-sig"), "utf-8"),
        ("Grüße".encode("utf-16"), "utf-16"),
        ("Grüße".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    bom = b"\xff\xfe" if encoding == "utf-16" else b"\xef\xbb\xbf" if encoding == "utf-8" else b""
    body = data.removeprefix(bom)
    captions = parse_captions(bom + "1\n00:00:01,000 --> 00:00:02,000\n".encode(codec) + body, extension=".srt")
    assert captions.encoding == encoding
    assert captions.cues[0].text == "Grüße"


def test_check_reports_in_the_documented_schema(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.srt", tmp_path / "b.vtt"
    good.write_text("1\n00:00:01.000 --> 00:00:02,000\nBOB: Hi.\n", encoding="utf-8")
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert check(good) == {
        "file": str(good),
        "format": "srt",
        "encoding": "utf-8",
        "cues": [{"media": [1.0, 2.0], "text": "Hi.", "speaker": "BOB"}],
        "repairs": {"decimal_mark": 1},
        "error": None,
    }
    report = check(bad)
    assert report["cues"] == []
    assert "binary file: PNG" in report["error"]


@pytest.mark.parametrize("content", ["", "   \n", "WEBVTT\n\n", '{"a": 1}', '{"events": [', "just prose"])
def test_files_without_cues_are_errors_that_name_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.json"):
        read_captions(path)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_captions(tmp_path / "none.vtt")
