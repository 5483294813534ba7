"""A project whose commands are this Python and one file; imports nothing slow, as it runs in many processes."""

from __future__ import annotations

import sys
from pathlib import Path

from generator.project import Project

TOY = Path(__file__).parent / "toy_server.py"
MIGRATE = """
import os, time
print(os.environ.get("DATABASE_URL"))
if os.environ.get("MIGRATE_FOR"):
    open("migrating", "w").write(str(os.getpid()))
    time.sleep(float(os.environ["MIGRATE_FOR"]))
"""


class ToyProject(Project):
    """A project whose commands are this Python and one file."""

    def commands(self) -> dict[str, tuple[str, ...]]:
        return {
            "install": (sys.executable, "-c", "open('installed.txt', 'a').write('x')"),
            "migrate": (sys.executable, "-c", MIGRATE),
            "seed": (sys.executable, "-c", "import sys; print('noise'); sys.exit('ValueError: no seed')"),
            "hang": (sys.executable, "-c", "print('so far', flush=True); import time; time.sleep(60)"),
            "start": (sys.executable, str(TOY)),
        }
