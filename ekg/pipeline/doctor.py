"""Checks of the installation for ``ekg doctor``."""

from __future__ import annotations

import platform
import sqlite3
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

DISTRIBUTION = "ekg-platform"
_OURS = ("ekg", "extractors", "alignment", "queries")
_NEEDED = ("pyoxigraph", "rdflib", "networkx", "torch", "torch-geometric", "spacy", "transformers", "SPARQLWrapper")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check with its outcome in words."""

    name: str
    ok: bool
    detail: str


def examine() -> list[Check]:
    """All checks; none of ours needs the network or loads a model, other models that are configured are tried."""
    return [_python(), *map(_package, _NEEDED), *map(_shadow, _OURS), _sqlite(), *_weights(), *_backends(), _data()]


def _python() -> Check:
    ok = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Check(name="Python", ok=ok, detail=f"{platform.python_version()} (3.11 to 3.13 are supported)")


def _package(name: str) -> Check:
    try:
        return Check(name=name, ok=True, detail=version(name))
    except PackageNotFoundError:
        return Check(name=name, ok=False, detail="not installed: pip install ekg-platform")


def _shadow(name: str) -> Check:
    """Whether ``import name`` gives our package: its name is also taken by others on the package index."""
    spec = find_spec(name)
    where = Path(spec.origin).parent if spec and spec.origin else None
    home = Path(__file__).parent.parent.parent
    if where == home / name:
        return Check(name=f"package {name}", ok=True, detail=str(where))
    others = sorted(set(packages_distributions().get(name, [])) - {DISTRIBUTION})
    owner = f" of the distribution {', '.join(others)}: pip uninstall {' '.join(others)}" if others else ""
    return Check(name=f"package {name}", ok=False, detail=f"is shadowed by {where}{owner}")


def _sqlite() -> Check:
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.OperationalError as error:
        return Check(name="SQLite FTS5", ok=False, detail=f"{sqlite3.sqlite_version}: {error}")
    return Check(name="SQLite FTS5", ok=True, detail=sqlite3.sqlite_version)


def _weights() -> list[Check]:
    home = Path(__file__).parent.parent.parent / "extractors" / "weights"
    checks = []
    for name in ("base", "events"):
        files = [f for f in (home / name).rglob("*") if f.is_file()]
        size = sum(f.stat().st_size for f in files) / 1e6
        ok = (home / name / "MODEL_CARD.md").is_file() and len(files) > 1
        detail = f"{home / name}, {size:.1f} MB" if ok else f"{home / name} is missing or incomplete: reinstall"
        checks.append(Check(name=f"weights {name}", ok=ok, detail=detail))
    return checks


def _backends() -> list[Check]:
    from extractors.backends.examine import examine

    return [Check(name=name, ok=ok, detail=detail) for name, ok, detail in examine()]


def _data() -> Check:
    from ekg.config import data_dir

    found = data_dir()
    detail = str(found.resolve()) if found.is_dir() else f"{found} is absent; only `ekg train` and `ekg bench` need it"
    return Check(name="data (optional)", ok=True, detail=detail)
