"""What the generation of a graph says of files that were imported."""

from __future__ import annotations

from pathlib import Path

from ekg.pipeline.importing import import_files
from ekg.store import read_manifest


def test_files_of_one_name_both_count(tmp_path: Path) -> None:
    files = [tmp_path / folder / "in.nt" for folder in ("a", "b")]
    for file in files:
        file.parent.mkdir()
        file.write_text(f"<urn:{file.parent.name}> <urn:p> <urn:o> .\n")
    for kg, some in (("both", files), ("reversed", files[::-1]), ("second", files[1:])):
        import_files(tmp_path / kg, some)
    both, turned, second = (read_manifest(tmp_path / kg).generation for kg in ("both", "reversed", "second"))
    assert both == turned != second
