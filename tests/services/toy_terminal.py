"""A terminal in which ``scaffold`` has the toy's commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from tests.cli.terminal import Terminal

ROOT = Path(__file__).parents[2]


class ToyTerminal(Terminal):
    """``scaffold`` with the toy's commands, in a terminal."""

    program: ClassVar = [sys.executable, "-m", "tests.services.toy_cli"]
