"""An idea exists because its folder does; what its manifest gets wrong is said with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from generator.catalog import Catalog
from generator.errors import CatalogError, RefusedChoice
from generator.plan import make_plan
from generator.render import render
from generator.spec import ProjectSpec
from tests.unit.toy import DEMO, ToyRoot


def test_a_second_root_adds_ideas_that_build_on_the_shared_layers(toy: ToyRoot, tmp_path: Path) -> None:
    toy.layer("shared/toy/chassis", {"server": "shared"}, commands={"start": ["true"]})
    own = another_root(toy, tmp_path / "ours", "survey")
    catalog = Catalog([toy.path, own])

    spec = ProjectSpec.create(catalog, idea="survey", name="my-survey", choices={})
    render(make_plan(catalog, spec), tmp_path / "made")

    assert sorted(catalog.ideas) == ["demo", "survey"]
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["server", "survey"]


def test_two_ideas_of_one_name_are_refused(toy: ToyRoot, tmp_path: Path) -> None:
    own = another_root(toy, tmp_path / "ours", "demo")

    with pytest.raises(CatalogError) as refused:
        _ = Catalog([toy.path, own]).ideas

    assert str(own / "beginner/demo") in str(refused.value)
    assert str(toy.path / "beginner/demo") in str(refused.value)


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"_idea": {"title": "Demo"}, "_offers": {}},
        {"_idea": None, "_offers": None},
        {"_idea": {"title": "D", "summary": "D", "teaches": [], "endpoints": ["no-method"]}, "_offers": {}},
        {
            "_idea": {"title": "D", "summary": "D", "teaches": [], "endpoints": []},
            "_offers": {"toy": {"colour": ["red"]}},
        },
    ],
    ids=["empty", "half", "nothing", "endpoint", "offers"],
)
def test_a_malformed_idea_names_its_file(toy: ToyRoot, manifest: dict[str, object]) -> None:
    path = toy.path / "beginner/demo/copier.yml"
    path.write_text(yaml.safe_dump(manifest))

    with pytest.raises(CatalogError) as refused:
        _ = toy.catalog().ideas

    assert str(path) in str(refused.value)


def test_an_offer_of_a_choice_that_nobody_knows_names_the_idea(toy: ToyRoot) -> None:
    path = toy.path / "beginner/demo/copier.yml"
    path.write_text(path.read_text().replace("- two", "- three"))

    with pytest.raises(CatalogError) as refused:
        _ = toy.catalog().ideas

    assert str(path) in str(refused.value)
    assert "three" in str(refused.value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"stars": "many"}, "a whole number"),
        ({"greet": "perhaps"}, "yes or no"),
        ({"size": "huge"}, "Known: small, large"),
        ({"colour": "red"}, "Its own questions: stars, greet, size"),
    ],
    ids=["number", "truth", "choice", "unknown"],
)
def test_an_answer_of_the_wrong_kind_is_refused(tmp_path: Path, given: dict[str, str], says: str) -> None:
    questions = {
        "stars": {"type": "int", "default": 3},
        "greet": {"type": "bool", "default": False},
        "size": {"type": "str", "default": "small", "choices": ["small", "large"]},
    }

    with pytest.raises(RefusedChoice) as refused:
        ToyRoot(tmp_path / "templates", questions).spec(answers=given)

    assert says in str(refused.value)


def another_root(toy: ToyRoot, root: Path, idea: str) -> Path:
    """A root with one idea and nothing shared."""
    folder = root / "beginner" / idea
    (folder / "toy").mkdir(parents=True)
    (folder / "copier.yml").write_text((toy.path / "beginner/demo/copier.yml").read_text())
    (folder / "toy" / "layer.yml").write_text((toy.path / DEMO / "layer.yml").read_text())
    (folder / "toy" / idea).write_text("ours")
    return root
