"""The conflict-eventkg table of dated events to JSONL articles: ``id, text, title, published, url`` and more.

Usage: python scripts/convert_conflict.py DATA/conflict-eventkg/events.csv [-o conflict.jsonl]
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

_TITLE_LENGTH = 120


def records(path: Path) -> Iterator[dict[str, object]]:
    """One article a row; rows without text are left out."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            text = (row["event_text"] or "").strip()
            if not text:
                continue
            title = " ".join((row["first_sentence"] or text).split())
            if len(title) > _TITLE_LENGTH:
                title = title[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:") + "…"
            yield {
                "id": f"conflict-{int(row['id']):03}",
                "text": text,
                "title": title,
                "published": row["date"],
                "url": row["extractedFrom"],
                "publisher": "en.wikipedia.org",
                "lang": "en",
                "category": row["category"],
                "main_event": row["main_event"],
                "wikidata_labels": row["wikidata_labels"],
                "wikidata_ids": row["wikidata_ids"],
            }


def main() -> None:
    """Convert one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("-o", "--out", type=Path, help="file to write (default: standard output)")
    arguments = parser.parse_args()
    lines = [json.dumps(record, ensure_ascii=False) for record in records(arguments.table)]
    text = "\n".join(lines) + "\n"
    if arguments.out is None:
        sys.stdout.write(text)
    else:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(text, encoding="utf-8")
        print(f"{len(lines)} articles in {arguments.out}")


if __name__ == "__main__":
    main()
