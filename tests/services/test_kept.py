"""What npm has installed is kept for the next project with the same manifest; a toy npm says how often it was asked."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.project import STATE
from generator.runtime.kept import FRESH_SECONDS, MOST, KeptPackages

MANIFEST = {"name": "one", "version": "0.1.0", "dependencies": {"left": "1.0.0"}}
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def make(folder: Path, **members: object) -> Path:
    (folder / STATE).mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({**MANIFEST, **members}))
    return folder


def installed(folder: Path, version: str = "1.0.1") -> Path:
    """As npm leaves it."""
    packages = folder / "node_modules" / "left"
    packages.mkdir(parents=True)
    (packages / "index.js").write_text(version)
    (folder / "node_modules" / ".bin").mkdir()
    (folder / "node_modules" / ".bin" / "left").symlink_to("../left/index.js")
    title = {name: value for name, value in json.loads((folder / "package.json").read_text()).items() if name == "name"}
    lock = {**title, "packages": {"": {**title}, "node_modules/left": {"version": version}}}
    (folder / "package-lock.json").write_text(json.dumps(lock))
    return folder


def keep(folder: Path, environment: Mapping[str, str] = ENVIRONMENT) -> None:
    KeptPackages(folder, environment).keep()


def lend(folder: Path, environment: Mapping[str, str] = ENVIRONMENT) -> bool:
    return KeptPackages(folder, environment).lend()


def test_another_project_with_the_same_manifest_gets_a_copy(tmp_path: Path) -> None:
    keep(installed(make(tmp_path / "one")))
    two = make(tmp_path / "two", name="two")

    assert lend(two)

    assert (two / "node_modules" / ".bin" / "left").resolve() == two / "node_modules" / "left" / "index.js"
    lock = json.loads((two / "package-lock.json").read_text())
    assert lock["name"] == lock["packages"][""]["name"] == "two"
    assert lock["packages"]["node_modules/left"] == {"version": "1.0.1"}
    (two / "node_modules" / "left" / "index.js").write_text("edited")
    assert lend(make(tmp_path / "three"))
    assert (tmp_path / "three" / "node_modules" / "left" / "index.js").read_text() == "1.0.1"


@pytest.mark.parametrize(
    ("members", "variables"),
    [
        ({"dependencies": {"left": "1.0.2"}}, {}),
        ({"scripts": {"postinstall": "node more.js"}}, {}),
        ({}, {"NODE_ENV": "production"}),
        ({}, {"npm_config_registry": "https://npm.example"}),
        ({}, {"NPM_CONFIG_REGISTRY": "https://npm.example"}),
    ],
)
def test_what_npm_would_install_differently_is_left_to_npm(
    tmp_path: Path, members: dict[str, object], variables: dict[str, str]
) -> None:
    keep(installed(make(tmp_path / "one")))

    assert not lend(make(tmp_path / "two", **members), {**ENVIRONMENT, **variables})
    assert not (tmp_path / "two" / "node_modules").exists()


def test_a_registry_of_the_project_s_own_counts(tmp_path: Path) -> None:
    keep(installed(make(tmp_path / "one")))
    two = make(tmp_path / "two")
    (two / ".npmrc").write_text("registry=https://npm.example\n")

    assert not lend(two)


def test_a_lock_file_decides(tmp_path: Path) -> None:
    keep(installed(make(tmp_path / "one")))
    two = installed(make(tmp_path / "two", name="two"), "1.0.0")
    (two / "node_modules").rename(tmp_path / "away")

    assert not lend(two)

    same = installed(make(tmp_path / "three", name="three"))
    (same / "node_modules").rename(tmp_path / "away too")
    text = (same / "package-lock.json").read_text()
    assert lend(same)
    assert (same / "package-lock.json").read_text() == text


def test_without_a_lock_file_versions_are_of_a_day_at_most(tmp_path: Path, cache: Path) -> None:
    one = installed(make(tmp_path / "one"))
    keep(one)
    (kept,) = (cache / "packages").glob("*/package-lock.json")
    old = time.time() - FRESH_SECONDS - 60
    os.utime(kept, (old, old))

    assert not lend(make(tmp_path / "two"))
    three = make(tmp_path / "three")
    (three / "package-lock.json").write_bytes((one / "package-lock.json").read_bytes())
    assert lend(three)


def test_installed_packages_are_left_alone(tmp_path: Path) -> None:
    keep(installed(make(tmp_path / "one")))

    assert not lend(installed(make(tmp_path / "two"), "2.0.0"))


def test_a_few_trees_are_kept_those_used_last(tmp_path: Path, cache: Path) -> None:
    for number in range(MOST + 1):
        project = installed(make(tmp_path / str(number), dependencies={"left": str(number)}))
        keep(project)
        if number == 1:
            assert lend(make(tmp_path / "again", dependencies={"left": "0"}))

    trees = [entry for entry in (cache / "packages").iterdir() if entry.is_dir()]
    assert len(trees) == MOST
    assert lend(make(tmp_path / "first", dependencies={"left": "0"}))
    assert not lend(make(tmp_path / "second", dependencies={"left": "1"}))


def test_what_is_broken_in_the_cache_is_left_to_npm(tmp_path: Path, cache: Path) -> None:
    keep(installed(make(tmp_path / "one")))
    (kept,) = (cache / "packages").glob("*/package-lock.json")
    kept.write_text("{")

    assert not lend(make(tmp_path / "two"))
