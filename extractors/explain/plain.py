"""An explanation in plain words, for an analyst at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TYPED_BY = {
    "the type head": "the model of event types",
    "no type fits: an event of news without a type": "nobody: no type fits, so it stays an event without one",
    "the ontology's words; the tagger gave no type": "the words that are listed for it; the model gave none",
    "the ontology's words; the dictionary never saw the word as a trigger": "the words that are listed for it; no "
    "such trigger was seen in training",
}
_FOUND_BY = {
    "typed events": "the model of events with a type",
    "news events": "the model of all that happens in the news",
}


def in_words(explained: Mapping[str, Any]) -> str:
    """What `extractors.explain.explain` returned, as indented lines."""
    return "\n".join(_lines(explained)) + "\n"


def _lines(explained: Mapping[str, Any]) -> Iterator[str]:
    document = explained["document"]
    yield f"{document['id']}, {'published ' + document['published'] if document['published'] else 'without a date'}"
    for note in explained["diagnostics"]:
        yield f"note: {note['message']}"
    for sentence in explained["sentences"]:
        yield ""
        yield f"“{' '.join(sentence['text'].split())}”"
        if not sentence["events"]:
            yield "  no event"
        for event in sentence["events"]:
            yield from _event(event)
        for other in sentence["rejected"]:
            seen = f"{_type_name(other['type'])}, {other['probability']:.2f}"
            yield f"  not an event: “{other['text']}” ({seen}): {other['rule']}"


def _event(event: Mapping[str, Any]) -> Iterator[str]:
    trigger, kind = event["trigger"], event["type"]
    yield f"  {_type_name(event['type']['name'])}: “{trigger['text']}”"
    yield (
        f"    trigger  {trigger['probability']:.2f} by {_model(trigger['head'])}, "
        f"{trigger['threshold']:.2f} is enough; "
        f"{_dictionary(trigger['text'], trigger['dictionary'])}"
    )
    yield from (f"             {rule}" for rule in trigger["rules"])
    sure = f" with {kind['probability']:.2f}" if kind["probability"] is not None else ""
    others = ", ".join(f"{other['type']} {other['probability']:.2f}" for other in kind["runner up"])
    yield f"    type     by {_TYPED_BY.get(kind['by'], kind['by'])}{sure}" + (f"; next: {others}" if others else "")
    for argument in event["arguments"]:
        yield f"    role     {argument['role']}: “{_short(argument['text'])}” {argument['probability']:.2f}" + _next(
            argument["runner up"]
        )
        yield from (f"             {rule}" for rule in argument["rules"])
    for argument in event["left out"]:
        yield f"    left out {argument['role']}: “{_short(argument['text'])}”: {argument['rule']}"
    yield f"    when     {_when(event['time'])}"
    place = event["place"]
    yield f"    where    {place['text'] or 'not known'}: {place['attached']}"
    for name in ("polarity", "modality"):
        cues = ", ".join(f"“{cue}”" for cue in event[name]["cues"])
        usual = event[name]["value"] in {"positive", "actual"}
        said = f"because of {cues}" if cues else ("nothing in the sentence says otherwise" if usual else "several cues")
        yield f"    {name} {event[name]['value']}: {said}"
    if event["missing"]:
        yield f"    not said {', '.join(event['missing'])}"


def _type_name(name: str) -> str:
    return "event without a type" if name == "Event" else name


def _model(head: str) -> str:
    return _FOUND_BY.get(head, head)


def _dictionary(word: str, found: Mapping[str, Any]) -> str:
    total = sum(found["triggered"].values())
    if not found["seen"]:
        return f"no form of “{word}” was seen in training"
    ranked = sorted(found["triggered"].items(), key=lambda item: (-item[1], item[0]))[:3]
    types = ", ".join(f"{name} {count}×" for name, count in ranked)
    told = f"{total} of the {found['seen']} forms of “{word}” in training were triggers"
    return f"{told} ({types})" if types else told


def _next(other: Mapping[str, Any] | None) -> str:
    if other is None:
        return ""
    return f"; next: {other['role'] or 'no role'} {other['probability']:.2f}"


def _when(time: Mapping[str, Any]) -> str:
    if time["begin"] is None and time["end"] is None:
        return f"not known: {time['attached']}"
    value = f"{time['begin'] or '…'} to {time['end'] or '…'} (excluded)"
    if "text" not in time:
        return f"{value}, {time['status']}: {time['attached']}"
    rule = time["rule"] + (f", {time['reference']}" if time["reference"] else "")
    if time["tense decides"]:
        said = f"the {time['tense']} tense decides" if time["tense"] else "no tense was found to decide"
        rule += f"; {said} the direction"
    return f"{value} from “{time['text']}”, {rule}; {time['attached']}"


def _short(text: str, limit: int = 70) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
