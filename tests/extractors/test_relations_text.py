"""Relations that words state, on parsed sentences; the model of causal links; the whole of `extract`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from ekg.errors import DataError, MissingError
from ekg.model import Document, Event, Trigger
from extractors import extract
from extractors.config import ExtractConfig
from extractors.nlp import parse
from extractors.relations.cues import CueReader
from extractors.relations.find import find_relations
from extractors.relations.forest import Forest, Linear
from extractors.relations.model import CausalModel, load_causal
from extractors.relations.occurrence import occurrences
from extractors.relations.rates import LinkRates
from extractors.relations.thresholds import RelationThresholds
from extractors.training.readers.eventstoryline import expanded, parse_storyline, read_storylines


def stated(text: str, *triggers: str) -> list[tuple[str, str, str]]:
    doc = parse(text)
    spans = [(word, (text.index(word), text.index(word) + len(word))) for word in triggers]
    return [(s.kind, s.source.id, s.target.id) for s in CueReader(doc, occurrences(doc, spans)).read()]


@pytest.mark.parametrize(
    ("text", "triggers", "expected"),
    [
        ("He died after the attack.", ("died", "attack"), ("before", "attack", "died")),
        ("After the attack, police closed the bridge.", ("attack", "closed"), ("before", "attack", "closed")),
        ("She resigned before the election.", ("resigned", "election"), ("before", "resigned", "election")),
        ("The mill closed because of the flood.", ("closed", "flood"), ("cause", "flood", "closed")),
        ("The crash was caused by the storm.", ("crash", "storm"), ("cause", "storm", "crash")),
        ("The storm caused a crash on the bridge.", ("storm", "crash"), ("cause", "storm", "crash")),
        ("The strike led to the closure of the port.", ("strike", "closure"), ("cause", "strike", "closure")),
        ("Ann Lee was arrested for stealing a car.", ("arrested", "stealing"), ("cause", "stealing", "arrested")),
        ("Two men fought during the wedding.", ("fought", "wedding"), ("during", "fought", "wedding")),
        (
            "Rebels attacked the base in retaliation for the raid.",
            ("attacked", "retaliation", "raid"),
            ("cause", "raid", "attacked"),
        ),
        ("Trains stopped due to the flood.", ("stopped", "flood"), ("cause", "flood", "stopped")),
    ],
)
def test_stated_relations(text: str, triggers: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    assert stated(text, *triggers) == [expected]


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        ("The emergency was due to end on Friday.", ("emergency", "end")),
        ("He won and she lost.", ("won", "lost")),
        ("After years of work, the bridge opened.", ("opened",)),
        ("Officials said staff helped during the fire.", ("said", "fire")),
    ],
)
def test_words_that_state_nothing(text: str, triggers: tuple[str, ...]) -> None:
    assert stated(text, *triggers) == []


NEWS = (
    "A gunman killed two people in an attack on a market in Oslo on Monday.\n\n"
    "Police arrested a man after the attack. The market was closed because of the shooting."
)


def test_extract_reports_relations_with_words_spans_and_methods() -> None:
    record = extract(Document(id="d", text=NEWS, published="2024-06-05"))
    ids = {event.id for event in record.events}
    assert record.relations
    for relation in record.relations:
        assert relation.source in ids
        assert relation.target in ids
        assert relation.method in {"interval", "text", "type", "learned"}
        assert 0 < relation.confidence <= 1
        if relation.span is not None:
            assert NEWS[slice(*relation.span)].lower() == relation.cue
    words = {event.id: event.trigger.text for event in record.events}
    found = {(r.kind, words[r.source], words[r.target]) for r in record.relations}
    assert ("before", "attack", "arrested") in found
    assert record == extract(Document(id="d", text=NEWS, published="2024-06-05"))


def test_thresholds_switch_kinds_off() -> None:
    nothing = RelationThresholds(temporal=2, stated=2, learned=2, part=2)
    record = extract(Document(id="d", text=NEWS, published="2024-06-05"), ExtractConfig(relations=nothing))
    assert {relation.method for relation in record.relations} <= {"interval"}


def plain(name: str, text: str, **more: str) -> Event:
    start = text.index(name)
    return Event(
        id=name,
        type="Event",
        trigger=Trigger(text=name, span=(start, start + len(name))),
        lemma=name,
        **more,  # type: ignore[arg-type]  # literals by keyword
    )


def test_denied_and_supposed_events_take_no_part() -> None:
    text = "He did not resign after the attack. He would leave because of the flood."
    doc = parse(text)
    events = [
        plain("resign", text, polarity="negative"),
        plain("attack", text),
        plain("leave", text, modality="hypothetical"),
        plain("flood", text),
    ]
    assert find_relations(doc, events) == ((), [])


def test_no_events_and_no_text_give_nothing() -> None:
    assert find_relations(parse(""), []) == ((), [])


# -- the model ---------------------------------------------------------------------------------------------------------


def test_model_scores_pairs_as_probabilities_and_alone_as_together() -> None:
    text = "A storm flooded the town. Two people died. Police searched houses. The mayor spoke. A match was won."
    doc = parse(text)
    words = ("flooded", "died", "searched", "spoke", "won")
    events = occurrences(doc, [(word, (text.index(word), text.index(word) + len(word))) for word in words])
    model = load_causal()
    scored = model.score(doc, events)
    assert len(scored.left) == 9, "the first and the last event are four sentences apart"
    assert ((scored.linked >= 0) & (scored.linked <= 1)).all()
    rows = model.features(doc, events).rows
    assert [float(model.linked(row[None])[0]) for row in rows] == scored.linked.tolist()
    assert model.score(doc, events[:1]).left.tolist() == []


def test_model_survives_writing_and_refuses_other_features(tmp_path: Path) -> None:
    model = load_causal()
    model.write(tmp_path)
    again = CausalModel.read(tmp_path)
    text = "He fell and died."
    doc = parse(text)
    events = occurrences(doc, [("fell", (3, 7)), ("died", (12, 16))])
    assert again.score(doc, events).linked.tolist() == model.score(doc, events).linked.tolist()
    described = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    described["columns"][0] = "other"
    (tmp_path / "model.json").write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(MissingError, match="other features"):
        CausalModel.read(tmp_path).score(doc, events)
    with pytest.raises(MissingError, match="ekg train relations"):
        CausalModel.read(tmp_path / "absent")


def test_forest_and_linear_by_hand() -> None:
    tree = Forest(
        feature=np.asarray([[0, -1, -1]], dtype=np.int32),
        threshold=np.asarray([[1.5, 0, 0]], dtype=np.float32),
        left=np.asarray([[1, 0, 0]], dtype=np.int32),
        right=np.asarray([[2, 0, 0]], dtype=np.int32),
        value=np.asarray([[0, -2, 2]], dtype=np.float32),
        base=0.0,
        depth=1,
    )
    rows = np.asarray([[1.5], [1.6]], dtype=np.float32)
    assert tree.probability(rows).round(4).tolist() == [0.1192, 0.8808]
    line = Linear(np.zeros(1, np.float32), np.ones(1, np.float32), np.asarray([2], np.float32), -1.0)
    assert line.probability(np.asarray([[0.5], [9]], dtype=np.float32)).round(4).tolist() == [0.5, 0.9999]


def test_link_rates_are_smoothed_counted_back_and_stored() -> None:
    rates = LinkRates()
    own = [(("attack", "a"), ("die", "b"), True), (("attack", "a"), ("say", "c"), False)]
    rates.add(own * 5)
    assert rates.lemmas("die", "attack") > rates.lemmas("attack", "say")
    assert rates.lemmas("attack", "die") < 1
    assert rates.lemmas("never", "seen") == pytest.approx(rates.all)
    assert LinkRates.from_json(json.loads(json.dumps(rates.to_json()))).lemmas("attack", "die") == rates.lemmas(
        "attack", "die"
    )
    rates.add(own * 5, -1)
    assert rates.all == pytest.approx(0.1)


# -- the corpus reader -------------------------------------------------------------------------------------------------

STORY = b"""<Document><token t_id="1" sentence="0">Rain</token><token t_id="2" sentence="0">flooded</token>
<token t_id="3" sentence="1">Homes</token><token t_id="4" sentence="1">sank</token>
<Markables><ACTION_OCCURRENCE m_id="7"><token_anchor t_id="2"/></ACTION_OCCURRENCE>
<NEG_ACTION_STATE m_id="8"><token_anchor t_id="4"/></NEG_ACTION_STATE>
<ACTION_OCCURRENCE m_id="9"/><LOC_GEO m_id="5"><token_anchor t_id="3"/></LOC_GEO></Markables>
<Relations><PLOT_LINK relType="FALLING_ACTION"><source m_id="8"/><target m_id="7"/></PLOT_LINK>
<PLOT_LINK><source m_id="8"/><target m_id="7"/></PLOT_LINK>
<PLOT_LINK relType="PRECONDITION"><source m_id="7"/><target m_id="5"/></PLOT_LINK></Relations></Document>"""


def test_reader_lays_out_text_and_keeps_links_between_events() -> None:
    story = parse_storyline(STORY, 3, "3_1ecb")
    assert story.text == "Rain flooded\nHomes sank"
    assert story.breaks == (0, 13)
    assert [(e.id, story.text[slice(*e.span)], e.sentence, e.kind) for e in story.events] == [
        ("7", "flooded", 0, "OCCURRENCE"),
        ("8", "sank", 1, "STATE"),
    ]
    assert [(link.source, link.target, link.kind) for link in story.plot] == [("8", "7", "falling_action")]
    assert story.causal_pairs() == {("7", "8")}
    assert expanded(story, {}) == {("7", "8")}
    assert expanded(story, {"7": "x", "8": "x"}) == {("7", "8")}


def test_reader_names_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not XML"):
        parse_storyline(b"<a>", 1, "1_1ecb")
    with pytest.raises(DataError, match="token 4"):
        parse_storyline(STORY.replace(b'<token t_id="4" sentence="1">sank</token>', b""), 3, "3_1ecb")
    with pytest.raises(DataError, match="cannot be read"):
        read_storylines(tmp_path)
    (tmp_path / "eventstoryline.tar.gz").write_bytes(b"no archive")
    with pytest.raises(DataError, match="cannot be read"):
        read_storylines(tmp_path)


@pytest.mark.data
def test_the_archive_is_the_corpus_that_the_figures_are_of() -> None:
    data = Path(os.environ.get("EKG_DATA", "../shared/data"))
    if not (data / "eventstoryline.tar.gz").exists():
        pytest.skip("no corpora")
    stories = read_storylines(data, range(31, 36))
    assert [len(stories), sum(len(s.events) for s in stories), sum(len(s.causal_pairs()) for s in stories)] == [
        33,
        957,
        398,
    ]
    assert all(s.text[slice(*e.span)].strip() for s in stories for e in s.events)
