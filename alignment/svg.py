"""The reasons of a link as an SVG chart: a bar a feature, to the right what speaks for it, to the left what against."""

from __future__ import annotations

from xml.sax.saxutils import escape

from alignment.wording import contributions_of, in_words, meaning
from ekg.model import Link

_WIDTH, _ROW, _LABEL, _TOP = 860, 24, 400, 26
_FOR, _AGAINST = "#2b7a4b", "#b3412f"


def chart(link: Link) -> str:
    """A complete SVG document: what was decided, the time verdict and other reasons in words, then the bars."""
    head = [line.strip() for line in in_words(link)]
    stop = next((n for n, line in enumerate(head) if line.endswith(":")), len(head))
    words, bars = head[:stop], contributions_of(link)
    largest = max((abs(value) for _, value in bars), default=1.0) or 1.0
    room = (_WIDTH - _LABEL - 80) / 2
    middle = _LABEL + room + 20
    top = _TOP + len(words) * _ROW
    height = top + max(len(bars), 1) * _ROW + 20
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" role="img" font-family="sans-serif" font-size="13">',
        f"<title>{escape(_short(words[0], 300))}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
    ]
    for n, line in enumerate(words):
        weight = ' font-weight="bold"' if n == 0 else ""
        lines.append(f'<text x="12" y="{_TOP + n * _ROW}"{weight}>{escape(_short(line, 115))}</text>')
    for n, (name, value) in enumerate(bars):
        y = top + n * _ROW
        length = room * abs(value) / largest
        x = middle if value >= 0 else middle - length
        end = middle + length + 6 if value >= 0 else middle - length - 6
        anchor = "start" if value >= 0 else "end"
        lines += [
            f'<text x="{_LABEL}" y="{y + 15}" text-anchor="end">{escape(_short(meaning(name), 56))}</text>',
            f'<rect x="{x:.1f}" y="{y + 3}" width="{length:.1f}" height="{_ROW - 8}" '
            f'fill="{_FOR if value >= 0 else _AGAINST}"/>',
            f'<text x="{end:.1f}" y="{y + 15}" text-anchor="{anchor}" font-size="11">{value:+.2f}</text>',
        ]
    if bars:
        lines.append(
            f'<line x1="{middle:.1f}" y1="{top}" x2="{middle:.1f}" y2="{top + len(bars) * _ROW}" stroke="#444"/>'
        )
    else:
        lines.append(f'<text x="12" y="{top + 15}">no feature adds or takes anything</text>')
    return "\n".join([*lines, "</svg>", ""])


def _short(text: str, most: int) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text)
    return clean if len(clean) <= most else clean[: most - 1] + "…"
