"""``python -m mingcha`` is the command ``mingcha``."""

from mingcha.cli import main

main(prog_name="mingcha")
