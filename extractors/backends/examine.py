"""Whether the models that are configured are there and answer, for ``ekg doctor``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ekg.config import load_settings
from ekg.errors import EkgError
from extractors.backends.backends import event_types
from extractors.backends.choice import Choice, choice_of
from extractors.backends.labels import check_classes, read_label_map
from extractors.llm.client import LlmClient, check_endpoint

Finding = tuple[str, bool, str]
"""Name, whether it is well, and detail."""


def examine() -> Iterator[Finding]:
    """A finding for each backend that is configured, or one that says that there is none."""
    try:
        choice = choice_of(load_settings())
    except EkgError as error:
        yield "backends", False, str(error)
        return
    if choice == Choice():
        yield "backends", True, "none configured: our own models are used"
    if choice.nlp:
        yield _tried("backend nlp", partial(_pipeline, choice))
    for folder, option, labels in (
        (choice.names_model, "names-model", choice.names_labels),
        (choice.triggers_model, "triggers-model", choice.triggers_labels),
    ):
        if folder:
            yield _tried(f"backend {option}", partial(_classifier, folder, option, labels))
    if choice.llm:
        yield _tried("backend llm", partial(check_endpoint, choice.llm))


def require() -> None:
    """Load what is configured once, so that a mistake is said before worker processes start, which could not say it.

    Raises:
        EkgError: an option has a wrong value, or a model is not there.
    """
    choice = choice_of(load_settings())
    if choice.nlp:
        _pipeline(choice)
    if choice.names_model:
        check_classes(read_label_map(choice.names_labels, "option 'names-labels'"), "option 'names-labels'")
        _classifier(choice.names_model, "names-model", choice.names_labels)
    if choice.triggers_model:
        event_types((), read_label_map(choice.triggers_labels, "option 'triggers-labels'"))
        _classifier(choice.triggers_model, "triggers-model", choice.triggers_labels)
    if choice.llm:
        LlmClient(choice.llm)


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return name, True, look()
    except EkgError as error:
        return name, False, str(error)


def _pipeline(choice: Choice) -> str:
    from extractors.backends.spacy_pipeline import SpacyPipeline

    assert choice.nlp is not None
    pipeline = SpacyPipeline(choice.nlp, choice.nlp_parts, choice.names_labels)
    scheme = " (ClearNLP labels, turned to UD)" if pipeline.abilities.clearnlp else ""
    return f"{choice.nlp}: gives {', '.join(pipeline.parts)}{scheme}; the rest is ours"


def _classifier(folder: str, option: str, labels: str) -> str:
    from extractors.backends.token_classifier import TokenClassifier

    model = TokenClassifier(folder, option, read_label_map(labels, f"option '{option}'"))
    return f"{folder}: labels {', '.join(model.names)}"
