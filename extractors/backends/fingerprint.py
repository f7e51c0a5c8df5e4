"""What of the chosen models changes results, for the signature of extraction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from extractors.backends.choice import Choice, LlmChoice
from extractors.backends.spacy_pipeline import pipeline_folder
from extractors.backends.token_classifier import classifier_folder

_CLASSIFIER = ("*.safetensors", "*.json", "*.txt", "*.model")


def fingerprint(choice: Choice) -> list[str]:
    """The chosen models by content and the options that bear on results; empty without any.

    Time limits, budgets and the key do not bear on results: what they prevent shows in a document's diagnostics.

    Raises:
        MissingError: a model is not there.
    """
    found: list[str] = []
    if choice.nlp:
        found.append(f"nlp {_content(pipeline_folder(choice.nlp), ('**/*',))} {','.join(choice.nlp_parts)}")
    if choice.names_model:
        found.append(f"names {_content(classifier_folder(choice.names_model, 'names-model'), _CLASSIFIER)}")
    if choice.triggers_model:
        folder = classifier_folder(choice.triggers_model, "triggers-model")
        # The name is shown as the method of its events.
        found.append(f"triggers {folder.name} {_content(folder, _CLASSIFIER)} {choice.triggers_labels}")
    if choice.nlp or choice.names_model:
        found.append(f"labels {choice.names_labels}")
    if choice.llm:
        found.append(_endpoint(choice.llm))
    return found


def _endpoint(llm: LlmChoice) -> str:
    from extractors.llm.prompts import VERSION

    return f"llm {llm.url} {llm.model} {llm.seed} {llm.types} {VERSION}"


def _content(folder: Path, patterns: Iterable[str]) -> str:
    """Hash of a model's files."""
    files = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    state = hashlib.sha256()
    for path in files:
        if "__pycache__" not in path.parts:
            stat = path.stat()
            state.update(f"{path.relative_to(folder).as_posix()}:".encode())
            state.update(_hashed(path, stat.st_size, stat.st_mtime_ns))
    return state.hexdigest()[:20]


@cache
def _hashed(path: Path, size: int, modified: int) -> bytes:
    """Hash of a file; size and time of change are part of the key, so that a changed file is read anew."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
