"""A project whose commands are this Python and one file; imports nothing slow, as it runs in many processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from generator.project import Project

TOY = Path(__file__).parent / "toy_server.py"
RELOADER = Path(__file__).parent / "toy_reloader.py"
MIGRATE = """
import os, time
print(os.environ.get("DATABASE_URL"))
if os.environ.get("MIGRATE_FOR"):
    open("migrating", "w").write(str(os.getpid()))
    time.sleep(float(os.environ["MIGRATE_FOR"]))
"""
SEED = """
import os, sys
print("noise")
if not os.environ.get("CAN_SEED"):
    sys.exit("ValueError: no seed")
print('{"level": "info", "time": "2026-01-02T03:04:05Z", "message": "made a link", "code": "abc"}')
"""
TEST = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}))
sys.exit(int(os.environ.get("TEST_EXIT", "0")))
"""


class ToyProject(Project):
    """A project whose commands are this Python and one file."""

    def commands(self) -> dict[str, tuple[str, ...]]:
        return {
            "install": (sys.executable, "-c", "open('installed.txt', 'a').write('x')"),
            "migrate": (sys.executable, "-c", MIGRATE),
            "seed": (sys.executable, "-c", SEED),
            "hang": (sys.executable, "-c", "print('so far', flush=True); import time; time.sleep(60)"),
            "start": (sys.executable, str(TOY)),
            "test": (sys.executable, "-c", TEST),
            **({} if os.environ.get("NO_RELOAD") else {"dev": (sys.executable, str(RELOADER))}),
        }
