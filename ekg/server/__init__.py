"""The server: a SPARQL endpoint, a JSON API and a web page over one knowledge graph, for reading."""

from ekg.server.app import create_app
from ekg.server.run import serve

__all__ = ["create_app", "serve"]
