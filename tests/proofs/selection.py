"""Which combinations to prove: all, few that together show every pair of choices, or those that a framework needs."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import combinations as pairs_of
from typing import TypeVar

from generator.catalog import Idea
from generator.spec import combination_name

Combination = dict[str, str]
Work = TypeVar("Work")
Pair = frozenset[tuple[str, str]]

# Of the idea that a framework is tried on first, every combination of these is proven.
FULL = ("framework", "database", "auth")


def name_of(combination: Combination) -> str:
    """``express-sqlite-none-memory``: how a combination is called on the command line and in the ledger."""
    return combination_name(combination)


def pairwise(idea: Idea, chosen: Sequence[Combination] = ()) -> list[Combination]:
    """A small selection in which every pair of choices that is offered together occurs, in a stable order.

    Greedy: the next combination is the one that shows most pairs not yet seen.

    Args:
        chosen: combinations that are proven anyway; the selection begins with them.
    """
    offered = list(idea.combinations())
    selection = list(chosen)
    missing = {pair for combination in offered for pair in _pairs(combination)} - _pairs_in(selection)
    while missing:
        best = max(offered, key=lambda combination: len(missing & _pairs(combination)))
        selection.append(best)
        missing -= _pairs(best)
    return selection


def full(idea: Idea) -> list[Combination]:
    """One combination for each framework, database and auth that are offered together, in a stable order.

    Their other options are chosen so that many pairs of choices occur.
    """
    groups: dict[tuple[str | None, ...], list[Combination]] = {}
    for combination in idea.combinations():
        groups.setdefault(tuple(combination.get(option) for option in FULL), []).append(combination)
    selection: list[Combination] = []
    for group in groups.values():
        seen = _pairs_in(selection)
        selection.append(max(group, key=lambda combination: len(_pairs(combination) - seen)))
    return selection


def matching(idea: Idea, patterns: Sequence[str]) -> list[Combination]:
    """The offered combinations whose name matches one of the shell patterns."""
    return [
        combination
        for combination in idea.combinations()
        if any(fnmatchcase(name_of(combination), pattern) for pattern in patterns)
    ]


def in_order_of(work: Sequence[Work], seed: str) -> list[Work]:
    """The same, in an order that the seed decides: what time is too short for today comes first another day."""
    ordered = list(work)
    random.Random(seed).shuffle(ordered)
    return ordered


def _pairs(combination: Combination) -> set[Pair]:
    """Every choice, and every two choices, each together with the framework: a choice's layers are its framework's."""
    framework = ("framework", combination["framework"])
    rest = sorted(item for item in combination.items() if item[0] != "framework")
    return {frozenset((framework, *some)) for size in (1, 2) for some in pairs_of(rest, size)}


def _pairs_in(combinations: Iterable[Combination]) -> set[Pair]:
    return {pair for combination in combinations for pair in _pairs(combination)}
