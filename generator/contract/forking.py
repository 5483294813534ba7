"""Forks a process for cases whenever the runner wants one, and tells how each ended.

What a process of cases needs is loaded before, and it is forked and not started: so it reads no program that the
project under test could have changed meanwhile, and is closed to others from its first moment (:mod:`.secrecy`).
"""

from __future__ import annotations

import faulthandler
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

HANDED = 3


class Lines(NamedTuple):
    """What a forked process has of the runner.

    Attributes:
        events: orders come from there, events go there.
        control: see :class:`generator.contract.control.Control`.
    """

    events: socket.socket
    control: socket.socket


def serve(line: socket.socket, report: Callable[..., None]) -> Lines | None:
    """Fork at each byte that comes; in a forked process its lines, in this one None after the last.

    Args:
        line: the runner's. With each byte come descriptors: of the process's lines, and of the file for its output.
        report: tells ``forked`` (``number``, ``pid``) and ``ended`` (``number``, ``code``).
    """
    children: dict[int, int] = {}
    awake, waker = socket.socketpair()
    for end in (awake, waker):
        end.setblocking(False)
    before = signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    number = 0
    try:
        while True:
            ready, _, _ = select.select([line, awake], [], [])
            if awake in ready:
                awake.recv(4096)
                for process, code in _ended(children):
                    report("ended", number=children.pop(process), code=code)
            if line in ready:
                data, handed, _, _ = socket.recv_fds(line, 1, HANDED)
                if not data:
                    return None
                number += 1
                sys.stdout.flush()
                sys.stderr.flush()
                process = os.fork()
                if process == 0:
                    children.clear()
                    line.close()
                    return _begin(*handed)
                for descriptor in handed:
                    os.close(descriptor)
                children[process] = number
                report("forked", number=number, pid=process)
    finally:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, before)
        awake.close()
        waker.close()
        for process in children:
            with suppress(OSError):
                os.killpg(process, signal.SIGKILL)


def _ended(children: dict[int, int]) -> list[tuple[int, int]]:
    """Those that have ended, each with its exit code, negative for a signal."""
    found = []
    for process in children:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            found.append((process, os.waitstatus_to_exitcode(status)))
    return found


def _begin(events: int, control: int, log: int) -> Lines:
    """Make a forked process one of its own: a session, an output, and signals that end it."""
    os.setsid()
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.close(log)
    faulthandler.enable(file=2)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # from outside, as SIGKILL is: no outcome of a case
    lines = Lines(socket.socket(fileno=events), socket.socket(fileno=control))
    for end in lines:
        end.set_inheritable(False)
    return lines
