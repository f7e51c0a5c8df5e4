"""Polarity and modality of an event: does the text say that it happened?

Cues are words; their scope is read off the tree in small steps (dependents of the trigger, the words that govern it),
so that one wrong arc costs one cue. A nominal trigger takes over what holds for a verb that does no more than carry it
("will hold a vote") or whose indefinite object it is; "the attack may hurt tourism" leaves the attack as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekg.model import Modality, Polarity
from extractors.tree import ancestors, children, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEGATION = word_set("not n't n’t nt never no neither nor hardly barely cannot without")
_NOBODY = word_set("nobody none no-one nothing neither")
_NEGATING = word_set("fail refuse decline avoid prevent avert cancel dodge evade abandon scrap forget deny rule")
_KEPT_FROM = word_set("stop block bar ban prevent keep prohibit discourage deter dissuade refrain")
_UNABLE = word_set("unable unwilling reluctant impossible")
_LIGHT = word_set(
    """
    make take have hold give do carry conduct launch commit issue happen occur stage begin start continue be exist
    face undergo receive get see place
    """
)
_BACKGROUND = word_set("due because after following during before since until despite amid through according")
_PLANNING = word_set(
    """
    plan intend schedule expect aim seek hope prepare set vow pledge promise threaten agree decide want propose due
    slate urge call demand request ask order consider ready bind try attempt need invite encourage offer vote
    advise instruct tell commit like keen eager prompt
    """
)
_ARRANGED = word_set("plan schedule propose intend slate expect")
_PLANS = word_set(
    """
    plan proposal promise pledge vow threat call demand request offer attempt bid effort preparation intention bill
    order decision need deal agreement deadline opportunity goal ambition motion
    """
)
_POSSIBLE = word_set("may might could can possibly perhaps maybe likely unlikely probably potential possible ca")
_CHANCES = word_set("possibility chance risk likelihood fear danger prospect probability potential threat concern hope")
_REPORTED = word_set("allegedly reportedly apparently alleged purported supposedly purportedly reported suspected")
_UNTIL_THEN = word_set("before until till once when after while as whenever")
_FUTURE = word_set("will shall 'll ’ll wo must ought should")
_CONDITION = word_set("if unless whether lest")
_REPORTING = word_set(
    """
    say tell report claim allege announce state add believe think suggest argue insist warn note suspect accuse
    according assert declare confirm acknowledge reveal write predict estimate fear speculate tweet explain admit
    describe opine recall testify indicate maintain contend deny understand conclude
    """
)
_FACTIVE = word_set("confirm acknowledge reveal know note admit")
_ACCUSING = word_set("accuse suspect allege charge blame indict wanted investigate arrest")
_ACCUSATIONS = word_set("allegation accusation claim charge suspicion report rumor rumour count investigation probe")
_DOUBTED = word_set("hope fear worry doubt predict expect suspect speculate guess suppose")
_BRINGING = word_set("cause force lead allow enable help compel let make drive prompt")
_AHEAD = word_set("planned scheduled upcoming forthcoming proposed expected next attempted future looming imminent")


def factuality(trigger: Token, words: Sequence[Token]) -> tuple[Polarity, Modality]:
    """What the sentence says of an event.

    Args:
        trigger: the word the trigger hangs on.
        words: the sentence.
    """
    negative = _denied(trigger, words)
    modality: Modality = "actual"
    here = trigger
    within = True
    for depth, above in enumerate((trigger, *ancestors(trigger))):
        if depth > 5:
            break
        within = within and (depth == 0 or _passes(here, above))
        if within:
            own = [child for child in above.children if child.i != here.i]
            if label(here) == "conj" and depth:
                # "had no problem and left" does not say that he did not leave.
                shared = [child for child in own if label(child) != "obj"]
                negative = negative or _negated(shared, above)
            else:
                negative = negative or _negated(own, above)
            modality = _stronger(modality, _modality(own, above, depth))
        if depth:
            if (depth == 1 or within) and _governed_negative(here, above):
                negative = True
            # A noun that is known ("the cuts") stands whatever is said of it.
            if depth == 1 or within or trigger.pos_ == "VERB":
                modality = _stronger(modality, _governed(here, above, depth))
            if label(here) in {"advcl", "obl"} and _in_time_to_come(here, above):
                modality = _stronger(modality, "planned")
            if label(here) in {"relcl", "acl"}:
                break
        here = above
    if within and _is_polar_question(words):
        modality = _stronger(modality, "possible")
    return ("negative" if negative else "positive"), modality


def _passes(here: Token, above: Token) -> bool:
    """Whether what is said of a word's head (that it is denied, planned, possible) holds of the word."""
    kind = label(here)
    if kind in {"xcomp", "aux", "cop", "compound", "fixed", "flat"}:
        return True
    if kind == "conj":
        own_subject = any(label(child) == "nsubj" for child in here.children)
        contrast = any(child.lower_ in {"but", "yet"} for child in here.children if label(child) == "cc")
        return not own_subject and not contrast
    if kind in {"obj", "nsubj"} and above.lemma_.lower() in _LIGHT:
        return True
    if kind not in {"obj", "obl", "nmod", "iobj"} or here.pos_ == "VERB":
        return False
    return _is_indefinite(here) and not any(child.lower_ in _BACKGROUND for child in here.children)


