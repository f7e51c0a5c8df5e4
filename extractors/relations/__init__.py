"""Relations between the events of a document: temporal, causal, part-of; found, made consistent, reported."""
