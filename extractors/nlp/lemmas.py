"""Lemmas: the trained edit trees, corrected by the forms that the treebanks list."""

from __future__ import annotations

from collections.abc import Mapping

_NAME_TAGS = frozenset({"PROPN", "X", "SYM", "NUM", "PUNCT", "SPACE", "INTJ"})


def corrected_lemma(form: str, pos: str, predicted: str, known: Mapping[str, str]) -> str:
    """The lemma of a form.

    Args:
        form: the word as written.
        pos: universal part of speech.
        predicted: what the edit trees give.
        known: lemmas of lower-cased forms by ``"pos form"``, from the treebanks.

    >>> corrected_lemma("BROKE", "VERB", "BROKE", {"VERB broke": "break"})
    'break'
    >>> corrected_lemma("ATTACKS", "NOUN", "ATTACK", {})
    'attack'
    >>> corrected_lemma("kidnapped", "VERB", "kidnapp", {})
    'kidnap'
    """
    if pos in _NAME_TAGS:
        return predicted or form
    lemma = known.get(f"{pos} {form.lower()}")
    if lemma is not None:
        return lemma
    if pos == "VERB":
        return _verb_lemma(form.lower(), predicted.lower(), known)
    return predicted.lower() if form.isupper() and len(form) > 1 else predicted or form.lower()


_DOUBLED = frozenset("bdgmnprt")
_SOFT = frozenset("cgvzu")
"""Letters after which a base ends in "e": dodge, plunge, notice."""
_FORMS = """
    burnt burn froze freeze lent lend shook shake sank sink sunk sink stole steal stricken strike swam swim swung swing
    woke wake beaten beat bid bid bit bite bitten bite drunk drink flown fly hid hide lit light ridden ride rode ride
    risen rise slid slide stung sting torn tear tore tear thrust thrust wore wear wound wound bound bind sued sue
    lied lie mown mow foreseen foresee foresaw foresee mistaken mistake mistook mistake overthrown overthrow
    overthrew overthrow forgiven forgive forgave forgive arisen arise awoke awake borne bear bore bear crept creep
    leapt leap spilt spill spoilt spoil swollen swell trodden tread woven weave fled flee spun spin dug dig
    overcame overcome clung cling overtook overtake undertook undertake withdrew withdraw withheld withhold
    upheld uphold outran outrun wept weep swept sweep slew slay swore swear strode stride sought seek forbade forbid
    resold resell rebuilt rebuild retook retake rewrote rewrite shrank shrink slung sling strung string led lead
    bled bleed fed feed bred breed sped speed
"""
_IRREGULAR = dict(zip(_FORMS.split()[::2], _FORMS.split()[1::2], strict=True))
"""Forms that the treebanks happen to lack."""


def _verb_lemma(form: str, predicted: str, known: Mapping[str, str]) -> str:
    """The lemma of a verb form that the treebanks lack: a base that they know, else what spelling suggests.

    >>> _verb_lemma("targeted", "targete", {"NOUN target": "target"}), _verb_lemma("spurring", "spurr", {})
    ('target', 'spur')
    >>> _verb_lemma("saves", "savesave", {"VERB saving": "save", "VERB save": "save"})
    'save'
    """
    if form in _IRREGULAR:
        return _IRREGULAR[form]
    prefix, hyphen, rest = form.rpartition("-")
    if hyphen and rest.isalpha():
        return prefix + hyphen + (known.get(f"VERB {rest}") or _verb_lemma(rest, rest, known))
    ending = next((ending for ending in ("ing", "ied", "ies", "ed", "es", "s") if form.endswith(ending)), "")
    stem = form[: len(form) - len(ending)]
    if not ending or len(stem) < 3:
        return predicted if predicted and form.startswith(predicted[:2]) and len(predicted) <= len(form) else form
    doubled = stem[-1] == stem[-2] and stem[-1] in _DOUBLED
    bases = [stem + "y"] if ending in {"ied", "ies"} else [stem[:-1], stem] if doubled else [stem, stem + "e"]
    if predicted in bases:
        bases = [predicted, *(base for base in bases if base != predicted)]
    for pos in ("VERB", "NOUN", "ADJ"):
        for base in bases:
            if f"{pos} {base}" in known:
                return base
    if doubled:
        return stem[:-1]
    return stem + "e" if ending in {"ing", "ed", "es"} and stem[-1] in _SOFT else bases[0]
