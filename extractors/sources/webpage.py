"""Web pages: the main text with its segments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from ekg.ids import normal_name
from ekg.model import Document, Segment
from extractors.sources.record import date_or_note
from extractors.sources.webmeta import page_facts

Notes = list[tuple[str, str]]
Block = tuple[str, str]
_DROPPED_TAGS = """
    script style noscript template nav footer aside form iframe object embed svg canvas button input select textarea
    dialog menu figure figcaption picture img video audio head title link meta map"""
_DROPPED = frozenset(_DROPPED_TAGS.split())
_BOILERPLATE_NAMES = """
    cookies? consent gdpr newsletter subscri\\w* share\\w* sharing social related recommend\\w* promo\\w* advert\\w*
    ads? sponsor\\w* sidebar breadcrumbs? comments? popup modal overlay footer navbar navigation nav menu masthead
    paywall most-?read read-?more more-?stories byline author-?bio tags toolbar skip-?link outbrain taboola
    disqus sign-?up login
    pagination copyright caption credit banner"""
_BOILERPLATE = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_BOILERPLATE_NAMES.split())})(?=$|[\s_-])", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"})
_KEPT = frozenset({"html", "body", "article", "main"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXTUAL = frozenset({"p", "li", "blockquote", "dd", "dt", "address", "summary"})
_INLINE_TAGS = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span
    strike strong sub sup time tt u var wbr br"""
_INLINE = frozenset(_INLINE_TAGS.split())
_MAIN = (
    "//*[@itemprop='articleBody']",
    "//article//*[@role='article']",
    "//article",
    "//main",
    "//*[@role='main']",
    "//*[@id='main-content' or @id='article-body' or @id='content' or contains(@class, 'article-body')]",
)
_ENOUGH = 200
_BYLINE_BLOCKS = 5
_BYLINE_LENGTH = 120
_BYLINE_WORD = re.compile(
    r"by|published|updated|posted|on|at|am|pm|utc|gmt|edt|est|bst|cet"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
    re.IGNORECASE,
)


def html_document(identifier: str, source: str, notes: Notes) -> Document:
    """The document of a web page: main content only, navigation, cookie notices, forms and scripts left out.

    Paragraphs are separated by a line feed, headings, tables and code by a blank line. Title, date, publisher,
    language and authors come from JSON-LD, OpenGraph, meta tags and ``<time>``.
    """
    notes = list(notes)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = source.encode("utf-8", "replace")
    try:
        root = html.document_fromstring(data, parser=parser) if source.strip() else None
    except etree.ParserError:
        root = None
    if root is None:
        notes.append(("empty_document", "the page is empty"))
        notes.append(("no_date", "no date of publication; relative dates in the text cannot be resolved"))
        return Document(id=identifier, text="", diagnostics=tuple(notes))
    facts = page_facts(root)
    _prune(root)
    blocks = [
        block
        for number, block in enumerate(_blocks(_main(root)))
        if number >= _BYLINE_BLOCKS or block[0] != "paragraph" or not _is_byline(block[1], facts.authors)
    ]
    text, segments = _compose(blocks, facts.title)
    published = date_or_note(facts.published, notes, text)
    if not text:
        notes.append(("empty_document", "no main text found in the page"))
    return Document(
        id=identifier,
        text=text,
        title=facts.title,
        lead=facts.lead,
        published=published,
        segments=segments,
        lang=facts.lang,
        url=facts.url,
        publisher=facts.publisher,
        authors=facts.authors,
        meta=facts.meta,
        diagnostics=tuple(notes),
    )


def _is_byline(text: str, authors: tuple[str, ...]) -> bool:
    """Whether a short block holds nothing but the author's name and a date, which the metadata have already."""
    if len(text) > _BYLINE_LENGTH:
        return False
    for author in authors:
        text = text.replace(author, " ")
    return all(_BYLINE_WORD.fullmatch(word) for word in re.findall(r"[^\W\d_]+", text))


def _size(element: html.HtmlElement) -> int:
    """Characters of running text below an element."""
    return sum(len(" ".join(p.text_content().split())) for p in element.iter("p", "li", "blockquote", "td"))


