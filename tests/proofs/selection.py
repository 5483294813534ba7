"""Which combinations to prove: all, or few that together show every pair of choices."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import combinations as pairs_of

from generator.catalog import Idea

Combination = dict[str, str]


def name_of(combination: Combination) -> str:
    """``express-sqlite-none-memory``: how a combination is called on the command line and in the ledger."""
    return "-".join(combination.values())


def pairwise(idea: Idea) -> list[Combination]:
    """A small selection in which every pair of choices that is offered together occurs, in a stable order.

    Greedy: the next combination is the one that shows most pairs not yet seen.
    """
    offered = list(idea.combinations())
    missing = {pair for combination in offered for pair in _pairs(combination)}
    chosen: list[Combination] = []
    while missing:
        best = max(offered, key=lambda combination: len(missing & _pairs(combination)))
        chosen.append(best)
        missing -= _pairs(best)
    return chosen


def matching(idea: Idea, patterns: Sequence[str]) -> list[Combination]:
    """The offered combinations whose name matches one of the shell patterns."""
    return [
        combination
        for combination in idea.combinations()
        if any(fnmatchcase(name_of(combination), pattern) for pattern in patterns)
    ]


def _pairs(combination: Combination) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair) for pair in pairs_of(sorted(combination.items()), 2)}
