"""What a web page says of itself: JSON-LD, OpenGraph, meta tags, ``<time>`` and ``<link>``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from extractors.sources.fields import language, names, text_or_none

_ARTICLE = re.compile(r"Article|BlogPosting|Report|WebPage|LiveBlog|VideoObject")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "article:published", "parsely-pub-date",
    "sailthru.date", "pubdate", "publishdate", "publish-date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date", "dcterms.date", "date", "og:article:published_time",
)  # fmt: skip
_TITLES = ("og:title", "twitter:title", "dc.title", "headline", "title")
_LEADS = ("og:description", "description", "twitter:description", "dc.description")
_PUBLISHERS = ("og:site_name", "publisher", "dc.publisher", "application-name")
_AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "byl")
_KEPT = ("keywords", "news_keywords", "article:section", "section")
_SITE = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{2,40}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page's own account of itself; the date is as written."""

    title: str | None = None
    lead: str | None = None
    published: str | None = None
    publisher: str | None = None
    lang: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)


def page_facts(root: html.HtmlElement) -> PageFacts:
    """Read a parsed page's metadata; JSON-LD first, then meta tags, then what the page shows."""
    meta = _meta_tags(root)
    linked = _linked_article(root)
    url = _link(root, "canonical") or text_or_none(meta.get("og:url")) or text_or_none(linked.get("url"))
    publisher = linked.get("publisher")
    outlet = text_or_none(publisher.get("name") if isinstance(publisher, Mapping) else publisher)
    authors = names(linked.get("author"))
    if not authors:
        authors = names([meta[key] for key in _AUTHORS if key in meta and "://" not in meta[key]][:1])
    lang = language(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
    return PageFacts(
        title=text_or_none(linked.get("headline")) or _choose(meta, _TITLES) or _shown_title(root),
        lead=text_or_none(linked.get("description")) or _choose(meta, _LEADS),
        published=text_or_none(linked.get("datePublished")) or _choose(meta, _DATES) or _shown_date(root),
        publisher=outlet or _choose(meta, _PUBLISHERS) or _host(url),
        lang=lang or language(linked.get("inLanguage") or meta.get("og:locale") or meta.get("content-language")),
        url=url,
        authors=authors,
        meta={key.replace("article:", ""): meta[key] for key in _KEPT if key in meta},
    )


def _host(url: str | None) -> str | None:
    """The site of an absolute address, None if it has none or is malformed."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _choose(meta: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((meta[key] for key in keys if key in meta), None)


def _meta_tags(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
        value = text_or_none(tag.get("content"))
        if name and value:
            found.setdefault(name.strip().lower(), value)
    return found


def _link(root: html.HtmlElement, relation: str) -> str | None:
    for link in root.iter("link"):
        if relation in (link.get("rel") or "").lower().split():
            return text_or_none(link.get("href"))
    return None


def _linked_article(root: html.HtmlElement) -> Mapping[str, Any]:
    """The JSON-LD object that describes the article, empty if there is none."""
    for script in root.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (json.JSONDecodeError, RecursionError):
            continue
        for item in _objects(data, 0):
            kinds = item.get("@type")
            typed = any(_ARTICLE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))
            if typed and ("headline" in item or "datePublished" in item):
                return item
    return {}


def _objects(data: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth + 1)
    elif isinstance(data, Mapping):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(key), depth + 1)


def _shown_title(root: html.HtmlElement) -> str | None:
    headings = [text for text in (text_or_none(h.text_content()) for h in root.iter("h1")) if text]
    if len(headings) == 1:
        return headings[0]
    title = next((text_or_none(t.text_content()) for t in root.iter("title")), None)
    if title and headings:
        return next((heading for heading in headings if heading in title), _SITE.sub("", title))
    return _SITE.sub("", title) if title else None


def _shown_date(root: html.HtmlElement) -> str | None:
    marked = [time for time in root.iter("time") if text_or_none(time.get("datetime"))]
    labelled = [(f"{time.get('itemprop', '')} {time.get('class', '')}".lower(), time) for time in marked]
    best = [time for label, time in labelled if "publ" in label or time.get("pubdate") is not None]
    for time in best or marked:
        return text_or_none(time.get("datetime"))
    for element in root.xpath("//*[@itemprop='datePublished']"):
        if isinstance(element, html.HtmlElement):
            return text_or_none(element.get("content") or element.get("datetime") or element.text_content())
    return None