def _prune(root: html.HtmlElement) -> None:
    """Remove what is not content; an element with most of the page's text stays, whatever its class is called."""
    for element in list(root.iter(*_DROPPED)):
        if element.tag != "head" and element.getparent() is not None:
            element.drop_tree()
    for time in list(root.iter("time")):
        parent = time.getparent()
        if parent is not None and not any(str(text).strip() for text in parent.xpath("text()")):
            time.drop_tree()
    half = max(_size(root) // 2, 1)
    for element in list(root.iter()):
        if element.getparent() is None or element.tag in _KEPT:
            continue
        label = _CAMEL.sub("-", f"{element.get('class', '')} {element.get('id', '')}")
        hidden = (
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or element.get("role") in _ROLES
            or _HIDDEN.search(element.get("style", "")) is not None
        )
        headed = element.tag == "header" and element.find(".//h1") is None
        if (hidden or headed or _BOILERPLATE.search(label)) and _size(element) <= half:
            element.drop_tree()


def _main(root: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the article: marked as such, else the densest by paragraph length."""
    for path in _MAIN:
        found = [element for element in root.xpath(path) if isinstance(element, html.HtmlElement)]
        if found:
            best = max(found, key=_size)
            if _size(best) >= min(_ENOUGH, _size(root) // 3):
                return best
    scores: dict[html.HtmlElement, float] = {}
    for paragraph in root.iter("p", "blockquote"):
        length = len(" ".join(paragraph.text_content().split()))
        parent = paragraph.getparent()
        share = 1.0
        while parent is not None and share > 0.2:
            scores[parent] = scores.get(parent, 0.0) + share * length
            parent, share = parent.getparent(), share * 0.5
    body = root.find("body")
    whole = root if body is None else body
    if not scores:
        return whole
    best = max(scores, key=lambda element: scores[element])
    return best if 2 * _size(best) >= _size(whole) else whole


def _blocks(element: html.HtmlElement) -> Iterator[Block]:
    """Kind and text of each block below an element, in document order."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED:
        return
    if tag in _HEADINGS:
        yield from _block("heading", element)
    elif tag == "pre":
        text = "\n".join(line.rstrip() for line in element.text_content().split("\n") if line.strip())
        if text:
            yield "code", text
    elif tag == "table":
        rows = [[" ".join(c.text_content().split()) for c in row.iter("td", "th")] for row in element.iter("tr")]
        if max((len(row) for row in rows), default=0) > 1 and not element.findall(".//p"):
            lines = [" | ".join(row) for row in rows if any(row)]
            if lines:
                yield "table", "\n".join(lines)
        else:
            for cell in element.iter("td", "th"):
                yield from _children(cell)
    elif tag in _TEXTUAL and not any(child.tag not in _INLINE for child in element if isinstance(child.tag, str)):
        yield from _block("paragraph", element)
    else:
        yield from _children(element)


def _children(element: html.HtmlElement) -> Iterator[Block]:
    """Blocks of an element's children; text that stands between them is a paragraph of its own."""
    loose: list[str] = [element.text or ""]

    def flush() -> Iterator[Block]:
        for line in "".join(loose).split("\n\n"):
            text = " ".join(line.split())
            if text:
                yield "paragraph", text
        loose.clear()

    breaks = 0
    for child in element:
        if isinstance(child.tag, str) and child.tag in _INLINE:
            if child.tag == "br":
                breaks += 1
                loose.append("\n\n" if breaks > 1 else " ")
            else:
                breaks = 0
                loose.append(_inline(child))
        elif isinstance(child.tag, str):
            yield from flush()
            yield from _blocks(child)
            breaks = 0
        tail = child.tail or ""
        loose.append(re.sub(r"\s+", " ", tail))
        breaks = 0 if tail.strip() else breaks
    yield from flush()


def _inline(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", str(element.text_content()))


def _block(kind: str, element: html.HtmlElement) -> Iterator[Block]:
    for line in element.iter("br"):
        line.tail = " " + (line.tail or "")
    text = " ".join(str(element.text_content()).split())
    if text:
        yield kind, text


def _compose(blocks: list[Block], title: str | None) -> tuple[str, tuple[Segment, ...]]:
    pieces: list[str] = []
    segments: list[Segment] = []
    length = 0
    named = normal_name(title) if title else None
    before = ""
    for kind, text in blocks:
        if kind == "heading" and named and normal_name(text) == named:
            kind, named = "title", None
        if pieces:
            joint = "\n" if kind == before == "paragraph" else "\n\n"
            pieces.append(joint)
            length += len(joint)
        pieces.append(text)
        segments.append(Segment(span=(length, length + len(text)), kind=kind))
        length += len(text)
        before = kind
    while segments and segments[-1].kind == "heading":
        segments.pop()
        pieces = pieces[:-2]
    return "".join(pieces), tuple(segments)
