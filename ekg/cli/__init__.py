"""The command line. Each group of commands has its module; heavy imports stay inside the commands that need them."""

from ekg.cli.main import main, program

__all__ = ["main", "program"]
