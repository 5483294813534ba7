"""A folder that stays, such as a fresh clone, gets the whole project or is as it was; what it held is never lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import DestinationError
from generator.filling import PREFIX, Kept, kept
from generator.staging import remove_abandoned, staged

OURS = {
    "README.md": "# Ours\n",
    "LICENSE": "ours\n",
    ".gitignore": ".env\n",
    "src/a.txt": "a",
    "docs/b.txt": "b",
    "z.txt": "z",
}
THEIRS = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "README.md": "# Theirs\n",
    "LICENSE.txt": "theirs\n",
    ".gitignore": "*.log\n!.env\n",
}
WHOLE = {
    **{name: OURS[name] for name in ("src/a.txt", "docs/b.txt", "z.txt")},
    **{name: THEIRS[name] for name in (".git/HEAD", "LICENSE.txt")},
    "README.md": "# Theirs\n\n# Ours\n",
    ".gitignore": "*.log\n!.env\n\n.env\n",
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    put(tmp_path / "clone", THEIRS)
    (tmp_path / "clone" / "README.md").chmod(0o600)
    return tmp_path / "clone"


def test_a_fresh_clone_is_filled(clone: Path) -> None:
    before = clone.stat().st_ino

    build(clone)

    assert content(clone) == WHOLE
    assert clone.stat().st_ino == before
    assert (clone / "README.md").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in clone.parent.iterdir()) == ["clone"], "its parent need not be writable"


def test_what_stays_is_told(clone: Path) -> None:
    assert kept(clone) == [
        Kept(".git"),
        Kept(".gitignore", merged=True),
        Kept("LICENSE.txt", instead="LICENSE"),
        Kept("README.md", merged=True),
    ]
    assert kept(clone / "absent") == []


@pytest.mark.parametrize(
    ("theirs", "whole"),
    [
        ({}, OURS),
        ({".git/HEAD": "x"}, {**OURS, ".git/HEAD": "x"}),
        ({".git": "gitdir: ../other"}, {**OURS, ".git": "gitdir: ../other"}),
        ({"README": "x"}, {**OURS, "README": "x"}),
        ({"README.rst": "x"}, {**OURS, "README.rst": "x"}),
        ({"README.md": ""}, OURS),
    ],
    ids=["nothing", "empty repository", "worktree", "README", "README.rst", "empty README"],
)
def test_what_a_folder_may_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: dict[str, str], whole: dict[str, str]
) -> None:
    put(tmp_path, theirs)
    monkeypatch.chdir(tmp_path)

    build(tmp_path)

    assert content(tmp_path) == whole


def test_a_readme_in_other_letters_keeps_its_name(tmp_path: Path) -> None:
    put(tmp_path, {"readme.MD": "theirs"})

    build(tmp_path)

    assert content(tmp_path) == {
        **{name: OURS[name] for name in OURS if name != "README.md"},
        "readme.MD": ("theirs\n\n# Ours\n"),
    }


@pytest.mark.parametrize("name", ["notes.txt", "src/a.txt", ".env", "LICENSES/MIT.txt", ".github/x.yml", "gitignore"])
def test_anything_else_is_refused(clone: Path, name: str) -> None:
    put(clone, {name: "theirs"})

    with pytest.raises(DestinationError, match="is not empty: it holds") as refused:
        build(clone)

    assert name.split("/")[0] in str(refused.value)
    assert content(clone) == {**THEIRS, name: "theirs"}


def test_a_link_is_refused(clone: Path) -> None:
    (clone / "README").symlink_to("LICENSE.txt")

    with pytest.raises(DestinationError, match="it holds README"):
        build(clone)


def test_what_appears_meanwhile_is_not_overwritten(clone: Path) -> None:
    with pytest.raises(DestinationError, match="not empty any more: it holds z"):
        build(clone, meanwhile=lambda: put(clone, {"z.txt": "theirs"}))

    assert content(clone) == {**THEIRS, "z.txt": "theirs"}


def test_what_fails_in_the_middle_is_taken_back(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(len(TOP_NAMES)):
        monkeypatch.setattr(os, "rename", failing_at(number))
        with pytest.raises(DestinationError, match="no space left on device"):
            build(clone)
        monkeypatch.undo()

        assert content(clone) == THEIRS, f"move {number}"
        assert not list(clone.glob(f"{PREFIX}*"))
    assert (clone / "README.md").stat().st_mode & 0o777 == 0o600


TOP_NAMES = {name.split("/")[0] for name in OURS} - {"LICENSE"}
ALMOST = 2 * len(TOP_NAMES) - 3  # all but the last are moved


@pytest.mark.parametrize("kill", range(2 * len(TOP_NAMES) + 2))
def test_a_kill_at_any_step_loses_nothing_and_the_next_run_takes_it_back(clone: Path, kill: int) -> None:
    """Before and after each move, and around the last step."""
    killed_at(kill, lambda: build(clone))

    left = content(clone)
    for name in (".git/HEAD", "LICENSE.txt"):
        assert left[name] == THEIRS[name]
    for name in ("README.md", ".gitignore"):
        assert left[name] in (THEIRS[name], WHOLE[name])
    remove_abandoned(clone)
    assert content(clone) in (THEIRS, WHOLE)
    assert not list(clone.glob(f"{PREFIX}*"))
    if content(clone) == THEIRS:
        build(clone)
    assert content(clone) == WHOLE


@pytest.mark.parametrize("kill", range(2 * len(TOP_NAMES)))
def test_a_kill_while_taking_back_loses_nothing(clone: Path, kill: int) -> None:
    killed_at(ALMOST, lambda: build(clone))

    killed_at(kill, lambda: remove_abandoned(clone))

    remove_abandoned(clone)
    assert content(clone) == THEIRS


def test_work_on_half_a_project_is_kept(clone: Path) -> None:
    killed_at(ALMOST, lambda: build(clone))
    moved = clone / "docs" / "b.txt"
    moved.write_text("theirs by now")

    with pytest.raises(DestinationError, match="has been worked on since"):
        build(clone)

    assert moved.read_text() == "theirs by now"
    (staging,) = clone.glob(f"{PREFIX}*")
    assert (staging / "originals" / "README.md").read_text() == THEIRS["README.md"]


def test_a_run_beneath_it_takes_nothing_of_half_a_project_away(clone: Path) -> None:
    killed_at(ALMOST, lambda: build(clone))

    build(clone / "apps" / "links")

    assert {name: text for name, text in content(clone).items() if not name.startswith("apps/")} == THEIRS


def test_only_one_of_two_runs_fills_a_folder(clone: Path) -> None:
    with pytest.raises(DestinationError, match="not empty any more"):
        build(clone, meanwhile=lambda: build(clone))

    assert content(clone) == WHOLE


def build(destination: Path, *, meanwhile: Callable[[], None] | None = None) -> None:
    with staged(destination) as staging:
        put(staging / "project", OURS)
        if meanwhile is not None:
            meanwhile()


def put(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def content(folder: Path) -> dict[str, str]:
    """Every file outside of staging folders."""
    files = (path for path in folder.rglob("*") if path.is_file() and PREFIX not in path.as_posix())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def failing_at(number: int) -> Callable[[Path, Path], None]:
    """``os.rename``, whose call of that number fails."""
    rename, calls = os.rename, iter(range(1000))

    def fail(source: Path, target: Path) -> None:
        if next(calls) == number:
            raise OSError(28, "No space left on device")
        rename(source, target)

    return fail


def killed_at(step: int, act: Callable[[], None]) -> None:
    """Do something in a child that is killed before a rename (even steps) or right after it (odd ones)."""
    child = os.fork()
    if child == 0:
        rename, calls = os.rename, iter(range(1000))

        def kill(source: Path, target: Path) -> None:
            number = next(calls)
            if step == 2 * number:
                os.kill(os.getpid(), signal.SIGKILL)
            rename(source, target)
            if step == 2 * number + 1:
                os.kill(os.getpid(), signal.SIGKILL)

        os.rename = kill
        try:
            act()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
