"""Refuses what would make a query reach out of the store: SERVICE in queries, LOAD and SERVICE in updates.

Oxigraph's own HTTP client follows them without asking, and nothing can be put between: neither a check of the address
after its name is resolved, nor one of a redirect. So all are refused here, whatever may be fetched: that is fetched
before (:mod:`ekg.store.outside`), and stands in their place when a query comes here. FROM needs no guard, since
Oxigraph looks for its graphs in the store only.

The words are harmless in strings, comments, IRIs and names, so a tokenizer is needed. Two things make it more careful
than SPARQL's grammar. Oxigraph parses without tokens: it reads ``1SERVICE<x>`` and ``SERVICE:x`` as keywords. And where
it compares, ``FILTER(1<2)#>`` is an operator and a comment, though the grammar's longest match is an IRI. Whatever can
be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ekg.errors import RefusedError

# Possessive quantifiers, and tokens for strings that nobody closes: no character is read more than a few times.
_TOKEN = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"{1,2}+(?!"))*+"""|\'\'\'(?:[^'\\]|\\.|'{1,2}+(?!'))*+\'\'\''''
    r"""|"(?!"")(?:[^"\\\n\r]|\\.)*+"|'(?!'')(?:[^'\\\n\r]|\\.)*+')"""
    r"""|(?P<open>(?:\"{3}|'{3}).*+|["'][^\n\r]*+)"""
    r"""|(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)"""
    r"""|(?P<comment>\#[^\n\r]*+)"""
    r"""|(?P<var>[?$]\w++)"""
    r"""|(?P<lang>@[A-Za-z]++(?:-[A-Za-z0-9-]*+)?)"""
    r"""|(?P<run>[\w.-]++)(?P<name>:(?:[\w:.%-]|\\.)*+)?"""
    r"""|(?P<local>:(?:[\w:.%-]|\\.)*+)"""
    r"""|(?P<space>\s++)"""
    r"""|(?P<other>.)""",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d]\w*+")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LINE_END = re.compile(r"[\n\r]")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+://")
_TWO_WAYS = re.compile(r"[#']")
"""What begins a comment or a string if the ``<`` before it is an operator."""
_HEADS = {
    # A word that a number or a keyword may stand glued to: 1SERVICE, trueSERVICE.
    "SERVICE": re.compile(r"SERVICE", re.IGNORECASE | re.ASCII),
    # The first word of an operation, which only a separator can precede.
    "LOAD": re.compile(r"\ALOAD", re.IGNORECASE | re.ASCII),
}
_CODE = re.compile(r"\)[^#]*SERVICE", re.IGNORECASE | re.ASCII)  # after the end of a filter
_LOCAL = re.compile(r"\.SERVICE", re.IGNORECASE | re.ASCII)  # the name ends before the dot: ex:.SERVICE


def _decode(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]


def without_escapes(text: str) -> str:
    """The text as SPARQL's section 19.2 has it: escapes of code points come before all else."""
    return _ESCAPE.sub(_decode, text) if "\\" in text else text


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and position of each token.

    Kinds are ``string``, ``open`` (a string without its end), ``iri``, ``comment``, ``var``, ``lang``, ``name``
    (prefixed), ``word``, ``space`` and ``other``. Time is linear in the text.

    >>> [(kind, token) for kind, token, _ in tokens("ASK{?s ex:p 1.5}") if kind != "space"]
    [('word', 'ASK'), ('other', '{'), ('var', '?s'), ('name', 'ex:p'), ('other', '1.5'), ('other', '}')]
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "run":
            yield from _pieces(match[0], match.start())
        else:
            yield "name" if kind == "local" else kind, match[0], match.start()


def _pieces(run: str, at: int) -> Iterator[tuple[str, str, int]]:
    """Words of a run of letters, digits, dots and dashes, and what stands between them."""
    end = 0
    for word in _WORD.finditer(run):
        if word.start() > end:
            yield "other", run[end : word.start()], at + end
        yield "word", word[0], at + word.start()
        end = word.end()
    if end < len(run):
        yield "other", run[end:], at + end


def has_word(sparql: str, word: str) -> bool:
    """Whether a keyword, given in capitals, stands in a query outside strings, comments, IRIs and names."""
    text = without_escapes(sparql)
    return word in text.upper() and any(k == "word" and t.upper() == word for k, t, _ in tokens(text))


def check_query(sparql: str) -> None:
    """Let a query pass only if it stays inside the store.

    Raises:
        RefusedError: it uses SERVICE; names line and column.

    >>> check_query('SELECT * { ?s ?p "SERVICE <x>" } # SERVICE')
    """
    _refuse(sparql, ("SERVICE",))


def check_update(sparql: str) -> None:
    """Let an update pass only if it stays inside the store.

    Raises:
        RefusedError: it uses LOAD or SERVICE; names line and column.
    """
    _refuse(sparql, ("SERVICE", "LOAD"))


