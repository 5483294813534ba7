"""Which cases apply to which server. Pure: decided before anything runs, and not by the process that runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.contract import Case

NOT_OURS = "not run: needs to start, stop or starve the server"
SERVED = frozenset({"process", "database", "cache", "contents"})


@dataclass(frozen=True)
class Facts:
    """What is known of the server under test.

    Attributes:
        auth: its auth choice.
        managed: whether the runner starts and stops it.
        unavailable: need (``database``, ``cache``, ``contents``) → why it cannot be met.
        signup: the kind of its sign-up, see :data:`generator.contract.SIGNUPS`.
        patient: whether cases that wait for a minute are wanted.
    """

    auth: str
    managed: bool
    unavailable: Mapping[str, str] = field(default_factory=dict)
    patient: bool = True
    signup: str = "open"


def why_not(case: Case, facts: Facts) -> str:
    """Why the case does not apply; an empty string when it does."""
    if case.auth and facts.auth not in case.auth:
        return f"not applicable: about auth {' and '.join(case.auth)}, the project has auth {facts.auth}"
    if "users" in case.needs and facts.auth == "none":
        return "not applicable: needs more than one user, the project has auth none"
    if case.signup and facts.auth != "none" and facts.signup != case.signup:
        return f"not applicable: about sign-up that is {case.signup}, the idea's is {facts.signup}"
    if not facts.managed and SERVED.intersection(case.needs):
        return NOT_OURS
    if case.waits and not facts.patient:
        return f"not run: waits for {case.waits:.0f} s"
    for need in case.needs:
        if need in facts.unavailable:
            return f"not applicable: {facts.unavailable[need]}"
    return ""
