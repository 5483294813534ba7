"""Events that were not sent as they come are noticed, and none after them counts."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from generator.contract.events import Events, Reporter
from generator.contract.sealed import new_key

SENT = ("a", "b", "c")


def read(lines: list[bytes], key: str) -> tuple[list[str], bool]:
    """What the reading end takes for true, and whether it has noticed that something else came."""
    here, there = socket.socketpair()
    with here, there:
        here.sendall(b"".join(lines))
        events = Events(there, key)
        return [event["event"] for event in events.new()], events.forged


@pytest.fixture
def key() -> str:
    return new_key()


@pytest.fixture
def lines(key: str) -> list[bytes]:
    """Three events as they are on the line."""
    here, there = socket.socketpair()
    with here, there:
        report = Reporter(here, key)
        for name in SENT:
            report(name, outcome="failed")
        return there.recv(4096).splitlines(keepends=True)


def test_what_was_sent_is_read(lines: list[bytes], key: str) -> None:
    assert read(lines, key) == (list(SENT), False)


TAMPERED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "altered": lambda lines: [lines[0], lines[1].replace(b"failed", b"passed"), lines[2]],
    "left out": lambda lines: [lines[0], lines[2]],
    "sent again": lambda lines: [lines[0], lines[0], lines[1], lines[2]],
    "moved": lambda lines: [lines[0], lines[2], lines[1]],
    "without a seal": lambda lines: [lines[0], b'{"event": "b"}\n', lines[2]],
    "with another seal": lambda lines: [lines[0], b"0" * 64 + lines[1][64:], lines[2]],
    "not ASCII": lambda lines: [lines[0], b"\xff\xfe \x00\n", lines[2]],
    "empty": lambda lines: [lines[0], b"\n", lines[1]],
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_not_sent_so_is_noticed(lines: list[bytes], key: str, how: str) -> None:
    assert read(TAMPERED[how](lines), key) == (["a"], True)


def test_another_key_opens_nothing(lines: list[bytes]) -> None:
    assert read(lines, new_key()) == ([], True)


def test_half_a_line_is_no_event_yet(lines: list[bytes], key: str) -> None:
    assert read([lines[0], lines[1][:-1]], key) == (["a"], False)
