"""The graph API: open a knowledge graph, slice it by time, follow events and entities, convert it."""

from ekg.graph.event_graph import EventGraph
from ekg.graph.open import open_graph
from ekg.graph.views import EntityView, EventList, EventView

__all__ = ["EntityView", "EventGraph", "EventList", "EventView", "open_graph"]
