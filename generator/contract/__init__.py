"""The contract of an idea: cases in Python that reach a server over the wire only.

A case file, ``templates/<level>/<idea>/contract/test_*.py``, holds one function per rule::

    from generator.contract import case

    @case("links.create.answers-201", points=1, reason="A created link answers 201 with Location.")
    def test_create(as_user):
        ann = as_user("ann")
        assert ann.post("/api/v1/links", json={"url": "https://example.com/"}).status_code == 201

The fixtures a case may ask for are in :mod:`generator.contract.fixtures`. Importing this package is cheap: it
needs nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["AUTHS", "NEEDS", "SIGNUPS", "Case", "case"]

NEEDS = frozenset({"process", "database", "cache", "contents", "users", "resource"})
AUTHS = frozenset({"none", "jwt", "session", "oauth"})
SIGNUPS = frozenset({"open", "verified"})

_ID = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_MARK = "__contract_case__"

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Case:
    """One rule of a contract.

    Attributes:
        id: fixed for ever, such as ``links.create.rejects-javascript-url``.
        points: what it counts in the score, at least 1.
        reason: the rule in one line.
        needs: what it takes beside requests: ``process`` (starting and stopping servers), ``database`` or
            ``cache`` (stopping them), ``contents`` (reading the database), ``users`` (more than one identity),
            ``resource`` (a collection whose items users make, read and change).
        auth: the auth choices it is about; empty means all.
        waits: seconds that it does nothing but wait, for a rule about a minute; such cases run beside the others.
        race: whether it is about what happens at the same moment. What fails once in ten times is a failure, so such
            a case is never run a second time.
        signup: the kind of sign-up it is about, ``open`` (an account at once) or ``verified`` (when the address is
            proven); empty means both.
    """

    id: str
    points: int
    reason: str
    needs: tuple[str, ...] = ()
    auth: tuple[str, ...] = ()
    waits: float = 0.0
    race: bool = False
    signup: str = ""

    @property
    def feature(self) -> str:
        """The first segment of the id."""
        return self.id.split(".", 1)[0]


def case(
    case_id: str,
    /,
    *,
    points: int,
    reason: str,
    needs: Sequence[str] = (),
    auth: Sequence[str] = (),
    waits: float = 0.0,
    race: bool = False,
    signup: str = "",
) -> Callable[[_Function], _Function]:
    """Mark a test function as the case of that id. The arguments are those of :class:`Case`.

    A function with ``pytest.mark.parametrize`` is still one case: it passes when every variant does.

    Raises:
        ValueError: a malformed id, points below 1, an empty reason, an unknown need, auth choice or sign-up. Raised
            while the file is imported, so the run stops before anything is started.
    """
    problems = []
    if not _ID.fullmatch(case_id):
        problems.append("an id is two or more segments of a-z, 0-9 and '-', joined by dots")
    if points < 1:
        problems.append("points must be at least 1")
    if not reason.strip() or "\n" in reason:
        problems.append("a reason is one line")
    if isinstance(needs, str) or not NEEDS.issuperset(needs):
        problems.append(f"needs is a tuple of {', '.join(sorted(NEEDS))}")
    if isinstance(auth, str) or not AUTHS.issuperset(auth):
        problems.append(f"auth is a tuple of {', '.join(sorted(AUTHS))}")
    if signup and signup not in SIGNUPS:
        problems.append(f"signup is one of {', '.join(sorted(SIGNUPS))}")
    if problems:
        raise ValueError(f"case '{case_id}': {'; '.join(problems)}")

    def mark(function: _Function) -> _Function:
        setattr(function, _MARK, Case(case_id, points, reason, tuple(needs), tuple(auth), waits, race, signup))
        return function

    return mark


def case_of(function: object) -> Case | None:
    """The case that a test function was marked as, or None."""
    found = getattr(function, _MARK, None)
    return found if isinstance(found, Case) else None
