"""What is said of a combination: proven in this form, covered by pairs, outdated, or unproven."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from generator.digests import Digests
from generator.errors import CatalogError
from generator.ledger import FILE, Ledger, Standing, proof_digests, read_proofs
from tests.proofs.recording import record
from tests.unit.toy import BASE, CHASSIS, DEMO, ToyRoot

CHOICES = ("a", "b")
FACTS = {"choices": {choice: {"title": choice.upper()} for choice in CHOICES}}
QUESTION = {"help": "?", "default": "a", "choices": {choice: choice for choice in CHOICES}}
OPTIONS = ("color", "shape", "size")
CONTRACT = "beginner/demo/contract/test_demo.py"


@pytest.fixture
def cube(tmp_path: Path) -> ToyRoot:
    """Templates with three further options of two choices each; every choice has a layer."""
    offers = {"database": ["one"], "auth": ["none"], "cache": ["memory"], **{option: ["a", "b"] for option in OPTIONS}}
    root = ToyRoot(
        tmp_path / "templates",
        {"_offers": {"toy": offers}},
        questions={**dict.fromkeys(OPTIONS, QUESTION), "motto": {"help": "?", "default": ""}},
        facts={
            **dict.fromkeys(OPTIONS, FACTS),
            "motto": {"answer": True, "optional_layers": ["shared/motto/{choice}"]},
        },
    )
    for option in OPTIONS:
        for choice in CHOICES:
            root.layer(f"shared/toy/{option}/{choice}", {f"{option}-{choice}": choice})
    (root.path / CONTRACT).parent.mkdir()
    (root.path / CONTRACT).write_text("")
    return root


def choices(word: str) -> dict[str, str]:
    """``aab`` → the combination with colour a, shape a and size b."""
    fixed = {"framework": "toy", "database": "one", "auth": "none", "cache": "memory"}
    return {**fixed, **dict(zip(OPTIONS, word, strict=True))}


def prove(root: ToyRoot, *words: str, **facts: Any) -> None:
    catalog = root.catalog()
    idea = catalog.idea("demo")
    for word in words:
        name = f"toy-one-none-memory-{'-'.join(word)}"
        record(idea.path / FILE, name, {**proof_digests(catalog, idea, choices(word)), **facts})


def standing(root: ToyRoot, word: str) -> Standing:
    catalog = root.catalog()
    return Ledger.read(catalog, catalog.idea("demo")).standing(choices(word))


def states(root: ToyRoot, *words: str) -> list[str]:
    return [standing(root, word).state for word in words]


# Each two of color, shape and size are in one of these.
PAIRWISE = ("aaa", "abb", "bab", "bba")
OTHERS = ("aab", "aba", "baa", "bbb")


def test_what_is_proven_pair_by_pair_covers_the_rest(cube: ToyRoot) -> None:
    prove(cube, *PAIRWISE)

    assert states(cube, *PAIRWISE) == ["proven"] * 4
    assert states(cube, *OTHERS) == ["covered"] * 4


def test_without_any_proof_nothing_is_proven(cube: ToyRoot) -> None:
    assert standing(cube, "aaa") == Standing("unproven")


def test_a_pair_that_never_ran_is_not_covered(cube: ToyRoot) -> None:
    prove(cube, "aaa", "abb", "bab")

    assert states(cube, "aab", "bba", "baa") == ["covered", "unproven", "unproven"]


def test_a_layer_that_changes_takes_away_what_rests_on_it(cube: ToyRoot) -> None:
    prove(cube, *PAIRWISE)

    cube.layer("shared/toy/size/b", {"size-b": "changed"})

    assert states(cube, *PAIRWISE) == ["proven", "outdated", "outdated", "proven"]
    assert states(cube, "aab", "bbb") == ["unproven", "unproven"]
    assert standing(cube, "abb").changed == ("shared/toy/size/b",)


def test_what_an_outdated_proof_showed_of_unchanged_layers_does_not_count(cube: ToyRoot) -> None:
    """``aba`` rests on ``aaa``, ``bba`` and ``abb``: the last one is the only proof of colour a with shape b."""
    prove(cube, *PAIRWISE)
    assert states(cube, "aba") == ["covered"]

    cube.layer("shared/toy/size/b", {"size-b": "changed"})

    assert states(cube, "aba") == ["unproven"]


def test_a_new_proof_of_the_changed_layer_covers_again(cube: ToyRoot) -> None:
    prove(cube, *PAIRWISE)
    cube.layer("shared/toy/size/b", {"size-b": "changed"})

    prove(cube, "abb")
    assert states(cube, "aba", "aab", "bbb") == ["covered", "unproven", "unproven"]
    prove(cube, "bab")
    assert states(cube, "aba", "aab", "bbb") == ["covered", "covered", "covered"]


def test_an_outdated_combination_may_be_covered(cube: ToyRoot) -> None:
    prove(cube, "aab")
    cube.layer("shared/toy/size/b", {"size-b": "changed"})
    assert states(cube, "aab") == ["outdated"]

    prove(cube, *PAIRWISE)

    assert states(cube, "aab") == ["covered"]


@pytest.mark.parametrize("layer", [BASE, CHASSIS, DEMO])
def test_a_layer_of_every_project_takes_all_away(cube: ToyRoot, layer: str) -> None:
    prove(cube, *PAIRWISE)

    commands = {"commands": {"start": ["true"]}} if layer == CHASSIS else {}
    cube.layer(layer, {"file": "new"}, **commands)

    assert states(cube, *PAIRWISE, *OTHERS) == ["outdated"] * 4 + ["unproven"] * 4
    assert standing(cube, "aaa").changed == (layer,)


def test_the_contract_takes_all_away(cube: ToyRoot) -> None:
    prove(cube, *PAIRWISE)

    (cube.path / CONTRACT).write_text("changed")

    assert states(cube, *PAIRWISE, *OTHERS) == ["outdated"] * 4 + ["unproven"] * 4
    assert standing(cube, "aaa").changed == ("contract",)


def test_a_contribution_and_the_version_of_a_named_package_are_part_of_a_layer(cube: ToyRoot) -> None:
    prove(cube, *PAIRWISE)
    cube.layer("shared/toy/size/b", {"size-b": "b"}, dependencies=["left"])
    assert states(cube, "aaa", "abb") == ["proven", "outdated"]

    prove(cube, "abb")
    assert states(cube, "aaa", "abb") == ["proven", "proven"]
    cube.versions(left="1.0.1", right="2.0.0")
    assert states(cube, "aaa", "abb") == ["proven", "outdated"]
    cube.versions(left="1.0.0", right="2.0.1")
    assert states(cube, "aaa", "abb") == ["proven", "proven"]


def test_an_executable_bit_and_a_fragment_of_the_readme_are_part_of_a_layer(cube: ToyRoot) -> None:
    part = {"readme": [{"section": "intro", "file": "intro.md"}]}
    folder = cube.layer("shared/toy/size/b", {"_parts/intro.md": "One."}, **part)
    prove(cube, "aab")
    (folder / "_parts/intro.md").write_text("Two.")
    assert states(cube, "aab") == ["outdated"]

    prove(cube, "aab")
    (cube.path / "shared/toy/size/a/size-a").chmod(0o755)
    (cube.path / "shared/toy/color/a/color-a").chmod(0o755)
    assert states(cube, "aab") == ["outdated"]


def test_names_and_answers_are_no_part_of_a_proof(cube: ToyRoot) -> None:
    cube.layer("shared/motto/fly", {"fly": ""})
    digests = Digests(cube.catalog())
    specs = [
        cube.spec("a-name", {"motto": "fly"}),
        cube.spec("another-name", {"motto": ""}),
    ]

    assert cube.plan("a-name", {"motto": "fly"}).files != cube.plan("a-name").files
    assert len({digests.plan(spec) for spec in specs}) == 1
    assert digests.parts(specs[0]) == digests.parts(specs[1])
    prove(cube, "aaa")
    cube.layer("shared/motto/fly", {"fly": "changed"})
    assert states(cube, "aaa") == ["proven"]


def test_a_standing_says_when_and_on_what(cube: ToyRoot) -> None:
    prove(cube, "aaa", "abb", services={"size": "Ruler 1"})
    prove(cube, "bab", "bba", services={"size": "Ruler 2", "shape": "Cutter"}, date="2020-01-01")

    assert standing(cube, "bab") == Standing("proven", "2020-01-01", ("Ruler 2", "Cutter"))
    covered = standing(cube, "aba")
    assert (covered.state, covered.date) == ("covered", "2020-01-01")
    assert set(covered.runs_on) <= {"Ruler 1", "Ruler 2", "Cutter"}


def test_the_form_of_earlier_ledgers_is_read(cube: ToyRoot) -> None:
    (cube.path / "beginner/demo" / FILE).write_text(
        '{"toy-one-none-memory-a-a-a": {"plan": "0", "contract": "0", "date": "2020-01-01", "services": ["Ruler"]}}'
    )

    assert standing(cube, "aaa") == Standing("outdated", "2020-01-01", ("Ruler",), ("contract",))


def test_what_is_no_longer_offered_is_passed_over(cube: ToyRoot) -> None:
    prove(cube, *PAIRWISE)
    path = cube.path / "beginner/demo" / FILE
    path.write_text(path.read_text().replace("toy-one-none-memory-b-b-a", "toy-one-none-memory-b-b-z"))

    assert states(cube, "aab", "aba") == ["covered", "unproven"]


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}'])
def test_a_ledger_that_is_none_is_named(cube: ToyRoot, text: str) -> None:
    (cube.path / "beginner/demo" / FILE).write_text(text)

    with pytest.raises(CatalogError, match=r"proofs\.json"):
        standing(cube, "aaa")


def test_runs_that_record_at_once_lose_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / FILE
    names = [f"proof-{number}" for number in range(24)]

    with ProcessPoolExecutor(6) as pool:
        list(pool.map(record, [ledger] * len(names), names, [{"score": 100}] * len(names)))

    assert sorted(read_proofs(ledger)) == sorted(names)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
