"""Propose and judge: from a sentence and its candidate types to triggers and arguments that stand in the sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ekg.model import CharSpan
from extractors.backends.chosen import ChosenEvent
from extractors.events.found import FoundArgument
from extractors.llm import prompts
from extractors.llm.candidates import Candidate
from extractors.llm.client import LlmClient, Message
from extractors.llm.failure import LlmError
from extractors.llm.prompts import Rationale
from extractors.llm.quotes import SentenceView

CONFIDENCE = {"certain": 0.9, "likely": 0.7}
"""Confidence of an event by the model's verdict: a convention, not a calibrated probability."""
_ARGUMENT = 0.7
_LONGEST_TRIGGER = 5
_MOST = 40

Answer = TypeVar("Answer")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Judged:
    """A trigger that the model proposed and upheld."""

    candidate: Candidate
    span: CharSpan
    confidence: float


class Protocol:
    """The requests for one sentence; safe for threads.

    Args:
        client: the endpoint.
        method: what the events say of who proposed them.
    """

    def __init__(self, client: LlmClient, method: str) -> None:
        self._client = client
        self._method = method

    def rationale(self, candidate: Candidate) -> Rationale:
        """When keywords trigger a type; stored, so asked for once a type. Empty where the model gives none.

        Raises:
            LlmError: the endpoint does not answer.
        """
        try:
            answer, _, _ = self._client.ask(
                prompts.ask_rationale(candidate), prompts.RATIONALE_SCHEMA, prompts.Rationale
            )
        except LlmError as failure:
            if failure.code != "llm_nonsense":
                raise
            return Rationale()
        return answer

    def triggers(
        self, view: SentenceView, candidates: Sequence[Candidate], rationales: Mapping[str, Rationale]
    ) -> list[Judged]:
        """Triggers of a sentence, in its order, not overlapping.

        Raises:
            LlmError: no answer, or ``llm_nonsense`` where one repair did not help.
        """
        by_name = {candidate.name: candidate for candidate in candidates}
        proposed = self._repaired(
            prompts.ask_proposals(view.text, candidates, rationales),
            prompts.propose_schema([candidate.name for candidate in candidates]),
            prompts.Proposals,
            lambda answer: _proposed(answer, view, by_name),
        )
        if not proposed:
            return []
        verdicts = self._repaired(
            prompts.ask_judgements(view.text, proposed, rationales),
            prompts.JUDGE_SCHEMA,
            prompts.Judgements,
            lambda answer: _verdicts(answer, len(proposed)),
        )
        order = {name: place for place, name in enumerate(by_name)}
        upheld = [
            Judged(candidate, span, CONFIDENCE[verdict])
            for (candidate, span), verdict in zip(proposed, verdicts, strict=True)
            if verdict in CONFIDENCE
        ]
        upheld.sort(key=lambda judged: (-judged.confidence, order[judged.candidate.name], judged.span))
        kept: list[Judged] = []
        for judged in upheld:
            if all(judged.span[1] <= other.span[0] or other.span[1] <= judged.span[0] for other in kept):
                kept.append(judged)
        return sorted(kept, key=lambda judged: judged.span)

    def events(self, view: SentenceView, judged: Sequence[Judged], arguments: bool) -> list[ChosenEvent]:
        """Events of triggers, with the model's arguments or without any.

        Raises:
            LlmError: as `triggers`.
        """
        asked = [event for event in judged if event.candidate.roles]
        found: dict[int, list[FoundArgument]] = {}
        if arguments and asked:
            found = self._repaired(
                prompts.ask_arguments(view.text, [(event.candidate, event.span) for event in asked]),
                prompts.arguments_schema(sorted({role for event in asked for role in event.candidate.roles})),
                prompts.Arguments,
                lambda answer: _arguments(answer, view, asked),
            )
        events = []
        for event in judged:
            tokens = view.tokens(event.span)
            if tokens is None:
                continue
            number = asked.index(event) if event in asked else -1
            kind = event.candidate.name
            phrases = _apart(found.get(number, ()))
            events.append(ChosenEvent(*tokens, kind, event.confidence, phrases, kind, self._method))
        return events

    def _repaired(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        wanted: type[Answer],
        read: Callable[[Answer], tuple[Result, list[str]]],
    ) -> Result:
        """What ``read`` makes of an answer, or, if it finds problems, of the repaired one."""
        asked = messages
        for last in (False, True):
            try:
                answer, content, _ = self._client.ask(asked, schema, wanted)
                result, problems = read(answer)
            except LlmError as failure:
                if failure.content is None or last:
                    raise
                content, problems = failure.content, [failure.message]
            else:
                if not problems:
                    return result
            if not last:
                asked = prompts.ask_repair(messages, content, problems)
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        raise LlmError("llm_nonsense", f"wrong after one repair: {problems[0]}{more}")