def _is_indefinite(noun: Token) -> bool:
    """Whether nothing says that the noun is known: no "the", "this" or possessive, and no name."""
    return noun.pos_ != "PROPN" and not any(
        (label(child) == "det" and child.lower_ in {"the", "this", "that", "these", "those", "such"})
        or child.dep_ == "nmod:poss"
        for child in noun.children
    )


def _negated(own: Sequence[Token], above: Token) -> bool:
    cues = [
        child
        for child in own
        if child.lower_ in _NEGATION and label(child) in {"advmod", "det", "neg", "aux", "cc", "mark", "case", "dep"}
    ]
    cues = [cue for cue in cues if not _is_not_only(cue)]
    if above.pos_ in {"VERB", "AUX"}:
        cues += [child for child in own if label(child) in {"nsubj", "obj"} and _is_nobody(child)]
    # "not without drama"
    return len(cues) % 2 == 1


def _is_nobody(subject: Token) -> bool:
    return subject.lower_ in _NOBODY or any(
        label(child) == "det" and child.lower_ in {"no", "neither"} for child in subject.children
    )


def _is_not_only(cue: Token) -> bool:
    return cue.i + 1 < len(cue.doc) and cue.nbor().lower_ in {"only", "just", "least", "sooner", "surprisingly"}


def _denied(trigger: Token, words: Sequence[Token]) -> bool:
    """A negation right before the trigger, whatever the tree says."""
    before = [word for word in words if trigger.i - 3 <= word.i < trigger.i]
    if not before:
        return False
    last = before[-1]
    if label(last) in {"advmod", "det", "aux", "neg"}:
        return False  # the tree speaks
    return last.lower_ in {"not", "n't", "n’t", "never", "no"} and not _is_not_only(last)


def _governed_negative(here: Token, above: Token) -> bool:
    """Whether the head denies its complement: "failed to agree", "avoided arrest", "unable to reach"."""
    kind, lemma = label(here), above.lemma_.lower()
    if lemma in _NEGATING and (kind in {"xcomp", "obj", "ccomp"} or (here.dep_ == "nsubj:pass" and lemma != "deny")):
        return lemma != "rule" or any(child.lower_ == "out" for child in above.children)
    if kind == "xcomp" and lemma in {"have", "be"} and any(child.lower_ == "yet" for child in above.children):
        return True
    if lemma in _UNABLE and kind in {"xcomp", "advcl", "ccomp"}:
        return True
    from_doing = any(child.lower_ == "from" for child in here.children)
    return lemma in _KEPT_FROM and kind in {"advcl", "obl", "xcomp"} and from_doing


def _governed(here: Token, above: Token, depth: int) -> Modality:
    """What the head says of its complement, by its meaning."""
    kind, lemma = label(here), above.lemma_.lower()
    of = {child.lower_ for child in here.children if label(child) in {"case", "mark"}}
    noun = above.pos_ in {"NOUN", "PROPN"}
    if noun and kind in {"nmod", "acl", "compound"} and depth <= 2:
        if lemma in _CHANCES and (of & {"of", "to", "that"} or kind == "compound"):
            return "possible"
        if lemma in _PLANS and of & {"to", "for"}:
            return "planned"
        if lemma in _ACCUSATIONS and of & {"of", "that", "into"}:
            return "reported"
    accused = of & {"of", "with", "over", "for"} and kind in {"obl", "advcl"}
    if lemma in _ACCUSING and (accused or kind == "xcomp"):
        return "reported"
    if lemma in _POSSIBLE and kind in {"ccomp", "csubj", "xcomp"}:
        return "possible"
    if (
        lemma in _PLANNING
        and depth <= 2
        and (kind == "xcomp" or (kind == "obj" and lemma not in _BRINGING and _is_indefinite(here)))
    ):
        return "planned"
    if lemma in _ARRANGED and here.dep_ == "nsubj:pass":
        return "planned"
    if kind == "ccomp" and lemma in _DOUBTED:
        return "possible"
    if lemma == "deny" and kind in {"obj", "ccomp", "xcomp"}:
        return "reported"
    if kind in {"ccomp", "parataxis"} and lemma in _REPORTING - _FACTIVE:
        return "reported"
    return "reported" if kind == "xcomp" and above.tag_ == "VBN" and lemma in _REPORTING - _PLANNING else "actual"


