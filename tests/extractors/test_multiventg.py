"""MultiVENT-G's format: what is read, what is reported, what it becomes, and how predictions are scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ekg.bench.multiventg import run as run_bench
from ekg.cli.main import app
from ekg.errors import DataError
from ekg.graph import open_graph
from ekg.model import Argument, DocumentInfo, Event, EventTime, Extraction, Place, Trigger
from ekg.pipeline.build import graph_of
from ekg.pipeline.multiventg import import_multiventg
from ekg.pipeline.verify import verify
from extractors.multiventg import Box, Moment, Passage, Video, predict, read_multiventg, to_record
from extractors.multiventg.metrics import iou_boxes, iou_spans, tally, text_groups, time_groups, without_role
from extractors.multiventg.predict import question_of

TEXT = "Floods hit Norrby on Monday. Volunteers carried sandbags to the bridge."


def record(**changes: Any) -> dict[str, Any]:
    """A record in the published layout, invented."""
    return {
        "description": TEXT,
        "event_type": "Natural disaster",
        "template": {
            "what": "the disaster",
            "where": "its place",
            "when": "its date",
            "who": "who helps",
            "outcome": "",
        },
        "metadata": {"language": "english", "fps": 25},
        "text": [
            {"role": "what", "text": "Floods", "index": [0, 6]},
            {"role": "where", "text": "Norrby", "index": [11, 17]},
        ],
        "temporal": [{"role": "what", "time": [2.0, 8.5]}, {"role": "who", "time": ["0:05", "0:12.5"]}],
        "spatial": [
            {
                "role": "who",
                "entity": "a man with a sandbag",
                "frame": 58,
                "bbox": [10, 20, 30, 60],
                "certainty": 5,
                "ocr_flag": False,
            },
            {
                "role": "where",
                "entity": "a sign 'NORRBY'",
                "frame": 58,
                "bbox": [70, 90, 60, 80],
                "certainty": 3,
                "ocr_flag": True,
            },
        ],
        **changes,
    }


def write(tmp_path: Path, data: object) -> Path:
    path = tmp_path / "g.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_record_is_read_as_published(tmp_path: Path) -> None:
    found = read_multiventg(write(tmp_path, {"abc": record()}))
    assert found.problems == ()
    (video,) = found.videos
    assert (video.id, video.event_type, video.description) == ("abc", "Natural disaster", TEXT)
    assert video.metadata == {"language": "english", "fps": "25"}
    assert video.passages[1] == Passage(role="where", text="Norrby", span=(11, 17))
    assert video.moments == (Moment(role="what", media=(2.0, 8.5)), Moment(role="who", media=(5.0, 12.5)))
    assert video.boxes[0].certainty == 5.0
    assert video.boxes[1] == Box(
        role="where", entity="a sign 'NORRBY'", frame=58, corners=(60, 80, 70, 90), certainty=3, ocr=True
    )
    assert video.roles() == ("what", "where", "when", "who", "outcome")


@pytest.mark.parametrize(
    ("index", "words", "span"),
    [
        ([11, 16], "Norrby", (11, 17)),  # an end that is included
        ([12, 18], "Norrby", (11, 17)),  # shifted
        (None, "Norrby", (11, 17)),
        ([11, 17], None, (11, 17)),
    ],
)
def test_spans_are_mended(tmp_path: Path, index: object, words: object, span: tuple[int, int]) -> None:
    item = {"role": "where", "text": words, "index": index}
    found = read_multiventg(write(tmp_path, {"abc": record(text=[item])}))
    assert found.videos[0].passages == (Passage(role="where", text="Norrby", span=span),)
    assert found.problems == ()


def test_a_bad_item_costs_itself_and_is_named(tmp_path: Path) -> None:
    bad = record(
        text=[{"text": "Floods"}, {"role": "what", "text": "fire", "index": [0, 4]}, "words"],
        temporal={"role": "what", "time": [9, 2]},
        spatial=[
            {"role": "who", "frame": 1, "bbox": [1, 2, 3]},
            {"role": "who", "frame": -1, "bbox": [1, 2, 3, 4]},
            {"role": "who", "frame": 7, "bbox": [1, 2, 3, float("nan")]},
            {"role": "who", "frame": 7, "bbox": ["1", 2, 3, 4]},
        ],
    )
    found = read_multiventg(write(tmp_path, {"abc": bad, "no": [1], "empty": {}}))
    assert [video.id for video in found.videos] == ["abc", "empty"]
    assert [where for where, _ in found.problems] == [
        "abc.text[0].role",
        "abc.text[1].text",
        "abc.text[2]",
        "abc.temporal[0].time",
        "abc.spatial[0].bbox",
        "abc.spatial[1].frame",
        "abc.spatial[2].bbox",
        "no",
    ]
    assert found.videos[0].passages == (Passage(role="what", text="fire", span=None),)
    assert len(found.videos[0].boxes) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "g.json:1:2: not JSON"),
        ("3", "must be an object with a record a video, not a number"),
        ("{}", "holds no record"),
        ('{"abc": 3}', "abc: a record must be an object, not a number"),
        ("\xff", "not UTF-8"),
    ],
)
def test_unusable_files(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "g.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DataError, match=message):
        read_multiventg(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_multiventg(tmp_path / "none.json")


def test_a_list_of_records_and_a_repeated_video(tmp_path: Path) -> None:
    data = [{"video_id": "a", **record()}, {"video_id": "a"}, {"id": "b"}]
    found = read_multiventg(write(tmp_path, data))
    assert [video.id for video in found.videos] == ["a", "b"]
    assert found.problems == (("a", "a second record of this video; left out"),)


def test_a_record_becomes_one_event_with_statuses(tmp_path: Path) -> None:
    (video,) = read_multiventg(write(tmp_path, {"abc": record()})).videos
    document, extraction = to_record(video)
    (event,) = extraction.events
    assert (document.kind, document.text, document.duration) == ("video", TEXT, 12.5)
    assert (event.type, event.trigger.text, event.media) == ("Natural_disaster", "Floods", (2.0, 12.5))
    assert [(a.role, a.status, a.span) for a in event.arguments] == [
        ("what", "observed", (0, 6)),
        ("where", "observed", (11, 17)),
        ("who", "partial", None),
        ("who", "partial", None),
    ]
    assert event.missing == ("when", "outcome")
    graph = graph_of([(document, extraction)])
    assert [e.label for e in graph.events(type="Natural_disaster")] == ["Floods hit Norrby"]


def test_a_video_without_words_has_an_event_too() -> None:
    document, extraction = to_record(Video(id="v", template={"what": ""}))
    assert document.text == ""
    assert extraction.events[0].type == "Event"
    assert extraction.events[0].missing == ("what",)
    assert len(graph_of([(document, extraction)])) == 1


def test_annotations_become_a_graph_on_disk(tmp_path: Path) -> None:
    path = write(tmp_path, {"abc": record(), "bad": 3})
    result = CliRunner().invoke(app, ["import", str(tmp_path / "kg"), str(path)])
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{path}: 1 videos\n"
    assert "bad: a record must be an object" in result.stderr
    assert verify(tmp_path / "kg") == []
    write(tmp_path, {"abc": record(description="Floods hit Lund.", text=[])})
    assert import_multiventg(tmp_path / "kg", [path]).counts["documents"] == 1
    with open_graph(tmp_path / "kg") as graph:
        (event,) = graph.events()
        assert (event.type, event.label) == ("Natural_disaster", "Floods hit Lund.")
        assert [m.media for m in event.mentions] == [(2.0, 12.5)]
    mixed = CliRunner().invoke(app, ["import", str(tmp_path / "kg"), str(path), "x.nt"])
    assert mixed.exit_code == 2


def test_the_benchmark_scores_predictions_beside_floors(tmp_path: Path) -> None:
    gold = write(tmp_path, {"abc": record()})
    same = run_bench(tmp_path, gold=gold, pred=gold)
    assert same["text"]["role and span"] == {"exact F1": 1.0, "overlap F1": 1.0, "soft F1": 1.0}
    assert same["temporal"]["role and span"]["mean IoU"] == 1.0
    assert same["spatial"]["by role"]["who"]["R@1 at IoU 0.7"] == 1.0
    assert 0 < same["text"]["floor, all of it"]["soft F1"] < 1
    assert 0 < same["temporal"]["floor, all of it"]["mean IoU"] < 1
    assert same["spatial"]["floor, all of it"]["mean IoU"] < 0.1
    (tmp_path / "pred").mkdir()
    swapped = {"text": [{"role": "when", "text": "Floods"}], "temporal": [{"role": "what", "time": [0, 8.5]}]}
    pred = write(tmp_path / "pred", {"abc": swapped, "other": {}})
    result = CliRunner().invoke(app, ["bench", "multiventg", "--gold", str(gold), "--pred", str(pred), "--json"])
    found = json.loads(result.stdout)["results"]
    assert found["text"]["role and span"]["exact F1"] == 0.0
    assert found["text"]["span, any role"]["exact F1"] == 0.6667
    assert found["temporal"]["by role"]["what"]["mean IoU"] == 0.7647
    assert found["temporal"]["by role"]["who"]["mean IoU"] == 0.0
    sure = run_bench(tmp_path, gold=gold, pred=pred, certainty=4)
    assert (same["spatial"]["spans"], sure["spatial"]["spans"]) == (2, 1)
    with pytest.raises(DataError, match="none of the annotated videos"):
        run_bench(tmp_path, gold=gold, pred=write(tmp_path / "pred", {"other": {}}))


def test_overlap_and_matching() -> None:
    assert iou_spans((0, 4), (4, 8)) == 0.0
    assert iou_spans((3, 3), (3, 3)) == 1.0
    assert iou_boxes((0, 0, 1, 1), (2, 2, 3, 3)) == 0.0
    # The second prediction fits the only annotation better, so the first one stays without a partner.
    counts = tally({("v", "r"): [(0, 10)]}, {("v", "r"): [(0, 5), (0, 9)]}, iou_spans)
    assert (counts.gold, counts.found, counts.pairs) == (1, 2, [0.9])
    assert counts.f1(0.5) == 0.6667
    assert counts.soft() == 0.6
    assert counts.mean() == 0.9
    assert (counts.recall_at_1(0.5), counts.recall_at_1(0.7)) == (1.0, 0.0)
    empty = tally({}, {}, iou_spans)
    assert (empty.f1(0.5), empty.mean(), empty.recall_at_1(0.5)) == (0.0, 0.0, 0.0)


def test_roles_separate_spans_and_doubles_count_once() -> None:
    moment = Moment(role="who", media=(0, 5))
    gold = [Video(id="v", moments=(moment, moment))]
    other = [Video(id="v", moments=(Moment(role="what", media=(0, 5)),))]
    assert tally(time_groups(gold), time_groups(other), iou_spans).f1(0.5) == 0.0
    same = tally(without_role(time_groups(gold)), without_role(time_groups(other)), iou_spans)
    assert same.f1(0.5) == 1.0


@pytest.mark.parametrize(
    ("role", "meaning", "question"),
    [
        ("Location", "", "where"),
        ("who_was_affected", "", "who"),
        ("emergency_response", "who responded", "who"),
        ("xyz", "", None),
    ],
)
def test_questions_behind_fields(role: str, meaning: str, question: str | None) -> None:
    assert question_of(role, meaning) == question


def test_our_events_fill_the_template() -> None:
    def at(part: str) -> tuple[int, int]:
        return TEXT.index(part), TEXT.index(part) + len(part)

    event = Event(
        id="ev_1",
        type="Event",
        trigger=Trigger(text="hit", span=at("hit")),
        lemma="hit",
        arguments=(
            Argument(role="Agent", text="Floods", span=at("Floods")),
            Argument(role="Theme", text="it", span=at("it"), status="partial"),
        ),
        time=EventTime(begin="2024-04-08", end="2024-04-09", granularity="day", text="on Monday", span=at("on Monday")),
        place=Place(entity=None, text="Norrby", span=at("Norrby")),
    )
    info = DocumentInfo(id="v", kind="video", title=None, published=None, lang=None, length=len(TEXT))
    template = {"who": "", "whom": "", "what": "", "when": "", "where": "", "why": "", "magnitude": ""}
    video = Video(id="v", description=TEXT, template=template)
    filled = predict(video, Extraction(document=info, events=(event,)))
    assert {p.role: p.text for p in filled.passages} == {
        "who": "Floods",
        "what": "hit",
        "when": "on Monday",
        "where": "Norrby",
    }
    assert text_groups([filled])["v", "where"] == [at("Norrby")]
