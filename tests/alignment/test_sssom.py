from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import yaml

from alignment import Label, write_sssom
from ekg.model import Link

# What version 1.0 of the standard asks for: slots of a mapping set and of a mapping, and its own prefixes.
REQUIRED_OF_A_SET = {"mapping_set_id", "license"}
REQUIRED_OF_A_MAPPING = {"subject_id", "predicate_id", "object_id", "mapping_justification"}
SLOTS_OF_A_SET = REQUIRED_OF_A_SET | {"curie_map", "mapping_tool", "comment"}
SLOTS_OF_A_MAPPING = REQUIRED_OF_A_MAPPING | {
    "subject_label", "predicate_modifier", "object_label", "confidence", "comment",
}  # fmt: skip
CURIE = re.compile(r"([A-Za-z_][\w.-]*):(\S+)")
LINKS = [
    Link(left="urn:ekg:event:ev_1", right="urn:ekg:event:ev_2", score=0.97, zone="merge", evidence={"time": "equal"}),
    Link(left="http://a.org/x#One", right="https://b.org/Two", score=0.6, zone="review"),
    Link(left="id with\ttab", right="ünï", score=0.5, zone="review"),
    Link(left="no", right="no", score=0.05, zone="reject"),
    Link(left="judged", right="wrong", score=0.5, zone="review"),
    Link(left="judged too", right="right", score=0.2, zone="reject"),
]
LABELS = [
    Label(left="judged", right="wrong", verdict="reject"),
    Label(left="judged too", right="right", verdict="accept"),
]


def read(path: Path) -> tuple[dict[str, object], list[dict[str, str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line.removeprefix("#") for line in lines if line.startswith("#")]
    body = "\n".join(line for line in lines if not line.startswith("#"))
    return yaml.safe_load("\n".join(head)), list(csv.DictReader(io.StringIO(body), delimiter="\t"))


def test_the_file_has_what_the_standard_asks_for(tmp_path: Path) -> None:
    names = {"urn:ekg:event:ev_1": 'A "quoted" fire'}, {"urn:ekg:event:ev_2": "The fire"}
    write_sssom(tmp_path / "links.sssom.tsv", LINKS, labels=LABELS, names=names, sources=("left.ekg", "right.ekg"))
    metadata, rows = read(tmp_path / "links.sssom.tsv")
    assert set(metadata) >= REQUIRED_OF_A_SET
    assert set(metadata) <= SLOTS_OF_A_SET
    prefixes = metadata["curie_map"]
    assert isinstance(prefixes, dict)
    assert set(rows[0]) >= REQUIRED_OF_A_MAPPING
    assert set(rows[0]) <= SLOTS_OF_A_MAPPING
    for row in rows:
        for slot in REQUIRED_OF_A_MAPPING:
            match = CURIE.fullmatch(row[slot])
            assert match, row[slot]
            assert match[1] in prefixes
        assert 0 <= float(row["confidence"]) <= 1
        assert row["predicate_modifier"] in ("", "Not")
        assert row["mapping_justification"] in ("semapv:CompositeMatching", "semapv:ManualMappingCuration")


def test_what_each_link_becomes(tmp_path: Path) -> None:
    write_sssom(tmp_path / "links.sssom.tsv", LINKS, labels=LABELS)
    metadata, rows = read(tmp_path / "links.sssom.tsv")
    found = {
        (r["subject_id"], r["object_id"]): (r["predicate_id"], r["predicate_modifier"], r["mapping_justification"][7:])
        for r in rows
    }
    assert found == {
        ("ekg.event:ev_1", "ekg.event:ev_2"): ("owl:sameAs", "", "CompositeMatching"),
        ("ns1:One", "ns2:Two"): ("skos:closeMatch", "", "CompositeMatching"),
        ("left:id%20with%09tab", "right:%C3%BCn%C3%AF"): ("skos:closeMatch", "", "CompositeMatching"),
        ("left:judged", "right:wrong"): ("owl:sameAs", "Not", "ManualMappingCuration"),
        ("left:judged%20too", "right:right"): ("owl:sameAs", "", "ManualMappingCuration"),
    }
    assert metadata["curie_map"]["ns1"] == "http://a.org/x#"  # type: ignore[index]


def test_no_links_and_equal_bytes(tmp_path: Path) -> None:
    write_sssom(tmp_path / "a.tsv", [])
    assert read(tmp_path / "a.tsv")[1] == []
    write_sssom(tmp_path / "b.tsv", LINKS)
    write_sssom(tmp_path / "c.tsv", LINKS[::-1])
    assert (tmp_path / "b.tsv").read_bytes() == (tmp_path / "c.tsv").read_bytes()