Proposed = list[tuple[Candidate, CharSpan]]


def _proposed(
    answer: prompts.Proposals, view: SentenceView, types: Mapping[str, Candidate]
) -> tuple[Proposed, list[str]]:
    """Proposals with their places, each once, and what is wrong with the answer."""
    found: Proposed = []
    problems = []
    taken: dict[tuple[str, str], int] = {}
    if len(answer.proposals) > _MOST:
        problems.append(f"more than {_MOST} proposals")
    for number, proposal in enumerate(answer.proposals[:_MOST], 1):
        candidate = types.get(proposal.type)
        skip = taken.get((proposal.type, proposal.quote), 0)
        span = view.bare(view.find(proposal.quote, proposal.context, skip))
        tokens = view.tokens(span) if span else None
        if candidate is None:
            problems.append(f"proposal {number}: the type is none of those given")
        elif span is None or tokens is None:
            problems.append(f"proposal {number}: the quote is not in the sentence")
        elif tokens[1] - tokens[0] > _LONGEST_TRIGGER:
            problems.append(f"proposal {number}: the quote is too long for a trigger")
        else:
            taken[proposal.type, proposal.quote] = skip + 1
            if (candidate, span) not in found:
                found.append((candidate, span))
    return found, problems


def _verdicts(answer: prompts.Judgements, count: int) -> tuple[list[str], list[str]]:
    """The verdict on each candidate in order, and what is wrong with the answer."""
    given = {judgement.number: judgement.verdict for judgement in answer.judgements}
    problems = [f"candidate {number}: no judgement" for number in range(1, count + 1) if number not in given]
    problems += [f"there is no candidate {number}" for number in sorted(given) if not 1 <= number <= count]
    problems += [
        f"candidate {number}: the verdict must be certain, likely or no"
        for number, verdict in sorted(given.items())
        if verdict not in {*CONFIDENCE, "no"}
    ]
    if len(given) < len(answer.judgements):
        problems.append("a candidate is judged twice")
    return [given.get(number, "no") for number in range(1, count + 1)], problems


def _arguments(
    answer: prompts.Arguments, view: SentenceView, events: Sequence[Judged]
) -> tuple[dict[int, list[FoundArgument]], list[str]]:
    """Arguments by event, counted from 0, and what is wrong with the answer."""
    found: dict[int, list[FoundArgument]] = {}
    problems = []
    for place, given in enumerate(answer.arguments[: _MOST * 4], 1):
        if not 1 <= given.number <= len(events):
            problems.append(f"argument {place}: there is no event with this number")
            continue
        event = events[given.number - 1]
        span = view.find(given.quote, given.context, near=event.span[0])
        tokens = view.tokens(span) if span else None
        if given.role not in event.candidate.roles:
            problems.append(f"argument {place}: event {given.number} has no such role")
        elif tokens is None:
            problems.append(f"argument {place}: the quote is not in the sentence")
        else:
            found.setdefault(given.number - 1, []).append(FoundArgument(*tokens, given.role, _ARGUMENT))
    return found, problems


def _apart(arguments: Sequence[FoundArgument]) -> tuple[FoundArgument, ...]:
    """Arguments in order of text; of two that overlap, the one that begins first."""
    kept: list[FoundArgument] = []
    for argument in sorted(arguments, key=lambda a: (a.start, -a.end, a.role)):
        if not kept or argument.start >= kept[-1].end:
            kept.append(argument)
    return tuple(kept)
