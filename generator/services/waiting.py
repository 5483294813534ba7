"""Waiting by polling, with a bound."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Poll until something holds.

    Args:
        condition: asked at least once.
        seconds: how long to go on asking.
        pause: seconds between two questions.

    Returns:
        whether it came to hold in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True
