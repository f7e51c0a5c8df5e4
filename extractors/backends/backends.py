"""The models that the configuration chose, loaded, behind the two questions that extraction asks them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ekg.errors import ConfigError
from extractors.backends.choice import Choice
from extractors.backends.labels import DROPPED, check_classes, entity_class, read_label_map

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from ekg.model import Diagnostic
    from extractors.backends.chosen import ChosenEvent
    from extractors.backends.spacy_pipeline import SpacyPipeline
    from extractors.backends.token_classifier import TokenClassifier
    from extractors.events.found import FoundEvent, Thresholds
    from extractors.events.tagger import EventTagger
    from extractors.llm.detector import LlmDetector
    from extractors.sentences import Sentence


class Backends:
    """Loaded once with the extractor; without a choice it adds nothing to our own models.

    Args:
        choice: what was configured.
        tagger: our event tagger, for arguments and as the fall-back.
        bias: see `Thresholds.role_bias`.

    Raises:
        MissingError: a model is not there.
        ConfigError: a model and an option do not fit together.
    """

    def __init__(self, choice: Choice, tagger: EventTagger, bias: float) -> None:
        self._tagger = tagger
        self._bias = bias
        self._nlp: SpacyPipeline | None = None
        self._names: TokenClassifier | None = None
        self._triggers: TokenClassifier | None = None
        self._llm: LlmDetector | None = None
        self._names_labels = read_label_map(choice.names_labels, "option 'names-labels'")
        self._types: dict[str, str | None] = {}
        if choice.nlp:
            from extractors.backends.spacy_pipeline import SpacyPipeline

            self._nlp = SpacyPipeline(choice.nlp, choice.nlp_parts, choice.names_labels)
        if choice.names_model:
            from extractors.backends.token_classifier import TokenClassifier

            check_classes(self._names_labels, "option 'names-labels'")
            self._names = TokenClassifier(choice.names_model, "names-model", self._names_labels)
        if choice.triggers_model:
            from extractors.backends.token_classifier import TokenClassifier

            given = read_label_map(choice.triggers_labels, "option 'triggers-labels'")
            self._triggers = TokenClassifier(choice.triggers_model, "triggers-model", given)
            self._types = event_types(self._triggers.names, given)
            self._method = f"hf:{Path(choice.triggers_model).name}"
        if choice.llm:
            from extractors.llm.detector import LlmDetector

            self._llm = LlmDetector(choice.llm, tagger, bias)

    def parse(self, text: str, breaks: Iterable[int], thresholds: Thresholds | None = None) -> Doc:
        """The parsed document of a text with its named entities; our own pipeline reads the events on the way."""
        from extractors.nlp import parse

        known = tuple(breaks)
        doc = self._nlp.parse(text, known) if self._nlp else parse(text, known, thresholds)
        if self._names:
            self._rename(doc, self._names, known)
        return doc

    def events(
        self, sentences: Sequence[Sentence], tagged: list[list[FoundEvent]], notes: list[Diagnostic]
    ) -> Sequence[Sequence[FoundEvent]]:
        """The events of each sentence.

        Args:
            sentences: the document's.
            tagged: what our tagger found in each.
            notes: diagnostics are added to it.
        """
        found: Sequence[Sequence[FoundEvent]] = tagged
        if self._triggers:
            found = self._triggered(sentences, self._triggers)
        if self._llm:
            found = self._llm.events(sentences, found, notes)
        return found

    def _rename(self, doc: Doc, model: TokenClassifier, breaks: tuple[int, ...]) -> None:
        from spacy.tokens import Span

        from extractors.nlp.annotate import block_pieces
        from extractors.nlp.blocks import block_starts

        spans = []
        text = doc.text
        for piece in block_pieces(doc, block_starts(text, breaks)):
            words = [doc[index] for index in piece]
            begin, end = words[0].idx, words[-1].idx + len(words[-1].text)
            offsets = [(word.idx - begin, word.idx + len(word.text) - begin) for word in words]
            for span in model.spans(text[begin:end], offsets):
                kind = entity_class(span.name, self._names_labels)
                if kind is not None:
                    spans.append(Span(doc, piece[span.start], piece[span.end - 1] + 1, kind))
        doc.set_ents(spans, default="outside")

    def _triggered(self, sentences: Sequence[Sentence], model: TokenClassifier) -> Sequence[Sequence[FoundEvent]]:
        from extractors.backends.chosen import ChosenEvent, with_arguments

        events: list[list[ChosenEvent]] = []
        for sentence in sentences:
            begin = sentence.start
            offsets = [(word.idx - begin, word.idx + len(word.text) - begin) for word in sentence.words]
            here = []
            for span in model.spans(sentence.text[begin : sentence.end], offsets):
                kind = self._types[span.name]
                if kind is not None:
                    here.append(ChosenEvent(span.start, span.end, kind, span.score, (), kind, self._method))
            events.append(here)
        tokens = [[word.text for word in sentence.words] for sentence in sentences]
        return with_arguments(self._tagger, tokens, events, self._bias)


def event_types(labels: Iterable[str], given: dict[str, str]) -> dict[str, str | None]:
    """The event type behind each label of a trigger model; None drops a label, an unknown one is a plain ``Event``.

    Raises:
        ConfigError: the map leads to a type that the ontology does not have.
    """
    from extractors.backends.labels import split_prefix
    from extractors.events.labels import PLAIN
    from extractors.ontology import load_ontology

    types = load_ontology()
    folded = {_folded(name): name for name in reversed(list(types))}
    found: dict[str, str | None] = {}
    for meaning in given.values():
        _, name = split_prefix(meaning)
        if name not in {*types, DROPPED, ""}:
            raise ConfigError(
                f"option 'triggers-labels': no event type '{name}'", hint="`ekg ontology list` shows them all"
            )
    for label in labels:
        meaning = given.get(label, folded.get(_folded(label), PLAIN))
        if label in types or label == DROPPED:
            meaning = label
        found[label] = None if meaning == DROPPED else meaning
    return found


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_").replace(":", ".").rpartition(".")[2]
