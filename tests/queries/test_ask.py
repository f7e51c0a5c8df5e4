"""Answers of every kind, with evidence that can be checked, and every reason for not answering."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from ekg.errors import DataError
from ekg.graph import EventGraph
from ekg.pipeline.build import graph_of
from queries import answer_dict, ask
from tests.queries.conftest import record, told


@pytest.mark.parametrize(
    ("question", "kind", "label"),
    [
        ("When did the porters' strike begin?", "date", "3 March 2031"),
        ("When did the strike in Varn end?", "date", "14 March 2031"),
        ("In which year did Rondo Group buy Kelby Mills?", "interval", "2031"),
        ("How long did the strike last?", "duration", "12 days"),
        ("Who resigned after the strike?", "entity", "Ilo Brandt"),
        ("Who was arrested in March 2031?", "entity", "Teo Marsk"),
        ("who did police arrest", "entity", "Teo Marsk"),
        ("Where was Teo Marsk arrested?", "place", "Oskar Street"),
        ("How many people were injured in the fire?", "number", "14"),
        ("Who bought Kelby Mills?", "entity", "Rondo Group"),
        ("Which company bought Kelby Mills?", "entity", "Rondo Group"),
        ("What did Rondo Group buy?", "entity", "Kelby Mills"),
        ("Did Rondo Group buy Kelby Mills?", "boolean", "yes"),
        ("Who is Ilo Brandt?", "text", "the director of Varn Airport"),
        ("Who is the director of Varn Airport?", "entity", "Ilo Brandt"),
        ("Is Ilo Brandt the director of Varn Airport?", "boolean", "yes"),
        ("How old is Teo Marsk?", "number", "44"),
        ("Why was the parade cancelled?", "text", "heavy rain"),
        ("What happened in Varn on 3 March 2031?", "event", "Porters in Varn went on strike"),
        ("Who visited the mill?", "entity", "Ada Lumen"),
        ("Who resigned or was arrested first, Ilo Brandt or Ada Lumen?", None, None),
    ],
)
def test_answers(graph: EventGraph, question: str, kind: str | None, label: str | None) -> None:
    answer = ask(graph, question)
    if kind is None:
        assert answer.abstained  # only one of the two did, so that there is nothing to put in order
        return
    assert not answer.abstained, answer.reason
    assert (answer.answers[0].type, answer.answers[0].label) == (kind, label)


def test_every_quote_is_the_text_at_its_span(graph: EventGraph) -> None:
    for question in ("Who bought Kelby Mills?", "When did the strike end?", "How many people were killed in the fire?"):
        answer = ask(graph, question)
        assert answer.answers[0].evidence
        for value in answer.answers:
            for evidence in value.evidence:
                assert evidence.span is not None
                assert graph.document(evidence.document).text[slice(*evidence.span)] == evidence.quote
                assert 0 < value.confidence <= 1


def test_evidence_of_a_video_has_its_seconds(graph: EventGraph) -> None:
    evidence = ask(graph, "When did the plane land?").answers[0].evidence[0]
    assert (evidence.document, evidence.media) == ("tape", (4.0, 7.5))


def test_contradicting_sources_are_shown(graph: EventGraph) -> None:
    answer = ask(graph, "How many people were killed in the mill fire?")
    values = {answer.answers[0].value, *(c["value"] for c in answer.conflicts)}
    assert values == {9, 11}
    assert all(c["evidence"][0]["quote"] for c in answer.conflicts)


def test_sparql_returns_the_row_of_the_answer(graph: EventGraph) -> None:
    bought = ask(graph, "Who bought Kelby Mills?")
    assert bought.answers[0].value in {row["answer"] for row in graph.rows(bought.sparql)}
    assert bought.answers[0].evidence[0].statement
    arrested = ask(graph, "When was Teo Marsk arrested?")
    rows = graph.rows(arrested.sparql)
    assert any(str(row["begin"]).startswith("2031-03-14") for row in rows), rows
    where = ask(graph, "Where was Teo Marsk arrested?")
    assert where.answers[0].value in {row["answer"] for row in graph.rows(where.sparql)}


def test_sparql_runs_also_without_an_answer(graph: EventGraph) -> None:
    for question in ("When did Ada Lumen marry Ilo Brandt?", 'Who ate "the moon"?', "Who attacked Zed Quill?"):
        answer = ask(graph, question)
        assert answer.abstained
        if answer.sparql:
            result = graph.query(answer.sparql)
            assert isinstance(result, ox.QuerySolutions)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("When did Zed Quill visit Varn?", "no_entity"),
        ("When did Lia Quill buy the mill?", "no_entity"),
        ("When did Ada Lumen marry Ilo Brandt?", "no_relation"),
        ("When was Ada Lumen arrested?", "no_relation"),
        ("Who was arrested in 1999?", "time_out_of_range"),
        ("When did the mill burn before 2019?", "time_out_of_range"),
        ("When was the parade held?", "false_premise"),
        ("What is the colour of happiness?", "no_evidence"),
        ("What happened yesterday?", "not_understood"),
        ("", "not_understood"),
        ("   ?", "not_understood"),
        ("strike", "not_understood"),
        ("Porters strike Varn", "not_understood"),
    ],
)
def test_abstains(graph: EventGraph, question: str, reason: str) -> None:
    answer = ask(graph, question)
    assert answer.abstained
    assert answer.answers == ()
    assert answer.reason == reason


def test_who_did_what_to_whom_is_not_turned_round(graph: EventGraph) -> None:
    assert ask(graph, "Did Kelby Mills buy Rondo Group?").abstained
    assert all(v.label != "Kelby Mills" for v in ask(graph, "Who bought Rondo Group?").answers)


def test_as_of_hides_what_was_published_later(graph: EventGraph) -> None:
    question = "Who bought Kelby Mills?"
    assert not ask(graph, question, as_of="2031-06-11").abstained
    assert ask(graph, question, as_of="2031-06-10").abstained
    killed = "How many people were killed in the mill fire?"
    assert ask(graph, killed, as_of="2031-05-04").answers[0].value == 9
    assert ask(graph, killed, as_of="2031-05-04").conflicts == ()


def test_relative_times_need_asked_at(graph: EventGraph) -> None:
    question = "Who was arrested last week?"
    assert ask(graph, question).reason == "not_understood"
    assert ask(graph, question, asked_at="2031-03-20").answers[0].label == "Teo Marsk"
    assert ask(graph, question, asked_at="2031-06-20").reason == "time_out_of_range"


def test_bad_dates_are_named(graph: EventGraph) -> None:
    with pytest.raises(DataError, match="as_of"):
        ask(graph, "Who bought Kelby Mills?", as_of="soon")
    with pytest.raises(DataError, match="asked_at"):
        ask(graph, "Who bought Kelby Mills?", asked_at="2031-13-01")


def test_json_has_all_keys_also_when_abstaining(graph: EventGraph) -> None:
    keys = ["question", "abstained", "reason", "confidence", "answers", "conflicts", "sparql", "frame", "elapsed_ms"]
    for question in ("Who bought Kelby Mills?", "Who attacked Zed Quill?", ""):
        found = json.loads(json.dumps(answer_dict(ask(graph, question))))
        assert list(found) == keys
        assert found["abstained"] == (found["reason"] is not None) == (found["answers"] == [])
    value = answer_dict(ask(graph, "Who bought Kelby Mills?"))["answers"][0]
    assert list(value) == ["value", "label", "type", "confidence", "valid", "evidence"]
    assert value["valid"] == {"begin": "2031-06-09", "end": "2031-06-10"}


def test_same_question_same_bytes(graph: EventGraph) -> None:
    for question in ("Who bought Kelby Mills?", "What happened in Varn in March 2031?", "Who attacked Zed Quill?"):
        first, second = (json.dumps(answer_dict(ask(graph, question, timing=False))) for _ in range(2))
        assert first == second


def test_explain_shows_the_steps(graph: EventGraph) -> None:
    frame = ask(graph, "Who bought Kelby Mills?", explain=True).frame
    assert frame["kind"] == "who"
    assert frame["explain"]["candidates"][0]["label"] == "Rondo Group"
    assert "explain" not in ask(graph, "Who bought Kelby Mills?").frame


def test_other_graphs_are_asked_too(graph: EventGraph) -> None:
    from ekg.graph import open_graph

    with open_graph("memory:") as empty:
        assert ask(empty, "Who bought Kelby Mills?").reason == "no_entity"
        assert ask(empty, "Who bought Kelby Mills?", others=[graph]).answers[0].label == "Rondo Group"


def test_hostile_questions_do_no_harm(graph: EventGraph) -> None:
    for question in (
        'Who said "} DROP ALL #"?',
        "Who' OR 1=1 --",
        "Wer hat Kelby Mills gekauft?",
        "?" * 500,
        "who " * 300,
    ):
        answer = ask(graph, question)
        assert answer.abstained or answer.answers[0].evidence
        if answer.sparql:
            graph.query(answer.sparql)


def test_one_of_many_is_no_count_and_no_others_are_no_denial() -> None:
    text = (
        "No guards were released in exchange for the hostages, the army said. Twelve hostages were released in Varn on "
        "Monday. Max Thorn was one of the hostages who died in Varn."
    )
    told_events = [
        told("Releasing", "released", {}, None, None, "negative"),
        told("Death", "died", {}),
    ]
    document = record("hostages", text, "2031-03-04", {"Varn": "place", "Max Thorn": "person"}, told_events)
    with graph_of([document]) as graph:
        assert ask(graph, "How many hostages were released in Varn?").answers[0].value == 12
        assert all(answer.value != 1 for answer in ask(graph, "How many hostages died in Varn?").answers)


def test_a_caption_that_runs_into_its_sentence_is_no_answer() -> None:
    text = "Varn Images The Norlander retired from the council on 4 March 2031."
    document = record(
        "caption", text, "2031-03-05", {"Varn Images": "organization"}, [told("Resignation", "retired", {})]
    )
    with graph_of([document]) as graph:
        labels = [answer.label for answer in ask(graph, "Who retired from the council?").answers]
    assert labels == ["The Norlander"]
