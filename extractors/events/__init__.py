"""Events of a sentence: triggers with types and arguments with roles, by a small encoder trained on open data."""
