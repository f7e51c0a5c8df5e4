"""Training of the shipped weights: one module a task, readers for the corpora beside it."""
