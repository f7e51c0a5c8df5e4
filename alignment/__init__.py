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
    from alignment.labels import Label, read_labels, write_labels
    from alignment.links_file import read_links, write_links, write_ranking
    from alignment.resolution import Resolution, ResolveConfig, resolve
    from alignment.sssom import write_sssom
    from alignment.svg import chart
    from alignment.wording import in_words

_MODULES = {
    "AlignConfig": "config",
    "AlignGraph": "graph",
    "AlignNode": "graph",
    "Component": "components",
    "Label": "labels",
    "Resolution": "resolution",
    "ResolveConfig": "resolution",
    "align": "aligner",
    "chart": "svg",
    "cluster_graphs": "components",
    "explain": "explanation",
    "in_words": "wording",
    "merge_components": "components",
    "read_ids": "folder",
    "read_labels": "labels",
    "read_links": "links_file",
    "read_seeds": "folder",
    "resolve": "resolution",
    "write_labels": "labels",
    "write_links": "links_file",
    "write_ranking": "links_file",
    "write_sssom": "sssom",
}

__all__ = [
    "AlignConfig",
    "AlignGraph",
    "AlignNode",
    "Component",
    "Label",
    "Resolution",
    "ResolveConfig",
    "align",
    "chart",
    "cluster_graphs",
    "explain",
    "in_words",
    "merge_components",
    "read_ids",
    "read_labels",
    "read_links",
    "read_seeds",
    "resolve",
    "write_labels",
    "write_links",
    "write_ranking",
    "write_sssom",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"alignment.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'alignment' has no attribute '{name}'")
