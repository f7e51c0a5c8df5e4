"""The demo's corpus says what its gold files say it says: quotes, calendars, ids, captions."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ekg.model import Document
from extractors.sources import Failure, read_documents

DEMO = Path(__file__).parent.parent / "demo"
GOLD: dict[str, Any] = json.loads((DEMO / "gold.json").read_text("utf-8"))
QUESTIONS: list[dict[str, Any]] = json.loads((DEMO / "questions.json").read_text("utf-8"))["questions"]
DOCUMENTS: dict[str, dict[str, Any]] = {d["id"]: d for d in GOLD["documents"]}
ENTITIES: dict[str, dict[str, Any]] = {e["id"]: e for e in GOLD["entities"]}
EVENTS: dict[str, dict[str, Any]] = {e["id"]: e for e in GOLD["events"]}
EVIDENCE = [(event["id"], item) for event in GOLD["events"] for item in event["evidence"]]

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [date(2024, month, 1).strftime("%B") for month in range(1, 13)]
WRITTEN_DATE = re.compile(
    rf"\b(?P<weekday>{'|'.join(WEEKDAYS)}),? (?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)})(?: (?P<year>\d{{4}}))?"
)
CUE_TIME = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3}) --> (?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})")
# The one cue whose end was put before its start on purpose, so that the demo shows a repair.
BROKEN_CUES = {("vh-v1-rescue-briefing", 67.0)}


class _Paragraphs(HTMLParser):
    """Text of ``h1`` and ``p`` elements."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"h1", "p"}:
            self.open = True
            self.parts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"h1", "p"}:
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.parts[-1] += data


