"""``python -m ekg`` is the program ``ekg``."""

from ekg.cli import main

if __name__ == "__main__":
    main()
