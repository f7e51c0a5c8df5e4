"""Links as SSSOM TSV: the Simple Standard for Sharing Ontological Mappings, version 1.0 (Matentzoglu et al. 2022).

Metadata stand before the table, as YAML in lines that begin with ``#``; ids are CURIEs of prefixes declared there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from alignment.labels import Label
from ekg.ids import digest
from ekg.model import Link

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "confidence", "comment",
)  # fmt: skip
_BUILT_IN = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_OURS = {"ekg.event": "urn:ekg:event:", "ekg.entity": "urn:ekg:entity:"}
_OPAQUE = {"left": "urn:ekg:align:left:", "right": "urn:ekg:align:right:"}


def write_sssom(
    path: Path | str,
    links: Iterable[Link],
    *,
    labels: Iterable[Label] = (),
    names: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    sources: tuple[str, str] | None = None,
) -> None:
    """Write the links to merge (``owl:sameAs``) and to review (``skos:closeMatch``), and what a person said of links.

    A link that the aligner itself rejects is no mapping and is left out; one that a person rejects is one with the
    modifier ``Not``, and what a person judged is justified by curation instead of matching.

    Args:
        path: the file.
        links: of one alignment.
        labels: verdicts of a person.
        names: labels of the left and of the right ids.
        sources: names of the two graphs, for the comment of the set.
    """
    verdicts = {label.pair: label.verdict for label in labels}
    prefixes: dict[str, str] = {}
    rows = []
    for link in sorted(links, key=lambda k: (k.left, k.right)):
        verdict = verdicts.get((link.left, link.right))
        if link.zone == "reject" and verdict not in ("accept", "reject"):
            continue
        same = verdict in ("accept", "reject") or link.zone == "merge"
        rows.append((
            _curie(link.left, "left", prefixes),
            names[0].get(link.left, ""),
            "owl:sameAs" if same else "skos:closeMatch",
            "Not" if verdict == "reject" else "",
            _curie(link.right, "right", prefixes),
            names[1].get(link.right, ""),
            f"semapv:{'ManualMappingCuration' if verdict in ('accept', 'reject') else 'CompositeMatching'}",
            f"{link.score:.4f}",
            f"time: {link.evidence['time']}" if "time" in link.evidence else "",
        ))  # fmt: skip
    body = ["\t".join(_cell(value) for value in row) for row in rows]
    metadata = {
        "mapping_set_id": f"https://w3id.org/ekg/mappings/{digest('sssom', *body)}",
        "license": "https://w3id.org/sssom/license/unspecified",
        "mapping_tool": "ekg",
    }
    if sources is not None:
        metadata["comment"] = f"links between {sources[0]} and {sources[1]}"
    head = ["curie_map:"]
    head += [f"  {name}: {json.dumps(iri)}" for name, iri in sorted((_BUILT_IN | prefixes).items())]
    # A JSON string is a YAML string, whatever is in it.
    head += [f"{key}: {json.dumps(value)}" for key, value in metadata.items()]
    text = "".join(f"#{line}\n" for line in head) + "".join(f"{line}\n" for line in ("\t".join(COLUMNS), *body))
    Path(path).write_text(text, encoding="utf-8", newline="")


def _curie(key: str, side: str, prefixes: dict[str, str]) -> str:
    """An id as prefix and local name; new prefixes are noted."""
    for name, base in _OURS.items():
        if key.startswith(base):
            prefixes[name] = base
            return f"{name}:{key[len(base) :]}"
    if key.startswith(("http://", "https://")):
        cut = max(key.rfind("#"), key.rfind("/")) + 1
        base, local = key[:cut], key[cut:]
        if local and cut > len("https://"):
            known = {iri: name for name, iri in prefixes.items()}
            name = known.get(base) or f"ns{sum(n.startswith('ns') for n in prefixes) + 1}"
            prefixes[name] = base
            return f"{name}:{local}"
    prefixes[side] = _OPAQUE[side]
    return f"{side}:{quote(key, safe='-._~')}"


def _cell(value: str) -> str:
    """A cell of a TSV file: what would break the row is quoted as in CSV."""
    return '"' + value.replace('"', '""') + '"' if any(c in value for c in '\t\n\r"') else value
