"""Web pages: main text, segments and metadata."""

from __future__ import annotations

from pathlib import Path

import pytest

from ekg.model import Document
from extractors.sources import read_documents

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Ferry sinks | The Harbour Post</title>
<meta property="og:site_name" content="Post (og)"><meta name="description" content="Forty people were rescued.">
<meta name="keywords" content="ferry, sea">
<link rel="canonical" href="https://www.post.example/ferry">
<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"],
"headline": "Ferry sinks off Lund", "datePublished": "2024-03-05T08:15:00+01:00", "author": [{"name": "Ana Ruiz"}],
"publisher": {"name": "The Harbour Post"}}]}</script><style>p {color: red}</style></head>
<body class="has-sidebar"><div id="cookieBanner"><p>We use cookies to improve your experience.</p></div>
<header><nav><ul><li>Home</li><li>World</li></ul></nav></header>
<div class="layout with-sidebar"><main><article><header><h1>Ferry sinks off Lund</h1><p class="byline">By Ana</p>
<div><time datetime="2024-03-05">5 March</time></div></header>
<p>A ferry <a href="/x">carrying 42&nbsp;people</a> sank on <b>Mon</b>day.<br>Two are missing.</p>
<figure><img src="a.jpg"><figcaption>The ferry in 2019</figcaption></figure>
<h2>Rescue</h2><p>Boats arrived within an hour.</p><ul><li>Forty rescued</li></ul>
<table><tr><th>Year</th><th>Dead</th></tr><tr><td>2019</td><td>3</td></tr></table><pre>run
  now</pre><div class="related-stories"><p>Another story.</p></div><div>Loose text<br><br>Second loose.</div>
<div style="display: none"><p>Hidden words.</p></div></article></main><aside>Ads</aside></div>
<footer>© 2024</footer><script>var x = 1</script></body></html>"""


def page(tmp_path: Path, content: str | bytes, encoding: str | None = None) -> Document:
    path = tmp_path / "p.html"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (document,) = read_documents([path], encoding=encoding)
    assert isinstance(document, Document), document
    return document


def test_main_content_with_segments(tmp_path: Path) -> None:
    document = page(tmp_path, PAGE)
    assert [(s.kind, document.text[slice(*s.span)]) for s in document.segments] == [
        ("title", "Ferry sinks off Lund"),
        ("paragraph", "A ferry carrying 42 people sank on Monday. Two are missing."),
        ("heading", "Rescue"),
        ("paragraph", "Boats arrived within an hour."),
        ("paragraph", "Forty rescued"),
        ("table", "Year | Dead\n2019 | 3"),
        ("code", "run\n  now"),
        ("paragraph", "Loose text"),
        ("paragraph", "Second loose."),
    ]


def test_metadata_prefers_json_ld(tmp_path: Path) -> None:
    document = page(tmp_path, PAGE)
    assert (document.title, document.published) == ("Ferry sinks off Lund", "2024-03-05T08:15:00+01:00")
    assert (document.publisher, document.lang, document.authors) == ("The Harbour Post", "en-GB", ("Ana Ruiz",))
    assert (document.lead, document.url) == ("Forty people were rescued.", "https://www.post.example/ferry")
    assert document.meta == {"keywords": "ferry, sea"}


def test_metadata_from_meta_tags_and_time(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        '<html><head><title>Dam breaks - Valley News</title><meta property="og:locale" content="de_DE">'
        '<link rel="canonical" href="https://www.valley.example/a"></head><body><p>Text <time datetime="2024-01-02">now</time>'
        "</p></body></html>",
    )
    assert (document.title, document.published, document.publisher) == ("Dam breaks", "2024-01-02", "valley.example")
    assert document.lang == "de-DE"
    assert document.text == "Text now"


def test_broken_json_ld_is_passed_over(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        '<script type="application/ld+json">{"@type": "Article", </script>'
        '<meta property="article:published_time" content="2024-01-02T10:00:00Z"><h1>T</h1><p>Body.</p>',
    )
    assert (document.published, document.title) == ("2024-01-02T10:00:00Z", "T")


def test_a_page_without_article_markup_takes_its_densest_part(tmp_path: Path) -> None:
    words = "The council of the town met on Monday to decide about the bridge. " * 4
    document = page(
        tmp_path,
        f"<body><div><a href='/'>Start</a></div><div class=x><p>{words}</p><p>{words}</p></div><div><p>Short.</p></div></body>",
    )
    assert document.text == f"{words.strip()}\n{words.strip()}"


def test_an_article_inside_an_element_with_a_suspect_class_survives(tmp_path: Path) -> None:
    document = page(
        tmp_path, "<body><div class='social'><p>" + "All of the page's words are here. " * 9 + "</p></div></body>"
    )
    assert document.text.startswith("All of the page's words")


@pytest.mark.parametrize(
    "head", ['<meta charset="iso-8859-2">', '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">']
)
def test_declared_charset(tmp_path: Path, head: str) -> None:
    assert (
        page(tmp_path, f"<html><head>{head}</head><body><p>Łódź</p></body></html>".encode("iso-8859-2")).text == "Łódź"
    )


def test_an_xml_declaration_and_a_forced_encoding(tmp_path: Path) -> None:
    source = '<?xml version="1.0" encoding="utf-8"?><html><body><p>Привет</p></body></html>'
    assert page(tmp_path, source).text == "Привет"
    assert page(tmp_path, source.encode("cp1251"), encoding="cp1251").text == "Привет"


@pytest.mark.parametrize("content", ["", "   ", "<!-- -->", "<html></html>", "<script>x</script>"])
def test_pages_without_text(tmp_path: Path, content: str) -> None:
    document = page(tmp_path, content)
    assert (document.text, document.segments) == ("", ())
    assert "empty_document" in dict(document.diagnostics)


def test_malformed_and_deeply_nested_markup(tmp_path: Path) -> None:
    assert page(tmp_path, "<p>One<p>Two</i><table><tr><td>x").text.startswith("One\nTwo")
