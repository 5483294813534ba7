"""Options are data: a further one, and one that an idea leaves out, need no change of the generator."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from generator.errors import CatalogError, RefusedChoice
from generator.ledger import FILE, PROVEN, Ledger, proof_digests, proof_spec
from generator.project import Project
from tests.cli.command import scaffold_inside
from tests.proofs.recording import record
from tests.unit.toy import ToyRoot

RECORD = """scaffold_version: "<%= scaffold.version %>"
idea: <%= idea.id %>
project: "<%= project.slug %>"
choices:
#% for option, choice in choices.items()
  <%= option %>: <%= choice.id %>
#% endfor
answers: <%= scaffold.answers | quoted %>
command: <%= scaffold.command | quoted %>
"""
ABOUT = {"title": "Demo", "summary": "A demo.", "teaches": ["Demos"], "endpoints": ["GET /demo"]}
OFFERS = {"database": ["one", "two"], "auth": ["none"], "cache": ["memory"], "post": ["pigeon", "mail"]}


@pytest.fixture
def posting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ToyRoot:
    """Templates with a fifth option, ``post``, and a second idea without ``post`` and without ``cache``."""
    root = ToyRoot(
        tmp_path / "templates",
        {"_offers": {"toy": OFFERS}},
        questions={
            "post": {"help": "How is it posted?", "default": "mail", "choices": {"By mail": "mail", "Bird": "pigeon"}},
            "motto": {"help": "Which motto?", "default": ""},
        },
        facts={
            "post": {
                "optional_layers": ["shared/posting/{choice}"],
                "url": "POST_URL",
                "choices": {"mail": {"title": "Mail"}, "pigeon": {"title": "Pigeons", "family": "birds"}},
            },
            "motto": {"answer": True, "empty": "of {title}"},
        },
    )
    root.layer("shared/base", {".scaffold.yml.jinja": RECORD, "motto.jinja": "<%= post.title %>, <%= answers.motto %>"})
    for choice in ("mail", "pigeon"):
        root.layer(f"shared/toy/post/{choice}", {f"post/{choice}": ""})
    root.layer("shared/posting/pigeon", {"free": ""})
    root.layer("beginner/demo/toy/birds", {"birds": ""})
    plain = {"_idea": ABOUT, "_offers": {"toy": {"database": ["one"], "auth": ["none"]}}}
    root.write("beginner/plain/copier.yml", plain)
    root.layer("beginner/plain/toy", {"plain": ""})
    monkeypatch.setattr("generator.catalog.templates_root", lambda: tmp_path / "templates")
    monkeypatch.chdir(tmp_path)
    return root


def test_a_fifth_option_is_a_flag_that_is_recorded_and_brings_its_layers(posting: ToyRoot, tmp_path: Path) -> None:
    outcome = scaffold_inside("new", "demo", "links", "--post", "pigeon", "--motto", "Fly", "--yes", "--no-git")

    assert (outcome.code, outcome.err) == (0, "")
    recorded = yaml.safe_load((tmp_path / "links/.scaffold.yml").read_text())
    assert list(recorded["choices"].items())[-1] == ("post", "pigeon")
    assert recorded["command"].endswith("--cache memory --post pigeon --motto Fly --yes")
    assert (tmp_path / "links/motto").read_text() == "Pigeons, Fly"
    assert {path.name for path in (tmp_path / "links").rglob("*")} >= {"pigeon", "free", "birds"}
    assert dict(Project.load(tmp_path / "links").choices) == recorded["choices"]


def test_its_default_is_taken_and_its_help_and_its_refusals_name_its_choices(posting: ToyRoot, tmp_path: Path) -> None:
    made = scaffold_inside("new", "demo", "links", "--yes", "--no-git")
    helped = scaffold_inside("new", "--help")
    refused = scaffold_inside("new", "demo", "other", "--post", "pigeons", "--yes")

    assert made.code == 0
    assert (tmp_path / "links/motto").read_text() == "Mail, of Links"
    assert "--post" in helped.out
    assert "pigeon" in helped.out
    assert (refused.code, refused.err) == (
        2,
        "scaffold: 'pigeons' is not a choice of post; known: mail, pigeon. Did you mean --post pigeon?\n",
    )


def test_it_is_asked_for(posting: ToyRoot) -> None:
    from generator.answers import Answers
    from generator.interview import Interview, Question

    asked: list[str] = []

    class Person:
        def ask(self, question: Question) -> Any:
            asked.append(question.text)
            chosen = {entry.value for entry in question.entries}
            for wanted in ("pigeon", "write"):
                if wanted in chosen:
                    return wanted
            return question.default if chosen else "Fly"

    catalog = posting.catalog()
    texts = [catalog.options[key].question for key in ("database", "post")] + [
        str(catalog.answers["motto"].form.get("help", "motto")),
        "Write this project?",
    ]
    spec, _ = Interview(catalog, Answers(idea="demo", name="links"), Person()).run()

    assert asked == texts, "what has one choice only is not asked"
    assert (spec.choices["post"], spec.shared["motto"]) == ("pigeon", "Fly")


def test_it_is_part_of_combinations_show_and_the_ledger(posting: ToyRoot) -> None:
    catalog = posting.catalog()
    idea = catalog.idea("demo")
    shown = json.loads(scaffold_inside("show", "demo", "--json").out)

    assert [tuple(combination.values())[-1] for combination in idea.combinations()] == ["pigeon", "mail"] * 2
    assert shown["options"]["post"] == ["mail", "pigeon"]
    assert {entry["post"] for entry in shown["combinations"]} == {"mail", "pigeon"}
    assert "--post" in scaffold_inside("show", "demo").out
    spec = proof_spec(catalog, idea, next(iter(idea.combinations())))
    assert spec.combination == "toy-one-none-memory-pigeon"
    record(idea.path / FILE, spec.combination, proof_digests(catalog, idea, spec.choices))
    assert Ledger.read(catalog, idea).standing(spec.choices).state == PROVEN


def test_an_idea_leaves_options_out(posting: ToyRoot, tmp_path: Path) -> None:
    posting.layer("shared/base", {".scaffold.yml.jinja": RECORD, "motto.jinja": "<%= answers.motto %>"})
    made = scaffold_inside("new", "plain", "links", "--yes", "--no-git")
    refused = scaffold_inside("new", "plain", "other", "--cache", "memory", "--yes")
    missing = scaffold_inside("new", "plain", "other")

    assert (made.code, made.err) == (0, "")
    recorded = yaml.safe_load((tmp_path / "links/.scaffold.yml").read_text())
    assert recorded["choices"] == {"framework": "toy", "database": "one", "auth": "none"}
    assert "--cache" not in recorded["command"]
    assert dict(Project.load(tmp_path / "links").choices) == recorded["choices"]
    assert (
        json.loads(scaffold_inside("show", "plain", "--json").out)["combinations"][0].keys() & {"cache", "post"}
        == set()
    )
    assert (refused.code, refused.err) == (
        2,
        "scaffold: plain has no option 'cache'. Leave it out; it has --framework --database --auth.\n",
    )
    assert "these are missing: --framework --database --auth." in missing.err


def test_completion_knows_it(posting: ToyRoot) -> None:
    from generator.cli.completion import choices

    context = SimpleNamespace(params={"idea": "demo", "shared_post": "pigeon", "shared_database": "two"})

    assert choices("post")(context, "") == ["mail", "pigeon"]  # type: ignore[arg-type]


@pytest.mark.parametrize("flat", [True, False], ids=["before there were choices", "now"])
def test_what_an_older_version_recorded_is_read(posting: ToyRoot, tmp_path: Path, flat: bool) -> None:
    choices = {"framework": "toy", "database": "one", "auth": "none", "cache": "memory", "post": "mail"}
    record = {"scaffold_version": "0.1.0", "idea": "demo", "project": "links", "command": "scaffold new"}
    text = yaml.safe_dump({**record, **(choices if flat else {"choices": choices}), "answers": {"motto": "Fly"}})
    (tmp_path / "old").mkdir()
    (tmp_path / "old/.scaffold.yml").write_text(text)

    again = scaffold_inside("new", "--data-file", "old/.scaffold.yml", "--no-git")

    assert dict(Project.load(tmp_path / "old").choices) == choices
    assert (again.code, again.err) == (0, "")
    assert Project.load(tmp_path / "links").choices == choices
    assert (tmp_path / "links/motto").read_text() == "Mail, Fly"


@pytest.mark.parametrize(
    ("questions", "facts", "says"),
    [
        ({"post": {"help": "?", "default": "a", "choices": {"A": "a"}}}, {}, "says nothing of 'post'"),
        ({}, {"post": {"choices": {}}}, "does not ask for 'post'"),
        ({"post": {"help": "?", "default": "a", "choices": {"A": "a"}}}, {"post": {"choices": {}}}, "no title of post"),
        (
            {"post": {"help": "?", "default": "a", "choices": {"A": "a"}}},
            {"post": {"color": 1, "choices": {"a": {"title": "A"}}}},
            "unknown key 'color'",
        ),
        (
            {"post": {"help": "?", "default": "a", "choices": {"A": "a"}}},
            {"post": {"choices": {"a": {"title": "A", "color": 1}}}},
            "unknown key 'color'",
        ),
        ({"Post!": {"help": "?"}}, {"Post!": {"answer": True}}, "cannot be a flag"),
        ({"post": {"help": "?"}}, {"post": {"answer": True, "default_from": "moon"}}, "'moon'"),
    ],
    ids=["no facts", "no question", "no title", "option key", "choice key", "flag", "source"],
)
def test_two_files_that_contradict_each_other_are_named(
    tmp_path: Path, questions: dict[str, object], facts: dict[str, object], says: str
) -> None:
    catalog = ToyRoot(tmp_path / "templates", questions=questions, facts=facts).catalog()

    with pytest.raises(CatalogError, match=says):
        _ = catalog.options


def test_an_option_may_not_be_called_like_a_flag_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ToyRoot(tmp_path / "templates", questions={"data": {"help": "?"}}, facts={"data": {"answer": True}})
    monkeypatch.setattr("generator.catalog.templates_root", lambda: tmp_path / "templates")

    outcome = scaffold_inside("new", "demo", "links", "--yes")

    assert outcome.code == 2
    assert "which is a flag of 'scaffold new'" in outcome.err


@pytest.mark.parametrize("text", ["two\nlines", "bell\a", "x" * 201], ids=["lines", "control", "long"])
def test_a_text_that_is_no_line_is_refused(tmp_path: Path, text: str) -> None:
    root = ToyRoot(tmp_path / "templates", questions={"motto": {"help": "?"}}, facts={"motto": {"answer": True}})

    with pytest.raises(RefusedChoice, match="The answer to 'motto'"):
        root.spec(answers={"motto": text})
