"""The events of a document's sentences from the endpoint, with the offline extractor behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ekg.model import Diagnostic
from extractors.backends.choice import LlmChoice
from extractors.backends.chosen import ChosenEvent, with_arguments
from extractors.events.labels import PLAIN
from extractors.llm.candidates import Candidate, TypeIndex
from extractors.llm.client import LlmClient
from extractors.llm.failure import LlmError
from extractors.llm.prompts import Rationale
from extractors.llm.protocol import Judged, Protocol
from extractors.llm.quotes import SentenceView

if TYPE_CHECKING:
    from extractors.events.found import FoundEvent
    from extractors.events.tagger import EventTagger
    from extractors.sentences import Sentence

MAX_CHARACTERS = 2000
"""Longer sentences are not sent: they are tables, lists or a text without punctuation."""


@dataclass(slots=True)
class _Outcome:
    """What became of a sentence; ``events`` is None where the offline extractor's are taken."""

    events: list[ChosenEvent] | None = None
    own_arguments: bool = False
    failures: list[LlmError] = field(default_factory=list)


class LlmDetector:
    """The endpoint as an event extractor.

    Args:
        choice: the endpoint.
        tagger: our event tagger: its lexicon retrieves candidate types, its argument head fills in.
        bias: see `Thresholds.role_bias`.
        client: replaces the endpoint in tests.

    Raises:
        ConfigError: the cache or the key cannot be used.
    """

    def __init__(self, choice: LlmChoice, tagger: EventTagger, bias: float, client: LlmClient | None = None) -> None:
        from extractors.ontology import load_keywords, load_ontology

        self._choice = choice
        self._tagger = tagger
        self._bias = bias
        self._protocol = Protocol(client or LlmClient(choice), f"llm:{choice.model}")
        self._index = TypeIndex(load_ontology(), load_keywords(), tagger.lexicon)

    def events(
        self, sentences: Sequence[Sentence], offline: Sequence[Sequence[FoundEvent]], notes: list[Diagnostic]
    ) -> Sequence[Sequence[FoundEvent]]:
        """The events of each sentence; where the endpoint fails, the offline extractor's, with a diagnostic.

        Sentences for which no event type comes into question are not sent.
        """
        candidates = [
            self._index.candidates(
                [word.text for word in sentence.words],
                [word.pos_ for word in sentence.words],
                found,
                self._choice.types,
            )
            for sentence, found in zip(sentences, offline, strict=True)
        ]
        views = [_view(sentence) for sentence in sentences]
        asked = [place for place, types in enumerate(candidates) if types]
        with ThreadPoolExecutor(self._choice.concurrency) as pool:
            rationales = self._rationales([candidates[place] for place in asked], pool)
            jobs = {place: pool.submit(self._sentence, views[place], candidates[place], rationales) for place in asked}
            outcomes = {place: job.result() for place, job in jobs.items()}
        result: list[Sequence[FoundEvent]] = list(offline)
        for place, outcome in outcomes.items():
            if outcome.events is not None:
                result[place] = outcome.events
        filled = [place for place, outcome in outcomes.items() if outcome.own_arguments and outcome.events]
        tokens = [[word.text for word in sentences[place].words] for place in filled]
        chosen = [outcomes[place].events or [] for place in filled]
        for place, events in zip(filled, with_arguments(self._tagger, tokens, chosen, self._bias), strict=True):
            result[place] = events
        notes.extend(_diagnostics([outcomes[place] for place in asked], len(asked)))
        return result

    def _rationales(self, needed: Sequence[Sequence[Candidate]], pool: ThreadPoolExecutor) -> dict[str, Rationale]:
        """The rationale of every type in question; one that cannot be had is empty."""
        # A plain event's keywords are the sentence's own words: no rationale of the type would fit another sentence.
        types = {candidate.name: candidate for here in needed for candidate in here if candidate.name != PLAIN}
        jobs = {name: pool.submit(self._rationale, types[name]) for name in sorted(types)}
        return {name: job.result() for name, job in jobs.items()}

    def _rationale(self, candidate: Candidate) -> Rationale:
        try:
            return self._protocol.rationale(candidate)
        except LlmError:
            # The sentences meet the same failure and report it.
            return Rationale()

    def _sentence(
        self, view: SentenceView, candidates: Sequence[Candidate], rationales: dict[str, Rationale]
    ) -> _Outcome:
        if len(view.text) > MAX_CHARACTERS:
            return _Outcome(failures=[LlmError("llm_long", f"a sentence of more than {MAX_CHARACTERS} characters")])
        judged: list[Judged]
        try:
            judged = self._protocol.triggers(view, candidates, rationales)
        except LlmError as failure:
            return _Outcome(failures=[failure])
        try:
            return _Outcome(events=self._protocol.events(view, judged, arguments=True))
        except LlmError as failure:
            events = self._protocol.events(view, judged, arguments=False)
            return _Outcome(events=events, own_arguments=True, failures=[failure])


def _view(sentence: Sentence) -> SentenceView:
    start = sentence.start
    words = [(word.idx - start, word.idx + len(word.text) - start) for word in sentence.words]
    return SentenceView.of(sentence.text[start : sentence.end], words)


def _diagnostics(outcomes: Sequence[_Outcome], asked: int) -> list[Diagnostic]:
    """One diagnostic a reason, with the number of sentences it cost."""
    counts: Counter[tuple[str, str]] = Counter()
    reasons: dict[tuple[str, str], str] = {}
    for outcome in outcomes:
        for failure in outcome.failures:
            kind = failure.code, "events" if outcome.events is None else "arguments"
            counts[kind] += 1
            # Which sentence meets a failure first depends on threads, which text is least does not.
            reasons[kind] = min(reasons.get(kind, failure.message), failure.message)
    return [
        Diagnostic(
            code=code,
            message=f"{what} of {count} of {asked} sentences are the offline extractor's: {reasons[code, what]}",
        )
        for (code, what), count in sorted(counts.items())
    ]
