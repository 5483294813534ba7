"""What the prover selects: every pair, every framework with every database and sign-in, in an order of its own."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, product
from pathlib import Path

import pytest

from generator.catalog import Catalog, Idea
from generator.spec import ProjectSpec
from tests.proofs.packages import copy_tree
from tests.proofs.places import place
from tests.proofs.proof import Proof
from tests.proofs.selection import full, in_order_of, matching, name_of, pairwise
from tests.proofs.steps import Step
from tests.proofs.table import print_failures, print_times

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def idea() -> Idea:
    return Catalog.load().idea("url-shortener")


def pairs(selection: list[dict[str, str]]) -> set[tuple[tuple[str, str], ...]]:
    """Every two choices with their framework: layers of two frameworks have nothing in common."""
    return {
        (("framework", combination["framework"]), *pair)
        for combination in selection
        for pair in combinations([item for item in combination.items() if item[0] != "framework"], 2)
    }


def test_pairwise_shows_every_pair_with_few(idea: Idea) -> None:
    offered = list(idea.combinations())
    selection = pairwise(idea)

    assert pairs(selection) == pairs(offered)
    # The two largest options have three choices each, so a framework cannot do with fewer than nine.
    assert len(selection) <= sum(9 if "mongodb" in groups[-1]["database"] else 1 for groups in idea.offers.values())
    assert selection == pairwise(idea)


def test_full_has_every_framework_with_every_database_and_auth_once(idea: Idea) -> None:
    selection = full(idea)

    groups = [(one["framework"], one["database"], one["auth"]) for one in selection]
    assert len(groups) == len(set(groups))
    wide = product(("express", "fastapi"), ("sqlite", "postgresql", "mongodb"), ("none", "jwt", "session"))
    assert set(groups) >= set(wide)
    assert {one["cache"] for one in selection} == {"memory", "redis"}


def test_both_together_show_every_pair_and_repeat_nothing(idea: Idea) -> None:
    selection = pairwise(idea, full(idea))

    assert pairs(selection) == pairs(list(idea.combinations()))
    assert len({name_of(one) for one in selection}) == len(selection)


def test_patterns_choose_by_name(idea: Idea) -> None:
    assert [name_of(one) for one in matching(idea, ["express-sqlite-*-memory"])] == [
        "express-sqlite-none-memory",
        "express-sqlite-jwt-memory",
        "express-sqlite-session-memory",
    ]


def test_the_seed_decides_the_order() -> None:
    work = list(range(20))

    assert in_order_of(work, "a") == in_order_of(work, "a") != in_order_of(work, "b")
    assert sorted(in_order_of(work, "a")) == work


def test_what_time_is_too_short_for_is_named() -> None:
    command = [sys.executable, "-m", "tests.proofs", "--pairwise", "--minutes", "0", "--seed", "x"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=150)

    assert (done.returncode, done.stderr) == (0, "")
    assert "in the order of x; begun until 0 minutes are over" in done.stdout
    assert "Not run, for the time was over" in done.stdout
    assert "url-shortener express-" in done.stdout


def test_a_proof_s_times_are_printed_with_their_median(capsys: pytest.CaptureFixture[str]) -> None:
    proofs = [
        Proof("demo", "toy-a", [Step("render", 1), Step("contract", 10)], 11),
        Proof("demo", "toy-b", [Step("contract", 20), Step("render", 3)], 23),
        Proof("demo", "toy-c", [Step("render", 99, "broken")], 99),
    ]

    print_times(proofs)

    printed = capsys.readouterr().out
    rows = {line[:60].strip(): line[60:].split() for line in printed.splitlines() if line}
    assert rows["median of toy"] == ["2.0", "15.0", "17.0"]
    assert rows["demo toy-c FAILED"] == ["99.0", "99.0"]
    assert list(proofs[1].times) == ["render", "contract", "total"]
    assert max(map(len, printed.splitlines())) <= 120


def test_what_failed_is_printed_once_more_in_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    said = "\n".join(f"line {number}" for number in range(1, 41))
    steps = [Step("test", 9, f"exit 1: {said}"), Step("contract", 9, f"links.a: 503\n{said}"), Step("lint", 1)]

    print_failures([Proof("demo", "toy-a", steps), Proof("demo", "toy-b", [Step("test", 9)])])

    printed = capsys.readouterr().out
    assert "demo toy-a: test FAILED\nline 25\n" in printed
    assert "line 40\n\ndemo toy-a: contract FAILED\nlinks.a: 503\nline 1\n" in printed
    assert printed.endswith("line 15\n")
    assert "lint" not in printed
    assert "toy-b" not in printed


def test_places_are_taken_in_turns_and_cleared() -> None:
    with place() as first, place() as second:
        assert first != second
        assert list(first.iterdir()) == list(second.iterdir()) == []
        (first / "proof").mkdir()
    assert not first.exists()


def test_packages_are_lent_as_hard_links(tmp_path: Path) -> None:
    (tmp_path / "from/node_modules/.bin").mkdir(parents=True)
    (tmp_path / "from/node_modules/left.js").write_text("left")
    (tmp_path / "from/node_modules/.bin/left").symlink_to("../left.js")
    (tmp_path / "to").mkdir()

    copy_tree(tmp_path / "from/node_modules", tmp_path / "to")

    assert (tmp_path / "to/node_modules/left.js").samefile(tmp_path / "from/node_modules/left.js")
    assert (tmp_path / "to/node_modules/.bin/left").is_symlink()


def test_a_combination_s_name_is_that_of_its_spec(idea: Idea) -> None:
    combination = next(idea.combinations())
    spec = ProjectSpec.create(Catalog.load(), idea=idea.id, name="links", choices=combination)

    assert spec.combination == name_of(combination)
