"""Weights of the pair model for event coreference: a logistic regression, kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec

from ekg.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWeights:
    """One coefficient a feature of :mod:`alignment.event_features`, and where they come from."""

    source: str
    intercept: float
    coefficients: dict[str, float]


def load_event_weights(path: Path | None = None) -> EventWeights:
    """Read weights; without a path those that ship.

    Raises:
        DataError: the file is not a weights file.
    """
    if path is None:
        return _shipped()
    try:
        return msgspec.json.decode(path.read_bytes(), type=EventWeights)
    except msgspec.DecodeError as error:
        raise DataError(f"not a file of pair weights: {error}", path=path) from error


@lru_cache(maxsize=1)
def _shipped() -> EventWeights:
    return msgspec.json.decode((files("alignment") / "weights" / "event_pairs.json").read_bytes(), type=EventWeights)


def save_event_weights(path: Path, weights: EventWeights) -> None:
    """Write weights as readable JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(weights, order="deterministic"), indent=1) + b"\n")
