"""``python -m generator`` is the command ``scaffold``."""

from generator.cli.app import main

main()
