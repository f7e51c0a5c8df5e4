"""The server: a SPARQL endpoint, a JSON API and a web page over one knowledge graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ekg.server.app import create_app
    from ekg.server.run import serve

__all__ = ["create_app", "serve"]


def __getattr__(name: str) -> Any:
    # The worker processes live in this package and need neither Starlette's routing nor uvicorn.
    if name == "create_app":
        from ekg.server.app import create_app

        return create_app
    if name == "serve":
        from ekg.server.run import serve

        return serve
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
