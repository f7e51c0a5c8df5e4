from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from ekg.cli.main import app

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_tour_runs_from_top_to_bottom(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "docs" / "tour.py"))
    printed = capsys.readouterr().out
    assert "7 April 2025" in printed
    assert "I don't know" in printed


def test_the_readme_names_only_commands_that_there_are() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    known = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    shown = set(re.findall(r"(?:^|`|  )ekg ([a-z]+)", text, re.MULTILINE))
    assert shown
    assert shown <= known


def test_readme_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("http") or (ROOT / target).exists(), target
