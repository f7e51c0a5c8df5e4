"""From sources to a knowledge graph: extraction folded over documents, resolution, merging. Import what you need."""
