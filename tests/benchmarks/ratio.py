from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """One line of the table.

    Attributes:
        value: ours divided by theirs; of times, smaller is better, of rates, larger.
        aim: what it should be, in words.
        details: both measurements, with their units.
    """

    what: str
    against: str
    value: float
    aim: str
    details: str
