"""``python -m ekg`` is the program ``ekg``."""

from ekg.cli import program

if __name__ == "__main__":
    program()
