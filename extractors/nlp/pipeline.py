"""The pipeline as its users see it: a spaCy ``Language`` whose result for a text depends on that text alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ekg.errors import MissingError
from extractors.events.labels import NAME_LABELS
from extractors.nlp.annotate import BREAKS, THRESHOLDS, Annotator
from extractors.nlp.model import LEMMAS, read_model
from extractors.nlp.tokens import SafeTokenizer, english_tokenizer

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from extractors.events.found import Thresholds
    from extractors.events.tagger import EventTagger

ENTITY_LABELS = NAME_LABELS
"""Labels of ``doc.ents``; ``event`` is a named event ("World Cup"), ``other`` a work, product, language or award."""

WEIGHTS = Path(__file__).parent.parent / "weights" / "base"
"""The shipped weights."""

COMPONENT = "ekg_base"
"""Name of the one component of the pipeline, which holds the model."""


@cache
def load(weights: Path = WEIGHTS) -> Language:
    """The pipeline, read once a process.

    Texts are processed one at a time, in ``nlp(text)`` and ``nlp.pipe(texts)`` alike, so that batches never change a
    result. Offsets are those of the text (a lone surrogate is shown as U+FFFD). Length is not limited.

    Args:
        weights: folder written by ``ekg train base``.

    Raises:
        MissingError: the folder has no weights.
    """
    import spacy
    from spacy.language import Language

    if not (weights / "config.cfg").is_file():
        raise MissingError(f"no base pipeline in {weights}", hint="ekg train base --data DIR -o DIR writes one")
    if not Language.has_factory(COMPONENT):
        Language.factory(COMPONENT, func=_component)
    nlp = spacy.blank("en")
    nlp.max_length = 2**31 - 1
    nlp.add_pipe(COMPONENT, config={"weights": str(weights)})
    nlp.tokenizer = SafeTokenizer(english_tokenizer(nlp), nlp.vocab)
    return nlp


@cache
def shared_tagger() -> EventTagger:
    """The shared model of events and names, read once a process.

    Raises:
        MissingError: its weights are missing.
    """
    from extractors.events.tagger import EventTagger

    return EventTagger()


def _component(nlp: Language, name: str, weights: str) -> Annotator:
    folder = Path(weights)
    lemmas: dict[str, str] = json.loads((folder / LEMMAS).read_text(encoding="utf-8"))
    return Annotator(read_model(folder, nlp.vocab), lemmas, shared_tagger())


def parse(text: str, breaks: Iterable[int] = (), thresholds: Thresholds | None = None) -> Doc:
    """The parsed document of a text.

    Args:
        text: any text, of any length.
        breaks: offsets where a sentence must begin because the source says so: starts of cues' turns, of the lead
            after a title, of paragraphs.
        thresholds: for the events that are read together with the names.
    """
    nlp = load()
    doc = nlp.make_doc(text)
    doc.user_data[BREAKS] = tuple(breaks)
    doc.user_data[THRESHOLDS] = thresholds
    return nlp(doc)
