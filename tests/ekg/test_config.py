from __future__ import annotations

from pathlib import Path

import pytest

from ekg import registry
from ekg.config import load_settings
from ekg.errors import ConfigError


def test_flags_win_over_environment_over_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "ekg.toml").write_text('port = 1\nhost = "::1"\njobs = 3\n')
    found = load_settings({"port": 9, "host": None}, environ={"EKG_HOST": "localhost", "EKG_PORT": "5"}, start=tmp_path)
    assert (found["port"], found["host"], found["jobs"], found["workers"]) == (9, "localhost", 3, 2)
    origins = {option.name: setting.origin for option, setting in found.items()}
    assert origins["port"] == "flag"
    assert origins["host"] == "EKG_HOST"
    assert origins["jobs"].endswith("ekg.toml:3")
    assert origins["workers"] == "default"


def test_nearest_file_above_is_found_but_not_beyond_a_repository(tmp_path: Path) -> None:
    (tmp_path / "ekg.toml").write_text("port = 7\n")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert load_settings(environ={}, start=inner)["port"] == 7
    (tmp_path / "a" / ".git").mkdir()
    assert load_settings(environ={}, start=inner)["port"] == 8000


def test_unknown_option_names_line_and_nearest(tmp_path: Path) -> None:
    (tmp_path / "ekg.toml").write_text("# mine\nprot = 7\n")
    with pytest.raises(ConfigError, match=r"ekg\.toml:2: unknown option 'prot' \(did you mean 'port'"):
        load_settings(environ={}, start=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port = 'x'", "wants a whole number"),
        ("port = true", "wants a whole number"),
        ("executor = 'moon'", "one of process"),
        ("workers = 0", "at least 1"),
        ("timeout = nan", "at least"),
        ("port =", "not valid TOML"),
    ],
)
def test_wrong_values(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "ekg.toml").write_text(text)
    with pytest.raises(ConfigError, match=message):
        load_settings(environ={}, start=tmp_path)


def test_wrong_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="EKG_PORT"):
        load_settings(environ={"EKG_PORT": "many"}, start=tmp_path)


def test_registry_knows_its_parts_and_says_what_there_is() -> None:
    assert registry.part("store", "memory").__name__ == "OxigraphStore"
    with pytest.raises(ConfigError, match="known: memory, oxigraph"):
        registry.part("store", "moon")


def test_registered_part_hides_the_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_ADDED", {})
    registry.register("store", "memory", str)
    assert registry.part("store", "memory") is str
