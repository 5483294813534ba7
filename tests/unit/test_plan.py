"""What two layers cannot agree on stops the plan, with both named; what they can agree on is merged in order."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from generator.errors import CatalogError, PlanError
from tests.unit.toy import AUTH, BASE, CACHE, CHASSIS, DEMO, ONE, ToyRoot


def test_layers_come_in_the_documented_order(toy: ToyRoot) -> None:
    toy.layer("shared/services/one")
    toy.layer("beginner/demo/toy/sql")
    toy.layer("beginner/demo/docs")

    assert [layer.id for layer in toy.plan().layers] == [
        *(BASE, CHASSIS, "shared/services/one", ONE, AUTH, CACHE),
        *(DEMO, "beginner/demo/toy/sql", "beginner/demo/docs"),
    ]


def test_the_family_of_the_database_decides_which_folder_applies(toy: ToyRoot) -> None:
    toy.layer("beginner/demo/toy/sql", {"repository": "sql"})
    toy.layer("beginner/demo/toy/mongodb", {"repository": "documents"})

    sources = {database: toy.plan(database=database).files[0].layer for database in ("one", "two")}

    assert sources == {"one": "beginner/demo/toy/sql", "two": "beginner/demo/toy/mongodb"}


def test_a_required_layer_comes_first_and_once(toy: ToyRoot) -> None:
    toy.layer("shared/toy/auth/accounts", {"accounts": ""})
    toy.layer(AUTH, requires=["auth/accounts"])
    toy.layer(CACHE, requires=["auth/accounts"])

    ids = [layer.id for layer in toy.plan().layers]

    assert ids.count("shared/toy/auth/accounts") == 1
    assert ids.index("shared/toy/auth/accounts") == ids.index(AUTH) - 1


def test_one_path_written_by_two_layers_is_refused(toy: ToyRoot) -> None:
    toy.layer(CHASSIS, {"src/db.ts": "a"})
    toy.layer(DEMO, {"src/db.ts": "b"})

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {CHASSIS, DEMO, "src/db.ts"} <= _words(refused.value)


def test_a_template_and_a_plain_file_for_one_path_collide(toy: ToyRoot) -> None:
    toy.layer(CHASSIS, {"package.json": "{}"})
    toy.layer(DEMO, {"package.json.jinja": "{}"})

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {CHASSIS, DEMO, "package.json"} <= _words(refused.value)


def test_a_file_where_another_layer_has_a_folder_is_refused(toy: ToyRoot) -> None:
    toy.layer(CHASSIS, {"src": "a file"})
    toy.layer(DEMO, {"src/main.ts": "a file in a folder"})

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {CHASSIS, DEMO, "src"} <= _words(refused.value)


def test_paths_that_differ_only_in_case_are_refused(toy: ToyRoot) -> None:
    """They are one file on macOS and Windows."""
    toy.layer(CHASSIS, {"Makefile": "a"})
    toy.layer(DEMO, {"makefile": "b"})

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {CHASSIS, DEMO} <= _words(refused.value)


def test_the_later_layer_may_declare_that_it_overrides(toy: ToyRoot) -> None:
    toy.layer(CHASSIS, {"src/db.ts": "a"})
    toy.layer(DEMO, {"src/db.ts": "b"}, overrides=["src/db.ts"])

    (file,) = toy.plan().files

    assert (file.layer, file.source.read_text()) == (DEMO, "b")


def test_the_earlier_layer_may_not_declare_it(toy: ToyRoot) -> None:
    toy.layer(CHASSIS, {"src/db.ts": "a"}, overrides=["src/db.ts"])
    toy.layer(DEMO, {"src/db.ts": "b"})

    with pytest.raises(PlanError):
        toy.plan()


def test_two_versions_of_one_package_are_refused(toy: ToyRoot) -> None:
    toy.layer(AUTH, dependencies=["middle"], versions={"middle": "1.0.0"})
    toy.layer(DEMO, dependencies=["middle"], versions={"middle": "2.0.0"})

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {AUTH, DEMO, "middle", "1.0.0", "2.0.0"} <= _words(refused.value)


def test_a_version_other_than_the_version_map_s_is_refused(toy: ToyRoot) -> None:
    toy.layer(AUTH, dependencies=["left"], versions={"left": "9.9.9"})

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {AUTH, "shared/toy/versions.yml", "left"} <= _words(refused.value)


def test_a_package_without_a_version_is_refused(toy: ToyRoot) -> None:
    toy.layer(DEMO, dependencies=["unheard-of"])

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {f"{DEMO}/layer.yml", "unheard-of", "shared/toy/versions.yml"} <= _words(refused.value)


def test_packages_are_merged_sorted_and_carry_the_version_of_the_map(toy: ToyRoot) -> None:
    toy.layer(CHASSIS, dependencies=["right"], dev_dependencies=["left"], commands={"start": ["true"]})
    toy.layer(DEMO, dependencies=["left", "right"])

    context = toy.plan().context

    assert context["dependencies"] == [{"name": "left", "version": "1.0.0"}, {"name": "right", "version": "2.0.0"}]
    assert context["dev_dependencies"] == []


def test_two_defaults_for_one_variable_are_refused(toy: ToyRoot) -> None:
    toy.layer(BASE, environment=[{"name": "PORT", "value": "3000"}])
    toy.layer(DEMO, environment=[{"name": "PORT", "value": "8000"}])

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {BASE, DEMO, "PORT"} <= _words(refused.value)


def test_one_default_given_twice_is_no_collision(toy: ToyRoot) -> None:
    entry = {"name": "PORT", "value": "3000", "about": "The port."}
    toy.layer(BASE, environment=[entry])
    toy.layer(DEMO, environment=[entry])

    assert [variable["name"] for variable in toy.plan().context["environment"]] == ["PORT"]


def test_the_later_layer_may_override_a_default(toy: ToyRoot) -> None:
    toy.layer(BASE, environment=[{"name": "PORT", "value": "3000"}])
    toy.layer(DEMO, environment=[{"name": "PORT", "value": "8000"}], overrides=["env:PORT"])

    (variable,) = toy.plan().context["environment"]

    assert variable["value"] == "8000"


def test_one_service_defined_twice_is_refused(toy: ToyRoot) -> None:
    toy.layer("shared/services/one", services={"db": {"image": "a"}})
    toy.layer("shared/services/memory", services={"db": {"image": "b"}})

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {"shared/services/one", "shared/services/memory", "db"} <= _words(refused.value)


def test_a_missing_required_layer_is_refused(toy: ToyRoot) -> None:
    toy.layer(AUTH, requires=["auth/accounts"])

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {f"{AUTH}/layer.yml", "auth/accounts"} <= _words(refused.value)


def test_layers_that_require_each_other_are_refused(toy: ToyRoot) -> None:
    toy.layer(AUTH, requires=["auth/accounts"])
    toy.layer("shared/toy/auth/accounts", requires=["auth/none"])

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert {AUTH, "shared/toy/auth/accounts"} <= _words(refused.value)


def test_a_choice_that_is_offered_without_files_is_refused(toy: ToyRoot) -> None:
    shutil.rmtree(toy.path / CACHE)

    with pytest.raises(PlanError) as refused:
        toy.plan()

    assert CACHE in _words(refused.value)


def test_lists_keep_the_order_of_the_layers(toy: ToyRoot) -> None:
    toy.layer(DEMO, lists={"modules": [{"name": "links"}]})
    toy.layer(CHASSIS, lists={"modules": [{"name": "health"}]})

    assert [module["name"] for module in toy.plan().context["lists"]["modules"]] == ["health", "links"]


@pytest.mark.parametrize(
    "manifest",
    [
        {"sumary": "misspelt"},
        {"environment": ["PORT"]},
        {"environment": [{"name": "PORT", "vaule": "1"}]},
        {"readme": [{"section": "elsewhere", "file": "a.md"}]},
        {"readme": [{"section": "intro", "file": "absent.md"}]},
        {"summary": None},
        {"dependencies": "left"},
        {"commands": {"start": "npm start"}},
        {"lists": {"modules": "links"}},
        {"services": ["db"]},
    ],
    ids=lambda manifest: next(iter(manifest)),
)
def test_a_malformed_manifest_names_its_file(toy: ToyRoot, manifest: dict[str, Any]) -> None:
    toy.layer(DEMO, **manifest)

    with pytest.raises(CatalogError) as refused:
        toy.plan()

    assert f"{toy.path / DEMO}/layer.yml" in str(refused.value)


@pytest.mark.parametrize("text", ["summary: [", "- a list", "summary: a\n\tb: c", b"\xff\xfe\x00"], ids=repr)
def test_a_manifest_that_is_not_yaml_names_its_file(toy: ToyRoot, text: str | bytes) -> None:
    manifest = toy.path / DEMO / "layer.yml"
    manifest.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(CatalogError) as refused:
        toy.plan()

    assert str(manifest) in str(refused.value)


def test_byte_code_and_tool_folders_beside_templates_are_no_project_files(toy: ToyRoot) -> None:
    toy.layer(
        DEMO,
        {
            "app/main.py": "",
            "app/__pycache__/main.cpython-311.pyc": "",
            "app/stray.pyc": "",
            "node_modules/left/index.js": "",
            ".venv/pyvenv.cfg": "",
            ".DS_Store": "",
            "_parts/api.md": "",
        },
    )

    assert [file.path for file in toy.plan().files] == ["app/main.py"]


def _words(error: Exception) -> set[str]:
    return {word.strip("'\",.:[]") for word in str(error).split()}
