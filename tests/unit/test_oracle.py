"""A second, separately written rule of which choices go together, and the command's agreement with it everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from generator.catalog import Catalog
from generator.errors import RefusedChoice
from tests.cli.command import scaffold_inside

OPTIONS = ("framework", "database", "auth", "cache")
KNOWN = {
    "framework": ("express", "fastapi", "spring"),
    "database": ("sqlite", "postgresql", "mongodb"),
    "auth": ("none", "jwt", "session"),
    "cache": ("memory", "redis"),
}
UNKNOWN = {"framework": "django", "database": "mysql", "auth": "oauth", "cache": "memcached"}
Choices = dict[str, str]


def goes_together(choices: Choices) -> bool:
    """Whether a complete answer is offered: Express and FastAPI with everything, Spring in one slice only."""
    if any(choices[option] not in KNOWN[option] for option in OPTIONS):
        return False
    if choices["framework"] == "spring":
        return (choices["database"], choices["auth"], choices["cache"]) == ("postgresql", "none", "memory")
    return True


VALID = [
    choices for values in product(*KNOWN.values()) if goes_together(choices := dict(zip(OPTIONS, values, strict=True)))
]


def can_be_completed(choices: Choices) -> bool:
    return any(all(complete[option] == choice for option, choice in choices.items()) for complete in VALID)


def answers(*, partial: bool) -> Iterator[Choices]:
    """Every product of known and unknown choices; with partial ones, each option may also be left out."""
    values = [[*KNOWN[option], UNKNOWN[option], *([""] if partial else [])] for option in OPTIONS]
    for combination in product(*values):
        yield {option: choice for option, choice in zip(OPTIONS, combination, strict=True) if choice}


def test_thirty_seven_combinations_are_offered() -> None:
    catalog = Catalog.load()

    offered = list(catalog.idea("url-shortener").combinations())

    assert len(VALID) == 36 + 1
    assert sorted(offered, key=str) == sorted(VALID, key=str)


def test_the_catalogue_agrees_on_every_answer_and_every_part_of_one() -> None:
    catalog = Catalog.load()
    idea = catalog.idea("url-shortener")
    disagreements = []
    for choices in answers(partial=True):
        try:
            catalog.check_choices(idea, choices)
            accepted = True
        except RefusedChoice:
            accepted = False
        if accepted != can_be_completed(choices):
            disagreements.append(choices)

    assert disagreements == []


def test_what_is_offered_next_always_goes_together_with_what_was_chosen() -> None:
    idea = Catalog.load().idea("url-shortener")
    for choices in answers(partial=True):
        for option in set(OPTIONS) - set(choices):
            offered = idea.offered(option, choices)
            assert sorted(offered) == sorted({v[option] for v in VALID if v.items() >= choices.items()})


def test_the_todo_list_is_offered_in_express_and_fastapi_without_a_cache() -> None:
    idea = Catalog.load().idea("todo")

    wanted = product(["express", "fastapi"], KNOWN["database"], KNOWN["auth"])
    assert idea.options == ("framework", "database", "auth")
    assert {tuple(choices.values()) for choices in idea.combinations()} == set(wanted)


@pytest.mark.parametrize("framework", [*KNOWN["framework"], UNKNOWN["framework"]])
def test_the_command_agrees_on_every_complete_answer(framework: str, tmp_path: Path) -> None:
    for choices in answers(partial=False):
        if choices["framework"] != framework:
            continue
        flags = [word for option, choice in choices.items() for word in (f"--{option}", choice)]

        outcome = scaffold_inside("new", "url-shortener", str(tmp_path / "links"), *flags, "--yes", "--dry-run")

        if goes_together(choices):
            assert (outcome.code, outcome.err) == (0, ""), choices
            assert outcome.out.count("\n") > 20, choices
        else:
            assert (outcome.code, outcome.out) == (2, ""), choices
            check_refusal(choices, outcome.err)
    assert list(tmp_path.iterdir()) == []


def check_refusal(choices: Choices, message: str) -> None:
    """One line that says which choice is wrong, and a combination that is offered and as near as any."""
    assert message.count("\n") == 1
    assert message.startswith("scaffold: ")
    assert any(f"'{choice}'" in message for choice in choices.values()), message
    suggested = dict(re.findall(r"--(\w+) ([\w-]+)", message))
    assert set(suggested) == set(OPTIONS), message
    assert goes_together(suggested), message
    assert len(suggested.items() & choices.items()) == max(len(valid.items() & choices.items()) for valid in VALID)
