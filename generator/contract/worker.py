"""The process that finds the cases: ``python -m generator.contract.worker``, told what to do on standard input."""

from __future__ import annotations

import os
import socket
import sys
from importlib import import_module

import httpx
import pytest

import generator.contract.fixtures  # noqa: F401 (a plug-in by name, see below)
from generator.contract.plugin import ContractPlugin
from generator.contract.secrecy import keep_secrets
from generator.contract.settings import Settings


def main() -> int:
    """Collect the cases, and fork processes that run them, see :mod:`generator.contract.settings`; pytest's exit code.

    Raises:
        ScaffoldError: another process traces this one.
    """
    keep_secrets()
    # Our own copy: the standard input that cases see is empty.
    line = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    settings = Settings.from_line(line.makefile("rb", buffering=0).readline())
    sys.path[:0] = settings.folders
    _load(settings)
    arguments = [
        *("-p", "generator.contract.fixtures", "-p", "no:cacheprovider", "-p", "no:doctest", "-p", "no:junitxml"),
        *("-c", "pytest.ini", "--rootdir=.", "--import-mode=importlib", "-q", "--tb=short", "--color=no"),
        "--capture=no",  # what a forked process prints goes to its own file
        *(f"--confcutdir={folder}" for folder in settings.folders[-1:]),
        *settings.folders,
    ]
    return int(pytest.main(arguments, plugins=[ContractPlugin(settings, line)]))


def _load(settings: Settings) -> None:
    """Load what cases would load while the project runs: the transport of their client, and the document."""
    for name in ("encodings.idna", "yaml"):
        import_module(name)
    httpx.Client().close()
    _ = settings.document


if __name__ == "__main__":
    sys.exit(main())