def _seconds(groups: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, millis = (int(g or 0) for g in groups)
    return hours * 3600 + minutes * 60 + seconds + millis / 1000


def _cues(path: Path) -> list[tuple[float, float, list[str]]]:
    cues: list[tuple[float, float, list[str]]] = []
    for block in path.read_text("utf-8").split("\n\n"):
        lines = block.strip("\n").split("\n")
        at = next((i for i, line in enumerate(lines) if CUE_TIME.match(line)), None)
        if at is None:
            continue
        match = CUE_TIME.match(lines[at])
        assert match
        cues.append((_seconds(match.groups()[:4]), _seconds(match.groups()[4:]), lines[at + 1 :]))
    return cues


def _caption_text(path: Path) -> str:
    lines: list[str] = []
    for _, _, cue in _cues(path):
        for line in cue:
            plain = re.sub(r"<[^>]*>", "", line).replace("&amp;", "&").strip()
            if plain and lines[-1:] != [plain]:
                lines.append(plain)
    return " ".join(lines)


def _text(document: dict[str, Any]) -> str:
    path = DEMO / document["file"]
    if path.suffix in {".vtt", ".srt"}:
        text = _caption_text(path)
    elif path.suffix == ".html":
        parser = _Paragraphs()
        parser.feed(path.read_text("utf-8"))
        text = "\n".join(parser.parts)
    elif path.suffix in {".json", ".jsonl"}:
        record = _record(document)
        text = record.get("text") or record["maintext"]
    else:
        text = path.read_text("utf-8")
    return " ".join(text.split())


def _record(document: dict[str, Any]) -> dict[str, Any]:
    path = DEMO / document["file"]
    lines = path.read_text("utf-8").splitlines() if path.suffix == ".jsonl" else [path.read_text("utf-8")]
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return next(r for r in records if r.get("id", path.stem) == document["id"])


TEXTS = {name: _text(document) for name, document in DOCUMENTS.items()}


def _repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_every_file_is_a_listed_document() -> None:
    files = {str(p.relative_to(DEMO)) for o in ("gazette", "herald") for p in (DEMO / o).iterdir()}
    sidecars = {name for name in files if name.endswith(".info.json")}
    assert files - sidecars == {d["file"] for d in GOLD["documents"]}
    videos = [d for d in GOLD["documents"] if d["kind"] == "video"]
    assert sidecars == {f"{d['outlet']}/{d['id']}.info.json" for d in videos}


def test_ids_are_unique() -> None:
    for group in ("documents", "entities", "events", "disagreements"):
        assert not _repeated([item["id"] for item in GOLD[group]])
    assert not _repeated([question["id"] for question in QUESTIONS])
    listed = Counter(d["file"] for d in GOLD["documents"] if d["file"].endswith(".jsonl"))
    for file, count in listed.items():
        assert len((DEMO / file).read_text("utf-8").splitlines()) == count


def test_references_exist() -> None:
    for event in GOLD["events"]:
        assert event["place"] in ENTITIES
        assert all(p["entity"] in ENTITIES for p in event["participants"])
    assert all(d["event"] in EVENTS for d in GOLD["disagreements"])
    assert all(doc in DOCUMENTS for d in GOLD["disagreements"] for v in d["values"] for doc in v["documents"])


def test_articles_have_the_length_of_a_short_newspaper_article() -> None:
    lengths = {name: len(TEXTS[name].split()) for name, d in DOCUMENTS.items() if d["kind"] == "article"}
    assert {name: n for name, n in lengths.items() if not 120 <= n <= 300} == {}


@pytest.mark.parametrize(("event", "item"), EVIDENCE)
def test_quotes_of_events(event: str, item: dict[str, Any]) -> None:
    assert item["quote"] in TEXTS[item["document"]]
    assert item["trigger"] in item["quote"]
    time = item["time"]
    if time:
        assert time["text"] in item["quote"]
        assert date.fromisoformat(time["begin"]) < date.fromisoformat(time["end"])
        for weekday in WEEKDAYS:
            if weekday in time["text"]:
                begin = date.fromisoformat(time["begin"])
                published = date.fromisoformat(DOCUMENTS[item["document"]]["published"])
                assert begin.weekday() == WEEKDAYS.index(weekday)
                assert item["modality"] == "planned" or begin <= published
                bare = not re.search(r"\d|seventh", time["text"])
                assert not bare or abs(published - begin) < timedelta(days=7), "a bare weekday means the last one"


def test_times_of_evidence_agree_with_the_event_unless_it_was_planned() -> None:
    for event, item in EVIDENCE:
        whole = EVENTS[event]["time"]
        if item["time"] and item["modality"] != "planned":
            assert item["time"]["begin"] < whole["end"], (event, item["document"])
            assert item["time"]["end"] > whole["begin"], (event, item["document"])


def test_events_do_not_happen_after_they_were_reported() -> None:
    for event, item in EVIDENCE:
        if item["modality"] == "actual":
            assert EVENTS[event]["time"]["begin"] <= DOCUMENTS[item["document"]]["published"], (event, item["document"])


@pytest.mark.parametrize("disagreement", GOLD["disagreements"], ids=lambda d: d["id"])
def test_quotes_of_disagreements(disagreement: dict[str, Any]) -> None:
    values = [value["value"] for value in disagreement["values"]]
    assert len(set(values)) == len(values) > 1
    assert disagreement["resolved"] is None or disagreement["resolved"] in values
    assert (disagreement["resolved"] is None) == (disagreement["kind"] == "contradiction")
    for value in disagreement["values"]:
        assert any(value["quote"] in TEXTS[doc] for doc in value["documents"])
    if disagreement["kind"] == "contradiction":
        sides = [{DOCUMENTS[doc]["outlet"] for doc in value["documents"]} for value in disagreement["values"]]
        assert sides in ([{"gazette"}, {"herald"}], [{"herald"}, {"gazette"}])


def test_pairs_are_the_documents_of_both_outlets_that_tell_an_event() -> None:
    expected = [
        {"event": event["id"], "gazette": left, "herald": right}
        for event in GOLD["events"]
        for left in sorted({i["document"] for i in event["evidence"] if i["document"].startswith("hg-")})
        for right in sorted({i["document"] for i in event["evidence"] if i["document"].startswith("vh-")})
    ]
    assert expected == GOLD["pairs"]
    assert len({pair["event"] for pair in expected}) >= 12


@pytest.mark.parametrize("name", TEXTS)
def test_written_weekdays_match_the_calendar(name: str) -> None:
    for match in WRITTEN_DATE.finditer(TEXTS[name]):
        year = int(match["year"] or DOCUMENTS[name]["published"][:4])
        day = date(year, MONTHS.index(match["month"]) + 1, int(match["day"]))
        assert WEEKDAYS[day.weekday()] == match["weekday"], match[0]


@pytest.mark.parametrize("entity", GOLD["entities"], ids=lambda e: e["id"])
def test_entities_are_named_somewhere(entity: dict[str, Any]) -> None:
    everything = " ".join(TEXTS.values())
    assert not _repeated([entity["name"], *entity["aliases"]])
    assert [name for name in [entity["name"], *entity["aliases"]] if name not in everything] == []


def test_published_dates_are_those_of_the_files() -> None:
    for name, document in DOCUMENTS.items():
        path = DEMO / document["file"]
        if document["kind"] == "video":
            info = json.loads((DEMO / document["outlet"] / f"{name}.info.json").read_text("utf-8"))
            assert info["upload_date"] == document["published"].replace("-", "")
            assert info["webpage_url"].startswith("https://example.org/")
            assert info["title"]
            assert info["description"]
            assert info["channel"]
        elif path.suffix in {".json", ".jsonl"}:
            record = _record(document)
            assert (record.get("published") or record["date_publish"])[:10] == document["published"]
        elif path.suffix == ".txt":
            day = date.fromisoformat(document["published"])
            assert f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}" in TEXTS[name]
        else:
            assert document["published"] in path.read_text("utf-8")


