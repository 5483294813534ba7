"""The process that runs the cases: ``python -m generator.contract.worker``, told what to do on standard input."""

from __future__ import annotations

import os
import sys

import pytest

import generator.contract.fixtures  # noqa: F401 (a plug-in by name, see below)
from generator.contract.plugin import ContractPlugin
from generator.contract.settings import Settings


def main() -> int:
    """Collect the cases, run those that are ordered, see :mod:`generator.contract.settings`; pytest's exit code."""
    # Our own copy: while pytest captures, the standard input that cases see is empty.
    orders = os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0)
    settings = Settings.from_line(orders.readline())
    sys.path[:0] = settings.folders
    arguments = [
        *("-p", "generator.contract.fixtures", "-p", "no:cacheprovider", "-p", "no:doctest", "-p", "no:junitxml"),
        *("-c", "pytest.ini", "--rootdir=.", "--import-mode=importlib", "-q", "--tb=short", "--color=no"),
        *(f"--confcutdir={folder}" for folder in settings.folders[-1:]),
        *settings.folders,
    ]
    return int(pytest.main(arguments, plugins=[ContractPlugin(settings, orders)]))


if __name__ == "__main__":
    sys.exit(main())
