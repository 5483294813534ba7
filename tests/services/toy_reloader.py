"""Starts the toy server, and again whenever ``app.txt`` changes, as frameworks' own reloaders do."""

import signal
import subprocess
import sys
import time
from pathlib import Path

WATCHED = Path("app.txt")
SERVER = [sys.executable, str(Path(__file__).with_name("toy_server.py"))]


def changed() -> float:
    """When the file was written."""
    return WATCHED.stat().st_mtime if WATCHED.exists() else 0.0


def begin() -> "subprocess.Popen[bytes]":
    """The server, or what a syntax error in it would be."""
    broken = WATCHED.exists() and "broken" in WATCHED.read_text()
    return subprocess.Popen([sys.executable, "-c", "a syntax error"] if broken else SERVER)


server = begin()
signal.signal(signal.SIGTERM, lambda number, frame: (server.terminate(), server.wait(), sys.exit(1)))
seen, told = changed(), False
while True:
    time.sleep(0.05)
    if server.poll() is not None and not told:
        told = True
        print("Failed. Waiting for a change", flush=True)
    if changed() != seen:
        seen, told = changed(), False
        print("Restarting", flush=True)
        server.terminate()
        server.wait()
        server = begin()
