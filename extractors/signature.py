"""One string that changes whenever extraction may give another result."""

from __future__ import annotations

import sys
from dataclasses import asdict

from ekg.ids import digest, files_digest
from extractors.backends.choice import configured
from extractors.backends.fingerprint import fingerprint
from extractors.config import ExtractConfig
from extractors.ontology import own_signature

_INPUTS = (
    "extractors/*.py",
    "extractors/nlp/*.py",
    "extractors/events/*.py",
    "extractors/backends/*.py",
    "extractors/coreference/*.py",
    "extractors/linking/*",
    "extractors/llm/*.py",
    "extractors/ontology/*",
    "extractors/relations/*.py",
    "extractors/weights/base/**/*",
    "extractors/weights/coreference/*",
    "extractors/weights/events/**/*",
    "extractors/weights/relations/**/*",
    "ekg/time/*.py",
    "ekg/ids.py",
    "ekg/model/*.py",
)


def signature(config: ExtractConfig | None = None) -> str:
    """Hash of the code of extraction, the weights, the configuration and the Python version's minor number.

    Raises:
        MissingError: a model that the configuration names is not there.
    """
    config = config or configured()
    own = {name: value for name, value in asdict(config).items() if name != "choice"}
    return digest(
        "extractors",
        files_digest(*_INPUTS),
        sorted(own.items()),
        fingerprint(config.choice),
        own_signature(),
        sys.version_info[:2],
    )
