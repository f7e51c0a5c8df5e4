"""Alignment: mentions into the nodes of one graph (``resolve``), nodes of two graphs to each other (``align``)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alignment.aligner import align
    from alignment.components import Component, cluster_graphs, merge_components
    from alignment.config import AlignConfig
    from alignment.explanation import explain
    from alignment.folder import read_ids, read_seeds
    from alignment.graph import AlignGraph, AlignNode
    from alignment.links_file import read_links, write_links, write_ranking
    from alignment.resolution import Resolution, ResolveConfig, resolve

_MODULES = {
    "AlignConfig": "config",
    "AlignGraph": "graph",
    "AlignNode": "graph",
    "Component": "components",
    "Resolution": "resolution",
    "ResolveConfig": "resolution",
    "align": "aligner",
    "cluster_graphs": "components",
    "explain": "explanation",
    "merge_components": "components",
    "read_ids": "folder",
    "read_links": "links_file",
    "read_seeds": "folder",
    "resolve": "resolution",
    "write_links": "links_file",
    "write_ranking": "links_file",
}

__all__ = [
    "AlignConfig",
    "AlignGraph",
    "AlignNode",
    "Component",
    "Resolution",
    "ResolveConfig",
    "align",
    "cluster_graphs",
    "explain",
    "merge_components",
    "read_ids",
    "read_links",
    "read_seeds",
    "resolve",
    "write_links",
    "write_ranking",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"alignment.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'alignment' has no attribute '{name}'")
