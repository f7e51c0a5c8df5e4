"""Why, from the graph: the event that is linked to the asked one as its cause."""

from __future__ import annotations

from ekg.graph.sentences import sentence_span
from ekg.ids import normal_name
from queries.candidates import Candidate, scaled
from queries.frame import Frame
from queries.pool import Match, Sentence

_QUALITY = {"cause": 0.82, "precondition": 0.62}
_SURE = 0.6


def read_linked_causes(frame: Frame, match: Match) -> list[Candidate]:
    """Events that the graph says caused, or led up to, the event of a sentence, told in the same document.

    Args:
        frame: the question.
        match: a sentence with the event that the question asks about.
    """
    event, sentence = match.event, match.sentence
    if event is None:
        return []
    index = sentence.graph.index
    found = []
    for relation in index.relations(event.id):
        quality = _QUALITY.get(relation.kind, 0.0)
        if relation.target != event.iri or not quality or relation.confidence < _SURE:
            continue
        for cause in index.events_by_iri([relation.source]):
            places = [m.span for m in index.mentions(cause.id) if m.document == sentence.document.id]
            if not places:
                continue
            near = min(places, key=lambda span: (abs(span[0] - sentence.span[0]), span))
            told = Sentence(sentence.graph, sentence.document, sentence_span(sentence.document.text, *near))
            found.append(
                Candidate(
                    key=normal_name(cause.label),
                    value=cause.label,
                    label=cause.label,
                    type="text",
                    score=scaled(match, quality),
                    sentence=told,
                    span=near,
                    arm="graph",
                    event=cause,
                    statement=relation.statement,
                    begin=cause.begin,
                    end=cause.end,
                )
            )
    return found
