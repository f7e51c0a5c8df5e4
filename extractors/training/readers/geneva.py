"""GENEVA (Parekh et al. 2023, CC BY 3.0): sentences with typed triggers and arguments with roles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ekg.errors import DataError
from extractors.events.example import EventSentence, GoldArgument, GoldEvent

Tokenise = Callable[[str], Sequence[tuple[str, int]]]
"""Text to ``(form, first character)`` of each token, without white space."""


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a JSON list or of a file with one a line: the published files come as both.

    Raises:
        DataError: the file cannot be read or is not JSON.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if text.lstrip().startswith("["):
            yield from json.loads(text)
        else:
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path, hint="set EKG_DATA or --data") from error
    except json.JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg}", path=path, line=error.lineno, column=error.colno) from error


def _cover(starts: list[int], ends: list[int], begin: int, end: int) -> tuple[int, int] | None:
    """Tokens that touch characters ``begin:end``."""
    hit = [i for i, (a, b) in enumerate(zip(starts, ends, strict=True)) if a < end and b > begin]
    return (hit[0], hit[-1] + 1) if hit else None


def read_geneva(path: Path, tokenise: Tokenise) -> list[EventSentence]:
    """Read a split, re-tokenised as the pipeline tokenises running text (the corpus's tokens joined by blanks).

    ``train.json`` has no ``entity_mentions``: an argument's tokens are the last two numbers of its ``entity_id``.

    Raises:
        DataError: the file cannot be read or is not GENEVA.
    """
    sentences = []
    for record in read_records(path):
        words: list[str] = record["tokens"]
        offsets = [0]
        for word in words:
            offsets.append(offsets[-1] + len(word) + 1)
        tokens = tokenise(" ".join(words))
        starts = [start for _, start in tokens]
        ends = [start + len(form) for form, start in tokens]

        def place(
            first: int, after: int, offsets: list[int] = offsets, s: list[int] = starts, e: list[int] = ends
        ) -> tuple[int, int] | None:
            return _cover(s, e, offsets[first], offsets[min(after, len(offsets) - 1)] - 1)

        events = []
        for mention in record["event_mentions"]:
            trigger = place(mention["trigger"]["start"], mention["trigger"]["end"])
            if trigger is None:
                continue
            arguments = set()
            for argument in mention["arguments"]:
                first, after = (int(part) for part in argument["entity_id"].split("_")[-2:])
                span = place(first, after)
                if span is not None:
                    arguments.add((*span, str(argument["role"])))
            events.append(
                GoldEvent(*trigger, str(mention["event_type"]), tuple(GoldArgument(*a) for a in sorted(arguments)))
            )
        events.sort(key=lambda event: (event.start, event.end, event.type or ""))
        sentences.append(
            EventSentence(str(record["wnd_id"]), tuple(form for form, _ in tokens), tuple(events), "geneva")
        )
    return sentences


def read_roles(path: Path) -> dict[str, tuple[str, ...]]:
    """Roles of each type, from ``event_ontology.json``; types and roles sorted.

    Raises:
        DataError: the file cannot be read or is not JSON.
    """
    (ontology,) = read_records(path)
    return {name: tuple(sorted(ontology[name]["arguments"])) for name in sorted(ontology)}
