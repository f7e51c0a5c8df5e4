"""Polarity and modality of the word in brackets."""

from __future__ import annotations

import pytest

from extractors.factuality import factuality
from extractors.nlp import parse


def judged(marked: str) -> tuple[str, str]:
    before, rest = marked.split("[")
    word, after = rest.split("]")
    doc = parse(before + word + after)
    token = next(token for token in doc if token.idx == len(before))
    return factuality(token, [other for other in token.sent if not other.is_space])


@pytest.mark.parametrize(
    "marked",
    [
        "The [attack] may hurt tourism.",
        "The [explosion] did not damage the building.",
        "They did not only [win] but also made money.",
        "He managed to [escape].",
        "The court found him guilty of [murder].",
        "The rebels were forced to [retreat].",
    ],
)
def test_what_happened_is_actual(marked: str) -> None:
    assert judged(marked) == ("positive", "actual")


@pytest.mark.parametrize(
    "marked",
    [
        "No one was [hurt] in the crash.",
        "There was no [explosion].",
        "He could not be [reached] for comment.",
        "Rescue teams were unable to [reach] him.",
        "Police failed to [stop] the attackers.",
        "Troops prevented rebels from [taking] the town.",
        "The army avoided a [war].",
        "He never [returned].",
        "He left without [paying].",
        "Nobody [died].",
        "The group [provided] no evidence.",
    ],
)
def test_what_did_not_happen_is_negative(marked: str) -> None:
    assert judged(marked) == ("negative", "actual")


@pytest.mark.parametrize(
    ("marked", "modality"),
    [
        ("The company plans to [close] the plant.", "planned"),
        ("The firm said it would [move] its headquarters to Delaware.", "planned"),
        ("The government must [pay] the fine.", "planned"),
        ("They will hold an [election] in May.", "planned"),
        ("The two countries agreed to [sign] a treaty.", "planned"),
        ("The attack may [hurt] tourism.", "possible"),
        ("Did the president [resign]?", "possible"),
        ("Fears of an [attack] grew.", "possible"),
        ("It is possible that the plane [crashed].", "possible"),
        ("If the talks [fail], the army will attack.", "hypothetical"),
        ("If the talks fail, the army will [attack].", "hypothetical"),
        ("The strike would have [killed] dozens.", "hypothetical"),
        ("He is accused of [killing] two men.", "reported"),
        ("The alleged [attack] took place on Monday.", "reported"),
        ("The plane [crashed] in Leeds, police said.", "reported"),
        ("According to police, the plane [crashed].", "reported"),
        ("Officials are investigating allegations of [fraud].", "reported"),
    ],
)
def test_modality(marked: str, modality: str) -> None:
    assert judged(marked) == ("positive", modality)


@pytest.mark.parametrize(
    ("marked", "modality"),
    [
        ("The minister denied that he [attacked] the mayor.", "reported"),
        ("They have yet to [decide].", "planned"),
        ("The planned [merger] was cancelled.", "planned"),
    ],
)
def test_denied_and_dropped(marked: str, modality: str) -> None:
    assert judged(marked) == ("negative", modality)


@pytest.mark.parametrize(
    "marked",
    [
        "They will stay in Rome until the storm [ends].",
        "The council said it was vital that North Korea [take] steps.",
    ],
)
def test_what_is_still_to_come_or_called_for_is_planned(marked: str) -> None:
    assert judged(marked) == ("positive", "planned")


@pytest.mark.parametrize(
    "marked", ["They stayed in Rome until the storm [ended].", "He said that the men [take] steps every day."]
)
def test_what_was_or_usually_is_is_not_planned(marked: str) -> None:
    assert judged(marked)[1] != "planned"


def test_a_thing_that_was_not_had_does_not_deny_what_came_next() -> None:
    assert judged("He had no problem and [boarded] the plane.")[0] == "positive"
    assert judged("They could not accept such a [provocation].")[0] == "positive"
    assert judged("A firework [display] is planned.") == ("positive", "planned")
    assert judged("The move has prompted [anger].") == ("positive", "actual")
