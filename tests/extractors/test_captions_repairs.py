"""Damaged captions: nothing that is said gets lost, and every repair is counted."""

from __future__ import annotations

import random

import pytest

from extractors.captions import Captions, parse_captions


def read(text: str, extension: str = ".vtt") -> Captions:
    return parse_captions(text.encode(), extension=extension)


def spoken(captions: Captions) -> list[str]:
    return [cue.text for cue in captions.cues]


AUTOMATIC = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
 
all<00:00:00.400><c> right</c><00:00:00.880><c> so</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
all right so
 

00:00:02.399 --> 00:00:04.710 align:start position:0%
all right so
here<00:00:02.720><c> we</c><00:00:02.960><c> are</c>

00:00:04.710 --> 00:00:04.720 align:start position:0%
here we are
 

00:00:04.720 --> 00:00:06.710 align:start position:0%
here we are
in<00:00:05.000><c> front</c>
"""


def test_automatic_captions_say_each_line_once() -> None:
    captions = read(AUTOMATIC)
    assert spoken(captions) == ["all right so", "here we are", "in front"]
    assert captions.repairs == {"rollup": 4}
    assert captions.cues[0].media == (0.16, 2.399)


def test_three_line_rollup() -> None:
    shown = [["a b"], ["a b", "c d"], ["a b", "c d", "e f"], ["c d", "e f", "g h"]]
    text = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n" + "\n".join(s) + "\n\n" for n, s in enumerate(shown))
    assert spoken(read(text, ".srt")) == ["a b", "c d", "e f", "g h"]


def test_words_that_grow_are_said_once() -> None:
    text = "".join(
        f"00:0{n}.000 --> 00:0{n + 1}.000\n{line}\n\n" for n, line in enumerate(["I", "I think", "I think so"])
    )
    assert spoken(read("WEBVTT\n\n" + text)) == ["I", "think", "so"]


def test_a_speaker_may_repeat_himself() -> None:
    captions = read("WEBVTT\n\n00:01.000 --> 00:02.000\nNo.\n\n00:02.000 --> 00:03.000\nNo.\n")
    assert spoken(captions) == ["No.", "No."]
    later = read("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n\n00:30.000 --> 00:33.000\nHello\nagain\n")
    assert spoken(later) == ["Hello", "Hello again"]


def test_the_same_cue_twice_is_kept_once() -> None:
    cue = "00:01.000 --> 00:02.000\nNo.\n\n"
    captions = read("WEBVTT\n\n" + cue + cue)
    assert spoken(captions) == ["No."]
    assert captions.repairs["rollup"] == 1


def test_missing_blank_lines() -> None:
    captions = read("1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n", ".srt")
    assert spoken(captions) == ["One", "Two"]
    assert captions.repairs == {"missing_blank_line": 1}


def test_a_number_that_is_said_is_not_an_index() -> None:
    assert spoken(read("1\n00:00:01,000 --> 00:00:02,000\nHow many?\n42\n", ".srt")) == ["How many? 42"]


def test_blank_line_within_a_cue() -> None:
    captions = read(
        "1\n00:00:01,000 --> 00:00:02,000\nOne\n\nand more\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n", ".srt"
    )
    assert spoken(captions) == ["One and more", "Two"]
    assert captions.repairs == {"blank_line_in_cue": 1}


def test_missing_header_hours_marks_and_arrows() -> None:
    captions = read("00:01,000 --> 00:02.000\nOne\n\n00:02.000 -> 00:03.000\nTwo\n")
    assert [cue.media for cue in captions.cues] == [(1.0, 2.0), (2.0, 3.0)]
    assert captions.repairs == {"arrow": 1, "decimal_mark": 1, "missing_header": 1}
    srt = read("1\n00:01,000 --> 00:02,000\nOne\n", ".srt")
    assert srt.repairs == {"missing_hours": 1}


def test_times_unsorted_reversed_empty_negative_and_out_of_range() -> None:
    captions = read(
        "WEBVTT\n\n00:05.000 --> 00:04.000\nreversed\n\n00:02.000 --> 00:02.000\nempty\n\n"
        "-00:01.000 --> 00:01.000\nnegative\n\n00:75.000 --> 01:20.000\nrange\n"
    )
    assert spoken(captions) == ["negative", "empty", "reversed", "range"]
    assert all(0 <= cue.media[0] < cue.media[1] for cue in captions.cues)
    assert captions.cues[-1].media == (75.0, 80.0)
    assert captions.repairs == {
        "negative_duration": 1,
        "negative_time": 1,
        "time_range": 1,
        "unsorted": 2,
        "zero_length": 1,
    }


def test_an_unreadable_time_keeps_the_words_between_its_neighbours() -> None:
    captions = read(
        "1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\nsoon --> later\nTwo\n\n3\n00:00:09,000 --> 00:00:10,000\nThree\n",
        ".srt",
    )
    assert spoken(captions) == ["One", "Two", "Three"]
    assert 2.0 <= captions.cues[1].media[0] < captions.cues[1].media[1] <= 9.0
    assert captions.repairs == {"broken_time": 1}


def test_overlapping_cues_keep_their_times_and_words() -> None:
    captions = read("WEBVTT\n\n00:01.000 --> 00:09.000\nSIGN\n\n00:02.000 --> 00:03.000\nSpeech.\n")
    assert [cue.media for cue in captions.cues] == [(1.0, 9.0), (2.0, 3.0)]
    assert captions.repairs == {"overlap": 1}


def test_carriage_returns_byte_order_marks_and_double_entities() -> None:
    captions = read("\ufeff\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\n\u200eTom &amp;amp; me\r\r", ".srt")
    assert spoken(captions) == ["Tom & me"]
    assert captions.repairs == {"double_entity": 1}


@pytest.mark.parametrize("seed", range(20))
def test_random_damage_never_crashes_and_keeps_order(seed: int) -> None:
    source = random.Random(seed)
    text = list(AUTOMATIC * 3)
    for _ in range(40):
        place = source.randrange(len(text))
        text[place] = source.choice(["", "\n", ">", "-", ":", "<", "[", "9", "{", "&", "\t", "é"])
    captions = read("".join(text))
    starts = [cue.media[0] for cue in captions.cues]
    assert starts == sorted(starts)
    assert all(cue.text and cue.media[0] < cue.media[1] for cue in captions.cues)


def test_a_transcript_of_thirty_thousand_turns() -> None:
    text = "".join(f"[{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}] Ana: Turn {n}.\n" for n in range(30_000))
    assert len(read(text, ".txt").cues) == 30_000
