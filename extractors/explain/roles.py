"""Where each argument of an event comes from, what else it could have been, and which rules changed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ekg.model import Event
from extractors.events.found import FoundArgument, FoundEvent
from extractors.explain.tagging import Ranked

if TYPE_CHECKING:
    from extractors.sentences import Sentence

_NONE = "-"


def argument_reasons(event: Event, tagged: FoundEvent, sentence: Sentence, roles: Sequence[Ranked]) -> dict[str, Any]:
    """The arguments that were kept, and tagged ones that were not.

    Args:
        event: the final event.
        tagged: what the tagger found.
        sentence: where it stands.
        roles: the likeliest roles of each token.
    """
    kept, used = [], set()
    for argument in event.arguments:
        origin = next((a for a in tagged.arguments if argument.span and _overlaps(a, sentence, argument.span)), None)
        reason: dict[str, Any] = {
            "role": argument.role,
            "text": argument.text,
            "status": argument.status,
            "probability": argument.confidence,
            "runner up": None,
            "rules": [],
        }
        if origin is not None:
            used.add(origin)
            reason["runner up"] = _runner_up(origin, roles)
            reason["rules"] = _rules(argument.text, argument.role, _text(origin, sentence), origin, tagged, event)
        kept.append(reason)
    left = [
        {"role": a.role, "text": _text(a, sentence), "probability": a.confidence, "rule": _why_left(a, event)}
        for a in tagged.arguments
        if a not in used
    ]
    return {"arguments": kept, "left out": left}


def _text(argument: FoundArgument, sentence: Sentence) -> str:
    words = sentence.words[argument.start : argument.end]
    return sentence.text[words[0].idx : words[-1].idx + len(words[-1].text)]


def _overlaps(argument: FoundArgument, sentence: Sentence, span: tuple[int, int]) -> bool:
    words = sentence.words[argument.start : argument.end]
    return words[0].idx < span[1] and span[0] < words[-1].idx + len(words[-1].text)


def _runner_up(argument: FoundArgument, roles: Sequence[Ranked]) -> dict[str, Any] | None:
    """The second likeliest role, on average over the argument's tokens."""
    sums: dict[str, float] = {}
    for ranked in roles[argument.start : argument.end]:
        for name, probability in ranked:
            sums[name] = sums.get(name, 0.0) + probability
    others = sorted((-total, name) for name, total in sums.items() if name != argument.role)
    if not others:
        return None
    name = others[0][1]
    mean = round(-others[0][0] / max(argument.end - argument.start, 1), 4)
    return {"role": None if name == _NONE else name, "probability": mean}


def _rules(
    text: str, role: str, tagged_text: str, origin: FoundArgument, tagged: FoundEvent, event: Event
) -> list[str]:
    rules = []
    if len(text) > len(tagged_text):
        rules.append(f"'{tagged_text}' was completed to the whole phrase")
    elif text != tagged_text:
        rules.append(f"words at the edge of '{tagged_text}' were trimmed")
    if role != origin.role:
        if tagged.type != event.type:
            rules.append(f"{origin.role} is called {role} by the type {event.type}")
        else:
            rules.append(f"{origin.role} became {role}: the verb's voice leaves no doubt")
    return rules


def _why_left(argument: FoundArgument, event: Event) -> str:
    return (
        f"only function words, part of the trigger, used already, or a role ({argument.role}) "
        f"that {event.type} does not have"
    )
