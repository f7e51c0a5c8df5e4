"""Shared fixtures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ekg.config import data_dir

ROOT = Path(__file__).parent.parent

# The same examples in every run, wherever it is, and however slow the machine is.
settings.register_profile(
    "ekg", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ekg")


@pytest.fixture
def data() -> Callable[[str], Path]:
    """Path of a corpus below EKG_DATA; skips the test when it is absent."""

    def path(name: str) -> Path:
        base = data_dir()
        found = (base if base.is_absolute() else ROOT / base) / name
        if not found.exists():
            pytest.skip(f"no {name} in {base}")
        return found

    return path


@pytest.fixture
def fixtures() -> Path:
    """The project's own small fixtures."""
    return ROOT / "tests" / "fixtures"
