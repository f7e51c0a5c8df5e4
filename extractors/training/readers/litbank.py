"""LitBank's events (Sims et al. 2019, CC BY 4.0): in 100 novels, words that tell of what is said to have happened."""

from __future__ import annotations

from pathlib import Path

from ekg.errors import DataError
from extractors.events.example import EventSentence, GoldEvent


def read_litbank(folder: Path) -> list[EventSentence]:
    """Sentences of ``events/*.tsv``: a word and ``O`` or ``EVENT`` a line, a blank line after each sentence.

    Raises:
        DataError: the folder has no files, or a line is not as expected.
    """
    paths = sorted((folder / "events").glob("*.tsv"))
    if not paths:
        raise DataError("has no events/*.tsv", path=folder, hint="set EKG_DATA or --data")
    sentences = []
    for path in paths:
        words: list[str] = []
        events: list[GoldEvent] = []
        for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
            if line.strip():
                word, _, tag = line.partition("\t")
                if tag.strip() not in {"O", "EVENT"}:
                    raise DataError(f"{tag.strip()!r} is neither O nor EVENT", path=path, line=number)
                if tag.strip() == "EVENT":
                    events.append(GoldEvent(len(words), len(words) + 1))
                words.append(word)
            elif words:
                sentences.append(EventSentence(f"{path.stem}:{number}", tuple(words), tuple(events), "litbank"))
                words, events = [], []
    return sentences