@pytest.mark.parametrize("name", [name for name, d in DOCUMENTS.items() if d["kind"] == "video"])
def test_captions_are_in_order(name: str) -> None:
    document = DOCUMENTS[name]
    info = json.loads((DEMO / document["outlet"] / f"{name}.info.json").read_text("utf-8"))
    cues = _cues(DEMO / document["file"])
    assert len(cues) >= 18
    broken = {(name, begin) for begin, end, _ in cues if end <= begin}
    assert broken == {cue for cue in BROKEN_CUES if cue[0] == name}
    sound = [cue for cue in cues if (name, cue[0]) not in BROKEN_CUES]
    assert all(left[1] <= right[0] for left, right in pairwise(sound))
    assert [cue[0] for cue in cues] == sorted(cue[0] for cue in cues)
    assert cues[-1][1] <= info["duration"]


def test_captions_show_voices_and_automatic_style() -> None:
    assert "<v Helena Marsh>" in (DEMO / "gazette/hg-v1-bridge-opening.vtt").read_text("utf-8")
    automatic = (DEMO / "gazette/hg-v2-launch.en.vtt").read_text("utf-8")
    assert "<c>" in automatic
    assert re.search("[A-Z.?!]", TEXTS["hg-v2-launch"]) is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["id"])
def test_questions(question: dict[str, Any]) -> None:
    assert question["answerable"] == bool(question["answers"]) == bool(question["evidence"])
    assert question["answerable"] == (question["reason"] is None)
    for item in question["evidence"]:
        assert item["quote"] in TEXTS[item["document"]]
    for answer in question["answers"]:
        if answer["type"] == "date":
            date.fromisoformat(answer["value"])
        elif answer["type"] in {"entity", "place"}:
            known = [{e["name"], *e["aliases"]} for e in GOLD["entities"]]
            assert any({answer["value"], *answer["aliases"]} & names for names in known)


def test_the_demo_asks_eight_questions_of_which_one_has_no_answer() -> None:
    shown = [question for question in QUESTIONS if question["demo"]]
    assert len(shown) == 8
    assert [question["answerable"] for question in shown].count(False) == 1
    assert [question["answerable"] for question in QUESTIONS].count(False) == 2
    kinds = {question["type"] for question in QUESTIONS}
    assert kinds == {"who", "what", "when", "where", "how many", "before", "after", "during", "first", "last", "yes/no"}


def test_what_has_no_answer_is_not_in_the_corpus() -> None:
    everything = " ".join(TEXTS.values())
    assert "Tanaka" not in everything
    arrests = [sentence for sentence in re.split(r"(?<=[.”]) ", everything) if "arrest" in sentence]
    assert arrests
    assert not [sentence for sentence in arrests if "Minton" in sentence]


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    """The corpus as the project's own readers give it, one call per outlet as in the demo."""
    outcomes = [o for outlet in ("gazette", "herald") for o in read_documents([DEMO / outlet])]
    assert [str(o) for o in outcomes if isinstance(o, Failure)] == []
    return {o.id: o for o in outcomes if isinstance(o, Document)}


def test_readers_give_every_document_with_kind_and_date(documents: dict[str, Document]) -> None:
    assert set(documents) == set(DOCUMENTS)
    for name, document in documents.items():
        assert document.kind == DOCUMENTS[name]["kind"]
        assert document.title
        if not DOCUMENTS[name]["file"].endswith(".txt"):
            assert (document.published or "")[:10] == DOCUMENTS[name]["published"]


def test_readers_keep_what_is_quoted_and_drop_what_stands_around_it(documents: dict[str, Document]) -> None:
    for _, item in EVIDENCE:
        assert item["quote"] in " ".join(documents[item["document"]].text.split())
    everything = " ".join(document.text for document in documents.values())
    for boilerplate in ("cookies", "Most read", "Regatta", "Advertisement", "Related", "newsletter", "All rights"):
        assert boilerplate not in everything


def test_readers_repair_captions_and_keep_voices_and_times(documents: dict[str, Document]) -> None:
    bridge = documents["hg-v1-bridge-opening"]
    start = bridge.text.index("cut the ribbon")
    assert bridge.media_at(start, start + 14) == (46.0, 51.4)
    assert bridge.speaker_at(bridge.text.index("Nobody died on this site")) == "Helena Marsh"
    briefing = documents["vh-v1-rescue-briefing"]
    assert briefing.speaker_at(briefing.text.index("singing")) == "Ines Kovar"
    assert any(code == "captions_repaired" for code, _ in briefing.diagnostics)
    launch = " ".join(documents["hg-v2-launch"].text.split())
    assert launch.count("good morning and welcome to cape sorrel") == 1, "rolled-up lines are read once"


@pytest.mark.data
def test_types_and_roles_are_genevas(data: Callable[[str], Path]) -> None:
    ontology = json.loads(data("geneva/event_ontology.json").read_text("utf-8"))
    for event in GOLD["events"]:
        roles = {*ontology[event["type"]]["arguments"], "Participant"}
        assert {p["role"] for p in event["participants"]} <= roles, event["id"]
