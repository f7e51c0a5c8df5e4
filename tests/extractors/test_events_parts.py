"""Parts of event extraction that need no weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from ekg.errors import DataError, MissingError
from ekg.model import Document, Segment
from ekg.time import find_times
from extractors.boilerplate import boilerplate_spans
from extractors.event_time import dates_events
from extractors.events.batch import make_batch
from extractors.events.decode import best_path, runs
from extractors.events.encoder import EncoderShape
from extractors.events.example import EventSentence, GoldArgument, GoldEvent
from extractors.events.labels import GENERAL_ROLES, Labels
from extractors.events.lexicon import Lexicon
from extractors.events.model import EventModel
from extractors.events.pieces import WordPieces
from extractors.events.stems import stem
from extractors.events.weights import load_model, pack_four_bits, save_model, unpack_four_bits
from extractors.language import english_share
from extractors.names import is_acronym_of, name_key, shown_name
from extractors.ontology import load_keywords, load_ontology
from extractors.ontology.read import read_ontology
from extractors.training.event_scores import argument_scores, trigger_scores
from extractors.training.events_data import as_transcript
from extractors.training.events_init import check_pinned
from extractors.training.readers.ecbplus import read_ecbplus
from extractors.training.readers.geneva import read_geneva

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bomb", "##ed", "kill", "the", "town", "##s", "a", "b", "é"]


def sentence(*tokens: str, events: tuple[GoldEvent, ...] = ()) -> EventSentence:
    return EventSentence("s", tokens, events, "geneva")


def test_stem_joins_inflections_and_keeps_other_words_apart() -> None:
    assert stem("bombed") == stem("bombing") == stem("bombs")
    assert stem("dying") == stem("died") != stem("dye")
    assert stem("stopped") == stem("stop")
    assert stem("produce") != stem("production")


def test_lexicon_needs_half_of_the_occurrences() -> None:
    seen = [
        sentence("they", "fire", "it", events=(GoldEvent(1, 2, "Attack"),)),
        sentence("a", "fire"),
        sentence("fire"),
    ]
    assert Lexicon.build(seen).best("fires") is None
    assert Lexicon.build(seen[:2]).best("fires") == "Attack"
    assert Lexicon.build(seen).best("unknown") is None


def test_lexicon_without_a_sentence_does_not_see_its_labels() -> None:
    first = sentence("bombs", events=(GoldEvent(0, 1, "Attack"),))
    second = sentence("bombs", events=(GoldEvent(0, 1, "Killing"),))
    lexicon = Lexicon.build([first, second])
    assert lexicon.without(first).evidence("bombs")[1] == {"Killing": 1.0}
    assert lexicon.without(second).without(first).evidence("bombs")[1] == {}
    assert Lexicon.from_json(json.loads(json.dumps(lexicon.to_json()))).to_json() == lexicon.to_json()


def test_pieces_fold_case_and_accents_and_survive_the_unknown() -> None:
    pieces = WordPieces(PIECES)
    assert pieces("Bombed") == (4, 5)
    assert pieces("zzz") == (1,)
    assert pieces("") == (1,)
    assert pieces("the-town") == (7, 1, 8)
    assert pieces("b" * 500) == (1,)


def test_padding_does_not_change_a_sentence() -> None:
    torch.manual_seed(1)
    labels = Labels(("Attack",), ("Agent", "Place"), {"Attack": ("Agent", "Place")})
    model = EventModel(EncoderShape(pieces=len(PIECES), layers=1, width=24, heads=2, inner=32), 1, 2).eval()
    pieces, lexicon = WordPieces(PIECES), Lexicon.build([sentence("bombed", events=(GoldEvent(0, 1, "Attack"),))])

    def logits(*texts: list[str]) -> torch.Tensor:
        batch = make_batch(texts, pieces, labels, [lexicon] * len(texts), 256)
        vectors, _, _ = model.encode(batch)
        return model.triggers(model.trigger_states(vectors, batch), batch)[0][0, :2]

    alone = logits(["bombed", "towns"])
    assert torch.allclose(alone, logits(["bombed", "towns"], ["the", "a", "b", "the", "towns"]), atol=1e-5)


def test_best_path_smooths_but_keeps_what_is_sure() -> None:
    likely = torch.tensor([[[0.1, 0.8, 0.1], [0.1, 0.4, 0.5], [0.1, 0.8, 0.1], [0.9, 0.05, 0.05]]]).log()
    assert best_path(likely, switch=0.0).tolist() == [[1, 2, 1, 0]]
    assert best_path(likely, switch=1.0).tolist() == [[1, 1, 1, 0]]
    assert runs([1, 1, 1, 0]) == [(0, 3, 1)]
    assert runs([]) == []


def test_weights_round_trip_and_are_byte_identical(tmp_path: Path) -> None:
    torch.manual_seed(2)
    labels = Labels(("Attack",), GENERAL_ROLES, {"Attack": ("Agent",)})
    model = EventModel(EncoderShape(pieces=len(PIECES), layers=1, width=24, heads=2, inner=32), 1, len(GENERAL_ROLES))
    for name in ("a", "b"):
        save_model(tmp_path / name, model, labels, PIECES, Lexicon.build([sentence("bombs")]))
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)
    loaded, again, pieces, _ = load_model(tmp_path / "a")
    assert again == labels
    assert pieces("é") == WordPieces(PIECES)("é")
    for name, value in model.state_dict().items():
        assert torch.allclose(loaded.state_dict()[name], value, atol=0.4 if "pieces" in name else 0.02), name


def test_four_bits_keep_zero_and_the_largest() -> None:
    matrix = torch.tensor([[0.0, 1.4, -0.7, 0.2]])
    assert torch.allclose(unpack_four_bits(*pack_four_bits(matrix)), torch.tensor([[0.0, 1.4, -0.8, 0.2]]), atol=0.11)


def test_missing_or_damaged_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="ekg train events"):
        load_model(tmp_path)
    labels = Labels(("Attack",), GENERAL_ROLES, {"Attack": ("Agent",)})
    model = EventModel(EncoderShape(pieces=len(PIECES), layers=1, width=24, heads=2, inner=32), 1, len(GENERAL_ROLES))
    save_model(tmp_path, model, labels, PIECES, Lexicon())
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(MissingError, match="cannot be read"):
        load_model(tmp_path)


def test_pinned_files_are_checked(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(DataError, match="not the pinned file"):
        check_pinned(tmp_path)


def test_transcript_moves_triggers_and_arguments() -> None:
    event = GoldEvent(3, 4, "Escaping", (GoldArgument(2, 3, "Escapee"),))
    spoken = as_transcript(sentence("Then", ",", "Reid", "fled", ".", events=(event,)))
    assert spoken.tokens == ("then", "reid", "fled")
    assert spoken.events == (GoldEvent(2, 3, "Escaping", (GoldArgument(1, 2, "Escapee"),)),)


def test_scores_count_wrong_types_and_missing_events() -> None:
    gold = [
        sentence(
            "a", "b", "c", events=(GoldEvent(0, 1, "Attack", (GoldArgument(1, 3, "Place"),)), GoldEvent(2, 3, "Death"))
        )
    ]
    scores = trigger_scores(gold, [[(0, 1, "Killing"), (1, 2, None)]])
    assert (scores["ti"], scores["tc"], scores["recall"]) == (0.5, 0.0, 0.5)
    assert argument_scores(gold, [[(0, 1, "Attack", [(2, 3, "Place"), (1, 2, "Place")])]]) == pytest.approx(0.6667)
    assert argument_scores(gold, [[(0, 1, "Killing", [(1, 3, "Place")])]]) == 0.0


def test_geneva_reader_takes_spans_from_entity_ids_and_retokenises(tmp_path: Path) -> None:
    record = {
        "wnd_id": "w1",
        "tokens": ["Rebels", "can", "not", "bomb", "Derby-East"],
        "event_mentions": [
            {
                "event_type": "Attack",
                "trigger": {"start": 3, "end": 4},
                "arguments": [{"entity_id": "w1_4_5", "role": "Place"}, {"entity_id": "w1_0_1", "role": "Assailant"}],
            }
        ],
    }
    path = tmp_path / "train.json"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")

    def tokenise(text: str) -> list[tuple[str, int]]:
        return [("Rebels", 0), ("can", 7), ("not", 11), ("bomb", 15), ("Derby", 20), ("-", 25), ("East", 26)]

    (read,) = read_geneva(path, tokenise)
    arguments = (GoldArgument(0, 1, "Assailant"), GoldArgument(4, 7, "Place"))
    assert read.events == (GoldEvent(3, 4, "Attack", arguments),)
    path.write_text("{oops", encoding="utf-8")
    with pytest.raises(DataError, match="not JSON"):
        read_geneva(path, tokenise)
    with pytest.raises(DataError, match="cannot be read"):
        read_geneva(tmp_path / "none.json", tokenise)


def test_ecbplus_reader_keeps_validated_sentences_and_actions(tmp_path: Path) -> None:
    (tmp_path / "coreference_sentences.csv").write_text("Topic,File,Sentence Number\n1,1ecb,1\n", encoding="utf-8")
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "1_1ecb.xml").write_text(
        """<Document><token t_id="1" sentence="0" number="0">Skip</token>
        <token t_id="2" sentence="1" number="0">He</token><token t_id="3" sentence="1" number="1">checked</token>
        <token t_id="4" sentence="1" number="2">in</token><Markables>
        <ACTION_OCCURRENCE m_id="1"><token_anchor t_id="3"/><token_anchor t_id="4"/></ACTION_OCCURRENCE>
        <ACTION_OCCURRENCE m_id="9" TAG_DESCRIPTOR="instance"/>
        <HUMAN_PART_PER m_id="2"><token_anchor t_id="2"/></HUMAN_PART_PER></Markables></Document>""",
        encoding="utf-8",
    )
    (read,) = read_ecbplus(tmp_path, [1])
    assert (read.tokens, read.events) == (("He", "checked", "in"), (GoldEvent(1, 3),))
    assert read_ecbplus(tmp_path, [2]) == []


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Storm closes port",
        "Share on Facebook",
        "© 2017 The Derby Post. All rights reserved.",
        "By Jane Smith",
        "We use cookies to improve your visit.",
        "Advertisement",
        "Published: 4 May 2017 10:32",
        "• This article was amended on 4 May 2017. An earlier version said that the mayor had left.",
        "CORRECTION: An earlier version gave another age.",
    ],
)
def test_boilerplate_is_found(line: str) -> None:
    text = f"A bomb went off.\n{line}\nTwo men died."
    assert boilerplate_spans(text) == [(17, 17 + len(line))]


def test_forms_of_a_page_inside_a_paragraph_are_boilerplate() -> None:
    told = "The mayor will go. Please verify you're not a robot by clicking the box. Invalid email address. He spoke."
    assert [told[slice(*span)] for span in boilerplate_spans(told)] == [
        "Please verify you're not a robot by clicking the box.",
        "Invalid email address.",
    ]


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("AP:Associated Press Stocks fell on Friday", "AP:Associated Press "),
        ("EPA The move led to anger", "EPA "),
        ("Getty - Contributor Jessica wore a coat", "Getty - Contributor "),
    ],
)
def test_a_credit_before_a_caption_is_boilerplate(line: str, credit: str) -> None:
    assert [line[slice(*span)] for span in boilerplate_spans(line)] == [credit]


@pytest.mark.parametrize(
    "line",
    [
        "EPA Administrator Jane Smith said no.",
        "Corrections officers were hurt.",
        "Reuters reported the attack.",
        "By Monday the fire had spread to the town.",
        "Share prices fell by a tenth.",
        "Follow the money, the judge said.",
        "Searches ended on Friday.",
        "More than 40 people died.",
        "Police searched the house.",
    ],
)
def test_sentences_are_not_boilerplate(line: str) -> None:
    assert boilerplate_spans(line) == []


def test_language_is_judged_by_function_words_and_not_on_scraps() -> None:
    assert english_share("Bonjour tout le monde") is None
    english = "The mayor said that he would not resign, and the council was told of it on Monday by a friend of his."
    spanish = (
        "El alcalde dijo que no va a dimitir y el ayuntamiento lo supo el lunes por un amigo suyo de la ciudad vieja."
    )
    assert (english_share(english) or 0) > 0.4
    assert (english_share(spanish) or 0) < 0.1


def test_names_fold_titles_aliases_and_possessives() -> None:
    assert name_key("Mr. John Smith") == name_key("John Smith's") == "john smith"
    assert name_key("U.S.") == name_key("United States")
    assert shown_name('"the Derby Post,"', 3) == ((8, 18), "Derby Post")
    assert is_acronym_of(["DPW"], ["Department of Public Works"], "")
    assert not is_acronym_of(["Derby"], ["Department of Public Works"], "")
    assert is_acronym_of(["IOC"], ["Olympic Committee"], "the Olympic Committee (IOC) met")


def test_keywords_need_the_right_part_of_speech() -> None:
    keywords = load_keywords()
    assert keywords.type_of("fire", "NOUN") == "Fire"
    assert keywords.type_of("fire", "VERB") is None
    assert keywords.type_of("Fire", "NOUN", "opening") == "Shooting"
    assert keywords.type_of("earthquakes", "NOUN") == "Earthquake"
    assert keywords.type_of("walked", "VERB") is None


def test_ontology_has_roles_and_definitions_for_every_type() -> None:
    ontology = load_ontology()
    assert len([kind for kind in ontology.values() if kind.source == "geneva"]) == 179
    assert all(kind.definition and kind.name == name for name, kind in ontology.items())
    assert set(ontology["Earthquake"].roles) == {"Affected", "Place", "Time"}
    assert "Assailant" in ontology["Attack"].roles
    for roles in load_keywords().roles.values():
        assert set(roles.values()) <= set(GENERAL_ROLES)


def test_ontology_file_errors_name_the_field(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    own = '{"ontology": "own", "types": {"X": {"definition": "x", "keywords": {"nuon": []}}}}'
    path.write_text(own, encoding="utf-8")
    with pytest.raises(DataError, match="noun"):
        read_ontology(path)


def test_media_index_agrees_with_the_document() -> None:
    segments = (
        Segment(span=(0, 5), media=(1.0, 2.0)),
        Segment(span=(6, 10)),
        Segment(span=(11, 20), media=(2.0, 4.5)),
    )
    document = Document(id="d", text="x" * 30, segments=segments)
    for span in [(0, 3), (4, 12), (5, 6), (6, 9), (11, 12), (20, 25), (0, 30)]:
        hits = [s.media for s in segments if s.media and s.span[0] < span[1] and s.span[1] > span[0]]
        expected = (hits[0][0], max(end for _, end in hits)) if hits else None
        assert document.media_at(*span) == expected, span


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("over the last 15 years", False),
        ("in the past 60 years", False),
        ("in 25 years", False),
        ("every Monday", False),
        ("last year", True),
        ("last week", True),
        ("from 1939 to 1945", True),
        ("in the 1990s", True),
    ],
)
def test_what_can_date_an_event(text: str, dates: bool) -> None:
    found = find_times(f"It rained {text}.", reference="2017-10-04")
    assert any(dates_events(time) for time in found) == dates