def without_fetching(sparql: str, *, decoded: bool = True) -> str:
    """The text with GRAPH for SERVICE, and ADD for LOAD: what is in order stays so, and running it fetches nothing.

    Args:
        sparql: a query or an update.
        decoded: read escapes of code points before all else, as the standard has it.

    >>> without_fetching("LOAD SILENT <x> INTO GRAPH <g> ; LOAD <y>")
    'ADD SILENT  <x> TO GRAPH <g> ; ADD SILENT <y> TO DEFAULT'
    """
    out: list[str] = []
    state = ""
    for kind, token, _ in tokens(without_escapes(sparql) if decoded else sparql):
        blank = kind in {"space", "comment"}
        word = token.upper() if kind == "word" else ""
        if state == "loaded" and not blank:
            state = ""
            out.append("TO" if word == "INTO" else "TO DEFAULT ")
            if word == "INTO":
                continue
        if word in {"SERVICE", "LOAD"}:
            state = word
            out.append("GRAPH" if word == "SERVICE" else "ADD SILENT")
        elif state and word == "SILENT":
            continue
        else:
            if not blank:
                state = "loaded" if state == "LOAD" else ""
            out.append(token)
    return "".join([*out, " TO DEFAULT" if state == "loaded" else ""])


def without_silent_loads(update: str) -> str:
    """An update in which LOAD SILENT does nothing: it is refused, and the standard wants its failure untold.

    >>> without_silent_loads("LOAD SILENT <x> INTO GRAPH <g> ; LOAD <y>")
    'DELETE DATA {} ; LOAD <y>'
    """
    if "SILENT" not in update.upper():
        return update
    pieces = list(tokens(update))
    words = [(n, kind, text.upper()) for n, (kind, text, _) in enumerate(pieces) if kind not in {"space", "comment"}]
    out = [text for _, text, _ in pieces]
    for at, (first, _, word) in enumerate(words):
        following = [kind if kind in {"iri", "name"} else text for _, kind, text in words[at + 1 : at + 6]]
        if word != "LOAD" or following[:1] != ["SILENT"] or following[1:2] not in (["iri"], ["name"]):
            continue
        last = at + (5 if following[2:4] == ["INTO", "GRAPH"] else 2)
        for n in range(first, words[last][0] + 1 if last < len(words) else len(out)):
            out[n] = ""
        out[first] = "DELETE DATA {}"
    return "".join(out)


def _refuse(sparql: str, words: tuple[str, ...]) -> None:
    capitals = sparql.upper()
    if "\\" not in sparql and not any(word in capitals for word in words):
        return
    # Oxigraph decodes escapes in strings, IRIs and names only, the standard everywhere; neither reading may pass.
    for text in dict.fromkeys((sparql, without_escapes(sparql))):
        capitals = text.upper()
        sought = [word for word in words if word in capitals]
        found = _find(text, sought) if sought else None
        if found is not None:
            word, at = found
            raise RefusedError(
                f"{place_of(text, at)}: {word} is refused, since it would make this machine fetch from another",
                hint="load the data with `ekg import` instead",
            )


def place_of(text: str, at: int) -> str:
    """Line and column of a position, counted from 1, in words."""
    line = len(_LINE_END.findall(text, 0, at)) + 1
    return f"line {line}, column {at - max(text.rfind(chr(10), 0, at), text.rfind(chr(13), 0, at))}"


def certain_tokens(text: str) -> list[tuple[str, str, int]]:
    """Tokens as :func:`tokens` gives them, without white space and comments, of a text that reads in one way only.

    Raises:
        RefusedError: it could be read in another way, in which braces and keywords stand elsewhere.
    """
    found = list(tokens(text))
    decoded = without_escapes(text)
    if decoded != text:
        free = {"string", "iri"}  # escapes are harmless there, as long as they do not end it
        plain = [(kind, "" if kind in free else piece) for kind, piece, _ in found]
        if plain != [(kind, "" if kind in free else piece) for kind, piece, _ in tokens(decoded)]:
            raise RefusedError(
                "the query fetches from another machine, and has escapes that could end a string or hide a keyword",
                hint="write the characters themselves",
            )
    words = [token for token in found if token[0] not in {"space", "comment"}]
    for number, (kind, piece, at) in enumerate(words):
        before = [text.upper() for _, text, _ in words[max(0, number - 2) : number]]
        if before[-1:] == ["BASE"] or before[:1] == ["PREFIX"]:
            continue  # no operator stands there
        if kind == "open" or (kind == "iri" and _TWO_WAYS.search(piece) and not _ABSOLUTE.match(piece)):
            raise RefusedError(
                f"{place_of(text, at)}: the query fetches from another machine, and '{piece[:20]}' in it can be "
                "read in two ways",
                hint="close every string, put spaces around '<', and declare a prefix for such an IRI",
            )
    return words


def _find(text: str, words: list[str]) -> tuple[str, int] | None:
    """The first place where one of the words stands, or may stand if the text is read in another way."""
    doubtful, named = False, None
    for match in _TOKEN.finditer(text):
        kind, piece, at = match.lastgroup, match[0], match.start()
        if kind in {"space", "comment"}:
            doubtful = doubtful and not _LINE_END.search(piece)
            continue
        if named is not None and piece == "{":
            return named
        named = None
        if kind in {"run", "name", "local"}:
            for word in words:
                head = _HEADS[word].search(match["run"] or "")
                found = head or (word == "SERVICE" and _LOCAL.search(piece))
                if not found:
                    continue
                place = word, at + found.end() - len(word)
                if kind == "run" or not head or word == "LOAD":
                    return place
                named = place  # a prefix of this name, unless a group follows
        elif kind == "iri" and "#" in piece and not _ABSOLUTE.match(piece):
            # It may be "less than", and a comment up to the line's end.
            doubtful = True
            hidden = _CODE.search(piece)
            if hidden:
                return "SERVICE", at + hidden.end() - len("SERVICE")
        elif kind == "open" or (kind == "string" and doubtful and _LINE_END.search(piece)):
            return words[0], at
    return None
