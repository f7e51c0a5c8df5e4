"""The main job from end to end, on the demo's documents: build two graphs, align and merge them, ask, and serve.

Every step is a command that you can type yourself; it is printed before it runs.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE / "out"
EKG = [sys.executable, "-m", "ekg"]


def run(*arguments: str) -> str:
    """Run a command of ekg and return what it printed; stop the demo with its message if it fails."""
    ended = subprocess.run([*EKG, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        sys.exit(f"the demo stops: `ekg {shlex.join(arguments)}` ended with exit code {ended.returncode}")
    return ended.stdout


def step(title: str, *arguments: str) -> str:
    """Print a title and the command, run it, and print what it says."""
    print(f"\n\x1b[1m{title}\x1b[0m" if sys.stdout.isatty() else f"\n{title}")
    print(f"$ ekg {shlex.join(arguments)}")
    printed = run(*arguments)
    print(printed.rstrip())
    return printed


def relative(path: Path) -> str:
    """A path as a user in the project's folder would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def main() -> None:
    """Run all steps."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    gazette, herald, both, links = (relative(OUT / n) for n in ("gazette.ekg", "herald.ekg", "both.ekg", "links.tsv"))
    step("1. One graph for each outlet", "build", relative(HERE / "gazette"), "-o", gazette)
    step("", "build", relative(HERE / "herald"), "-o", herald)
    # Nothing is lost by a wrong link, so the demo merges events that are probably, not nearly certainly, the same.
    step("2. What is the same in both", "align", gazette, herald, "--out", links, "--precision", "0.75")
    step(
        "3. One graph of both, joined where they agree (and `ekg unmerge` takes it back)",
        "merge",
        gazette,
        herald,
        links,
        "-o",
        both,
    )
    step("4. What it holds", "info", both)
    step("5. A timeline", "timeline", both, "Helena Marsh", "-k", "8")
    questions = json.loads((HERE / "questions.json").read_text(encoding="utf-8"))["questions"]
    for number, item in enumerate((q for q in questions if q.get("demo")), 1):
        step(f"6.{number} {item['question']}", "ask", both, item["question"], "-k", "1")
    print(
        f"\nOpen the page, with a SPARQL endpoint behind it:\n$ .venv/bin/ekg serve {both}\nthen visit http://127.0.0.1:8000/"
    )


if __name__ == "__main__":
    main()
