"""ekg: temporal event knowledge graphs with exact evidence.

Everything a user needs is here; each name is imported when it is first used, so that ``import ekg`` stays fast::

    import ekg

    ekg.build(["articles/"], "my.ekg")
    with ekg.open("my.ekg") as g:
        print(g.ask("Who resigned in March 2025?"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alignment import align as align
    from ekg.errors import ConfigError as ConfigError
    from ekg.errors import DataError as DataError
    from ekg.errors import EkgError as EkgError
    from ekg.errors import KgError as KgError
    from ekg.errors import LockedError as LockedError
    from ekg.errors import MissingError as MissingError
    from ekg.errors import NotFoundError as NotFoundError
    from ekg.errors import QueryError as QueryError
    from ekg.graph import EntityView as EntityView
    from ekg.graph import EventGraph as EventGraph
    from ekg.graph import EventList as EventList
    from ekg.graph import EventView as EventView
    from ekg.graph.open import open_graph as open  # noqa: F401  # re-exported under this name
    from ekg.ids import IRI as IRI
    from ekg.model import Alignment as Alignment
    from ekg.model import Answer as Answer
    from ekg.model import Document as Document
    from ekg.model import Entity as Entity
    from ekg.model import Event as Event
    from ekg.model import Evidence as Evidence
    from ekg.model import Extraction as Extraction
    from ekg.model import Link as Link
    from ekg.pipeline.api import build as build
    from ekg.pipeline.api import export_graph as export_graph
    from ekg.pipeline.api import extract as extract
    from ekg.pipeline.api import import_files as import_files
    from ekg.pipeline.api import merge as merge
    from ekg.pipeline.api import unmerge as unmerge
    from ekg.time import TimeInterval as TimeInterval

__version__ = "0.1.0"

_HOME = {
    "align": "alignment:align",
    "build": "ekg.pipeline.api:build",
    "export_graph": "ekg.pipeline.api:export_graph",
    "extract": "ekg.pipeline.api:extract",
    "import_files": "ekg.pipeline.api:import_files",
    "merge": "ekg.pipeline.api:merge",
    "unmerge": "ekg.pipeline.api:unmerge",
    "open": "ekg.graph:open_graph",
    "IRI": "ekg.ids:IRI",
    "TimeInterval": "ekg.time:TimeInterval",
    **{name: f"ekg.graph:{name}" for name in ("EntityView", "EventGraph", "EventList", "EventView")},
    **{
        name: f"ekg.model:{name}"
        for name in ("Alignment", "Answer", "Document", "Entity", "Event", "Evidence", "Extraction", "Link")
    },
    **{
        name: f"ekg.errors:{name}"
        for name in (
            "ConfigError",
            "DataError",
            "EkgError",
            "KgError",
            "LockedError",
            "MissingError",
            "NotFoundError",
            "QueryError",
        )
    },
}

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'ekg' has no attribute '{name}'")
    module, _, attribute = _HOME[name].partition(":")
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
