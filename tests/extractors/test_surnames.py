"""Whose a bare surname is, where relatives share it."""

from __future__ import annotations

import pytest

from ekg.model import Document
from extractors.coreference import find_entities
from extractors.nlp import parse
from extractors.sentences import told_sentences, unit_breaks


def named(text: str) -> dict[str, list[str]]:
    document = Document(id="doc", text=text)
    doc = parse(text, unit_breaks(document))
    found = find_entities("doc", doc, told_sentences(document, doc), document).entities
    return {entity.name: [text[start:end] for start, end in entity.mentions] for entity in found}


@pytest.mark.parametrize(
    ("text", "name", "mentions"),
    [
        # She is called by her first name, so the surname is the other's.
        ("John Marsh met Mary Marsh. Mary slept. Marsh left.", "John Marsh", ["John Marsh", "Marsh"]),
        ("John Marsh came with his wife Mary Marsh. Marsh left.", "John Marsh", ["John Marsh", "Marsh"]),
        ("John Marsh met Mary Marsh. Mrs. Marsh left.", "Mary Marsh", ["Mary Marsh", "Marsh"]),
        # Two who are called alike: nobody can tell.
        ("John Marsh met Mary Marsh. Marsh left.", "Marsh", ["Marsh"]),
        # The surname came before the relative, who is called by her first name.
        ("Marsh met Mary in Leeds. Mary Marsh wore a coat.", "Marsh", ["Marsh"]),
        ("Marsh came with his wife Mary Marsh. Marsh left.", "Marsh", ["Marsh", "Marsh"]),
        # Alone in the text, she is meant.
        ("His wife Mary Marsh came to Leeds. Marsh left.", "Mary Marsh", ["Mary Marsh", "Marsh"]),
        ("Mary Marsh came to Leeds. Marsh left.", "Mary Marsh", ["Mary Marsh", "Marsh"]),
    ],
)
def test_a_bare_surname_is_not_the_relatives(text: str, name: str, mentions: list[str]) -> None:
    assert named(text)[name] == mentions
