"""The watchdog: ends servers and removes folders when the process that owned them is gone.

Run as a script of its own, with the standard library only and no package imports. It reads one JSON
object a line on standard input, ``{"add"|"drop": "process", "id": 123, "signal": 15}`` or
``{"add"|"drop": "folder", "path": "/tmp/…"}``, until end of file: the pipe closes when the owner ends, however
it ended. What is registered then is ended (politely, after two seconds for good) and removed.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
import time

GRACE_SECONDS = 2.0


def alive(process: int) -> bool:
    """Tell whether a process exists and is not just an unreaped entry.

    Args:
        process: its id.
    """
    try:
        os.kill(process, 0)
    except OSError:
        return False
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return not os.path.isdir("/proc/self")  # noqa: PTH112 - pathlib would be its slowest import


def send(process: int, number: int) -> None:
    """Send a signal to a process and its group; one that is gone is ignored.

    Args:
        process: id of the process, which leads its group if it was started by us.
        number: the signal.
    """
    for deliver in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            deliver(process, number)
            return


def end(processes: dict[int, int]) -> None:
    """End every process: its own signal first, SIGKILL after the grace period.

    Args:
        processes: process ids, each with the signal it takes as a request to end.
    """
    for process, number in processes.items():
        send(process, number)
        send(process, signal.SIGCONT)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(alive(process) for process in processes):
        time.sleep(0.02)
    for process in processes:
        send(process, signal.SIGKILL)


def main() -> None:
    """Read registrations until the owner is gone, then clean up after it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    processes: dict[int, int] = {}
    folders: dict[str, None] = {}
    for line in sys.stdin:
        with contextlib.suppress(ValueError, KeyError):
            message = json.loads(line)
            match message:
                case {"add": "process"}:
                    processes[message["id"]] = message["signal"]
                case {"drop": "process"}:
                    processes.pop(message["id"], None)
                case {"add": "folder"}:
                    folders[message["path"]] = None
                case {"drop": "folder"}:
                    folders.pop(message["path"], None)
    end(processes)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
