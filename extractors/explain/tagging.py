"""What the event tagger thinks of every token, and of every token's role in an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from extractors.events.found import FoundEvent
from extractors.events.stems import stem
from extractors.events.tagger import MAX_TOKENS, EventTagger

_SHOWN = 3
Ranked = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEvidence:
    """Probabilities of being a trigger (of a trained type, of any news event), the likeliest types, and how often the
    dictionary saw the stem at all and as a trigger of which types."""

    typed: float
    news: float
    types: Ranked
    stem: str
    seen: int
    triggered: dict[str, int]


def token_evidence(tagger: EventTagger, tokens: Sequence[str]) -> list[TokenEvidence]:
    """One evidence a token of a sentence, in the pieces in which the tagger reads long sentences."""
    found: list[TokenEvidence] = []
    with torch.inference_mode():
        for offset in range(0, len(tokens), MAX_TOKENS):
            part = tokens[offset : offset + MAX_TOKENS]
            batch = tagger._batch([part])
            states = tagger.model.trigger_states(tagger.model.encode(batch)[0], batch)
            logits = tagger.model.triggers(states, batch)
            typed, news, kinds = (torch.softmax(scores, dim=-1)[0] for scores in logits)
            for place, token in enumerate(part):
                key = stem(token)
                found.append(
                    TokenEvidence(
                        typed=round(1.0 - float(typed[place, 0]), 4),
                        news=round(1.0 - float(news[place, 0]), 4),
                        types=_top(kinds[place], tagger.labels.types),
                        stem=key,
                        seen=tagger.lexicon.seen.get(key, 0),
                        triggered=dict(sorted(tagger.lexicon.types.get(key, {}).items())),
                    )
                )
    return found


def role_evidence(tagger: EventTagger, tokens: Sequence[str], event: FoundEvent) -> list[Ranked]:
    """The likeliest roles of each token in an event of a sentence of ordinary length; ``-`` stands for none."""
    with torch.inference_mode():
        batch = tagger._batch([tokens])
        _, _, vectors = tagger.model.encode(batch)
        where = torch.tensor([event.start]), torch.tensor([event.end])
        kind = torch.tensor([tagger.labels.type_index(event.type)])
        scores = tagger.model.roles(vectors, batch.shapes, batch.present, *where, kind) + tagger._mask(event.type)
        return [_top(row, ("-", *tagger.labels.roles)) for row in torch.softmax(scores[0], dim=-1)]


def _top(probabilities: torch.Tensor, names: Sequence[str]) -> Ranked:
    values, places = probabilities.topk(min(_SHOWN, len(names)))
    return tuple((names[int(p)], round(float(v), 4)) for v, p in zip(values, places, strict=True))
