"""Parts by name: which class or function stands behind ``family:name``, imported only when it is used.

Packages outside ekg add parts with entry points in the group ``ekg.<family>``; ours are listed here. Lower layers reach
higher ones (``EventGraph.ask``) through this table alone, so that imports keep pointing downwards.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from ekg.errors import ConfigError

_BUILT_IN: dict[str, dict[str, str]] = {
    "store": {
        "oxigraph": "ekg.store.oxigraph:OxigraphStore",
        "memory": "ekg.store.oxigraph:OxigraphStore",
        "remote": "ekg.store.remote:RemoteStore",
    },
    "executor": {
        "process": "ekg.pipeline.executors:ProcessExecutor",
        "ray": "ekg.pipeline.clusters:RayExecutor",
        "dask": "ekg.pipeline.clusters:DaskExecutor",
    },
    "extractor": {"default": "extractors:Extractor"},
    "event-types": {"default": "extractors.ontology:load_ontology"},
    "aligner": {"default": "alignment:align"},
    "asker": {"default": "queries:ask"},
    "searcher": {"default": "queries:search"},
}
_ADDED: dict[str, dict[str, Any]] = {}


def register(family: str, name: str, part: Any) -> None:
    """Add a part for this process; it hides an installed one of the same name."""
    _ADDED.setdefault(family, {})[name] = part


def names(family: str) -> list[str]:
    """All names of a family, sorted."""
    installed = {point.name for point in entry_points(group=f"ekg.{family}")}
    return sorted({*_BUILT_IN.get(family, {}), *_ADDED.get(family, {}), *installed})


def part(family: str, name: str = "default") -> Any:
    """Import and return a part.

    Raises:
        ConfigError: no part of that name; the message lists those there are.
    """
    if name in _ADDED.get(family, {}):
        return _ADDED[family][name]
    for point in entry_points(group=f"ekg.{family}"):
        if point.name == name:
            return point.load()
    target = _BUILT_IN.get(family, {}).get(name)
    if target is None:
        raise ConfigError(f"no {family} is called '{name}'", hint=f"known: {', '.join(names(family)) or 'none'}")
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
