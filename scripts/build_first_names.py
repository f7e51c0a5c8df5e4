"""Write the table of first names that ships: who bears them, by the 1990 census of the United States (public domain).

Run ``python scripts/build_first_names.py FOLDER`` with the folder that holds ``dist.male.first`` and
``dist.female.first`` of the package ``names`` 0.3.0 (MIT); the same input gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "extractors" / "linking" / "first_names.tsv"
CLEAR = 10.0
"""How many times as frequent a name must be among one sex to count as its name alone."""

# Names of people in world news that the census is too small for, or that are common elsewhere.
MALE = """
abdul abdullah ahmad ahmed akbar alexei aleksandr ali alberto amir anders andrei angus antoine ashraf aung bashar
benjamin bilal bjorn boris chen deepak dieter dmitri dmitry donald elon emmanuel emre erdogan evgeny fidel francois
gennady gerhard giorgos giovanni giuseppe gunther haider hamid hans hassan heinrich hussein ibrahim igor imran ivan
jacques javier jean-claude jeremy jens jorge juergen kareem kenji khalid kim-jong klaus kofi konstantin laurent lionel
luca ludwig lukas mahmoud manuel marcelo marco mario mark mehdi mehmet mikhail mohamed mohammad mohammed muhammad
mustafa narendra naveen nicolas nigel nikolai nikos olaf oleg omar osama osman pavel pedro pierre pyotr rahul rajesh
recep ricardo salman sanjay satoshi sergei sergey silvio slobodan stephane sundar suresh takeshi tariq thierry toru
umar usain vijay viktor vitaly vladimir volodymyr wolfgang xavier xi yasser yoshi yuri yusuf zlatan
"""
FEMALE = """
aisha aliaksandra amina anastasia anja ayesha beatrix benazir brigitte chandra christiane dilma ekaterina elena
fatima federica francoise giulia greta gunilla hillary ines ingrid irina isabelle ivanka jacinda katarzyna khadija
ksenia leila lyudmila maryam meghan melania meryl michelle nadezhda nadia natalia natasha nicola olga oksana oprah
petra priyanka rania sabine saoirse shakira sigrid simone sonia sushma svetlana tatiana theresa ursula yulia zainab
"""
BOTH = "alex ariel casey chris jean kim lee pat robin sam shannon taylor tracy xiaoping yan"


def shares(path: Path) -> dict[str, float]:
    """Per cent of people who bear each name."""
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {row[0].casefold(): float(row[1]) for row in rows if row}


def main(folder: Path) -> None:
    """Write the table: ``m``, ``f`` or ``b`` (either), tab, the names."""
    male, female = shares(folder / "dist.male.first"), shares(folder / "dist.female.first")
    kinds: dict[str, str] = {}
    for name in sorted({*male, *female}):
        he, she = male.get(name, 0.0005), female.get(name, 0.0005)
        kinds[name] = "m" if he >= CLEAR * she else "f" if she >= CLEAR * he else "b"
        if name not in male or name not in female:
            kinds[name] = "m" if name in male else "f"
    for kind, names in (("m", MALE), ("f", FEMALE), ("b", BOTH)):
        kinds |= dict.fromkeys(names.split(), kind)
    lines = [f"{kind}\t{' '.join(sorted(n for n in kinds if kinds[n] == kind))}\n" for kind in "mfb"]
    OUT.write_text("".join(lines), encoding="utf-8")
    print(f"{OUT}: {len(kinds)} names")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