def _in_time_to_come(here: Token, above: Token) -> bool:
    """Whether a clause of time in the present hangs on what is to come: "will fly before its engine reignites"."""
    timed = any(
        mark.lower_ in _UNTIL_THEN for mark in here.children if label(mark) in {"mark", "advmod"} and mark.i < here.i
    )
    ahead = any(child.lower_ in _FUTURE for child in above.children if label(child) == "aux")
    return timed and ahead and here.tag_ in {"VBZ", "VBP", "VB"}


def _is_demanded(verb: Token) -> bool:
    """Whether a bare subjunctive says what is called for: "vital that the country take steps"."""
    if verb.tag_ not in {"VB", "VBP"} or verb.lemma_ == "be" or any(label(c) == "aux" for c in verb.children):
        return False
    if not any(child.lower_ == "that" and label(child) == "mark" for child in verb.children):
        return False
    # Taggers call it a plural; a subject in the singular shows that it is none.
    return any(
        child.tag_ in {"NN", "NNP"} and not children(child, "conj") and child.head.i == verb.i
        for child in children(verb, "nsubj")
    )


def _modality(own: Sequence[Token], above: Token, depth: int) -> Modality:
    """What auxiliaries, adverbs and conjunctions of a clause say."""
    auxiliaries = {child.lower_ for child in own if label(child) == "aux"}
    marks = {child.lower_ for child in own if label(child) == "mark"}
    adverbs = {child.lower_ for child in own if label(child) in {"advmod", "amod"}}
    conditional = bool(marks & _CONDITION) or _has_condition(own, above)
    if conditional:
        return "hypothetical"
    if auxiliaries & {"would", "'d", "’d"}:
        told = label(above) == "ccomp" and above.head.lemma_.lower() in _REPORTING and "have" not in auxiliaries
        return "planned" if told else "hypothetical"
    if (auxiliaries | adverbs) & _POSSIBLE:
        # "could not be reached" tells what did not happen.
        return "actual" if "could" in auxiliaries and _negated(own, above) else "possible"
    if _is_demanded(above) or auxiliaries & _FUTURE or adverbs & _AHEAD or (above.lower_ in {"going", "gon"} and depth):
        return "planned"
    if any(label(child) in {"parataxis", "conj"} and _attributes(child) for child in own) or adverbs & _REPORTED:
        return "reported"
    if any(child.lower_ == "according" or any(c.lower_ == "according" for c in child.children) for child in own):
        return "reported"
    if above.lemma_ in {"set", "due", "have", "need"} and depth and children(above, "xcomp"):
        return "planned"
    if above.tag_ == "VB" and label(above) in {"root", "ROOT"} and not marks and not auxiliaries and not depth:
        return "planned" if not any(label(child) == "nsubj" for child in own) else "actual"
    if "to" in marks and label(above) in {"advcl", "acl"} and above.tag_ == "VB":
        brought = above.head.lemma_ in _BRINGING or (label(above) == "acl" and above.head.head.lemma_ in _BRINGING)
        return "actual" if brought else "planned"
    return "actual"


def _attributes(verb: Token) -> bool:
    """Whether a parenthesis says who said it ("…, police said")."""
    if verb.lemma_.lower() not in _REPORTING - _FACTIVE or children(verb, "ccomp", "cc", "obj", "xcomp"):
        return False
    return bool(children(verb, "nsubj"))


def _has_condition(own: Sequence[Token], above: Token) -> bool:
    """Whether the clause hangs on a condition ("will strike if talks fail")."""
    if above.tag_ in {"VBD", "VBN"} and not any(child.lower_ in _FUTURE | {"would"} for child in own):
        return False
    return any(
        label(child) == "advcl"
        and any(mark.lower_ in {"if", "unless"} and not _is_even(mark) for mark in children(child, "mark"))
        for child in own
    )


def _is_even(mark: Token) -> bool:
    return mark.i > 0 and mark.nbor(-1).lower_ == "even"


def _is_polar_question(words: Sequence[Token]) -> bool:
    """Whether the sentence asks if something is so: an auxiliary first and a question mark last."""
    spoken = [word for word in words if word.pos_ != "PUNCT"]
    return words[-1].text == "?" and bool(spoken) and spoken[0].pos_ == "AUX"


_STRENGTH: dict[Modality, int] = {"actual": 0, "reported": 1, "planned": 2, "possible": 3, "hypothetical": 4}


def _stronger(left: Modality, right: Modality) -> Modality:
    return right if _STRENGTH[right] > _STRENGTH[left] else left
