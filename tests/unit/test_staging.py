"""All or nothing: a destination is refused with nothing changed, or becomes the whole project in one rename."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.errors import DestinationError
from generator.staging import PREFIX, check_destination, staged

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with neighbours that nothing may touch."""
    (tmp_path / "neighbour").mkdir()
    (tmp_path / "neighbour" / "kept.txt").write_text("kept")
    return tmp_path


def test_a_new_folder_gets_everything_and_nothing_else_stays(here: Path) -> None:
    build(here / "made")

    assert listing(here) == ["made", "made/a.txt", "neighbour", "neighbour/kept.txt"]


def test_an_empty_folder_is_filled(here: Path) -> None:
    (here / "made").mkdir()

    build(here / "made")

    assert (here / "made" / "a.txt").read_text() == "a"


def test_missing_parents_are_made(here: Path) -> None:
    build(here / "some" / "where" / "made")

    assert listing(here / "some") == ["where", "where/made", "where/made/a.txt"]


def test_a_destination_that_is_a_file_is_refused(here: Path) -> None:
    (here / "made").write_text("mine")

    refused(here, here / "made", "is a file")


def test_a_destination_with_a_file_in_it_is_refused(here: Path) -> None:
    (here / "made").mkdir()
    (here / "made" / ".hidden").write_text("mine")

    refused(here, here / "made", "is not empty")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_final_rename_waits_until_all_is_tidy(
    here: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    class Told(Exception):
        """The signal came through."""

    def tell(number: int, frame: object) -> None:
        raise Told

    rename = os.rename

    def interrupted(source: Path, target: Path) -> None:
        signal.raise_signal(number)
        rename(source, target)

    before = signal.signal(number, tell)
    monkeypatch.setattr(os, "rename", interrupted)
    try:
        with pytest.raises(Told):
            build(here / "made")
    finally:
        signal.signal(number, before)

    assert listing(here) == ["made", "made/a.txt", "neighbour", "neighbour/kept.txt"]


@pytest.mark.parametrize("target", ["neighbour", "neighbour/kept.txt", "nowhere", "empty"])
def test_a_destination_that_is_a_link_is_refused(here: Path, target: str) -> None:
    (here / "empty").mkdir()
    (here / "made").symlink_to(here / target)

    refused(here, here / "made", "is a link")


def test_a_destination_under_a_file_is_refused(here: Path) -> None:
    refused(here, here / "neighbour" / "kept.txt" / "made", "lies under a file")


def test_a_destination_under_a_dangling_link_is_refused(here: Path) -> None:
    (here / "link").symlink_to(here / "nowhere")

    refused(here, here / "link" / "made", "cannot be written")


def test_a_destination_under_a_link_to_a_folder_is_written_there(here: Path) -> None:
    (here / "link").symlink_to(here / "neighbour")

    build(here / "link" / "made")

    assert listing(here / "neighbour") == ["kept.txt", "made", "made/a.txt"]


@pytest.mark.parametrize("name", ["x" * 256, "a\0b"], ids=["too long", "NUL"])
def test_an_impossible_name_is_refused(here: Path, name: str) -> None:
    refused(here, here / name, "")


def test_the_current_folder_is_filled_and_not_replaced(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "empty").mkdir()
    monkeypatch.chdir(here / "empty")
    before = Path().stat().st_ino

    build(Path())

    assert listing(Path()) == ["a.txt"]
    assert Path().stat().st_ino == before == (here / "empty").stat().st_ino


def test_the_root_of_the_file_system_is_refused() -> None:
    with pytest.raises(DestinationError):
        check_destination(Path("/"))


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_a_parent_that_may_not_be_written_is_refused(here: Path) -> None:
    (here / "locked").mkdir(mode=0o755)
    open_to_all(here)

    message = as_nobody(here / "locked" / "made")

    assert "cannot be written: permission denied" in message
    assert listing(here) == ["locked", "neighbour", "neighbour/kept.txt"]


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_a_parent_that_may_not_even_be_read_is_refused(here: Path) -> None:
    (here / "locked" / "inner").mkdir(parents=True)
    (here / "locked").chmod(0o700)
    open_to_all(here)

    message = as_nobody(here / "locked" / "inner" / "made")

    assert "cannot be written: permission denied" in message


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB, where this machine lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this user cannot mount a small file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_refused(small_disk: Path) -> None:
    with pytest.raises(DestinationError, match="no space left on device"):
        build(small_disk / "made", size=1_000_000)

    assert listing(small_disk) == []


def test_a_disk_that_fills_up_while_rendering_is_refused_by_the_command(small_disk: Path) -> None:
    done = scaffold("new", "url-shortener", str(small_disk / "links"), "--yes", "--no-git")

    assert (done.returncode, listing(small_disk)) == (2, [])
    assert "no space left on device" in done.stderr


def test_a_project_is_written_to_another_file_system_whole(small_disk: Path) -> None:
    """The working folder lies beside the destination: a rename does not cross file systems."""
    build(small_disk / "some" / "made")

    assert listing(small_disk / "some") == ["made", "made/a.txt"]


def test_what_fails_in_the_middle_leaves_nothing(here: Path) -> None:
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        build(here / "some" / "made", meanwhile=fail)

    assert listing(here) == ["neighbour", "neighbour/kept.txt"]


def test_a_folder_that_appears_meanwhile_is_not_overwritten(here: Path) -> None:
    def appear() -> None:
        (here / "made").mkdir()
        (here / "made" / "theirs.txt").write_text("theirs")

    with pytest.raises(DestinationError, match="not empty"):
        build(here / "made", meanwhile=appear)

    assert listing(here) == ["made", "made/theirs.txt", "neighbour", "neighbour/kept.txt"]


def test_a_parent_that_appears_meanwhile_is_shared(here: Path) -> None:
    build(here / "some" / "where" / "made", meanwhile=lambda: build(here / "some" / "other"))

    assert listing(here / "some") == ["other", "other/a.txt", "where", "where/made", "where/made/a.txt"]


def test_an_abandoned_working_folder_is_removed_by_the_next_run(here: Path) -> None:
    (here / f"{PREFIX}dead" / "project").mkdir(parents=True)

    build(here / "some" / "made")

    assert listing(here) == ["neighbour", "neighbour/kept.txt", "some", "some/made", "some/made/a.txt"]


def test_one_that_a_nested_run_abandoned_above_is_removed_as_well(here: Path) -> None:
    (here / f"{PREFIX}dead").mkdir()
    (here / "some").mkdir()

    build(here / "some" / "made")

    assert [name for name in listing(here) if PREFIX in name] == []


def test_one_in_use_is_kept(here: Path) -> None:
    with staged(here / "first") as first:
        build(here / "second")
        (first / "project" / "b.txt").write_text("b")

    assert listing(here) == ["first", "first/b.txt", "neighbour", "neighbour/kept.txt", "second", "second/a.txt"]


def test_a_link_with_the_name_of_a_working_folder_is_not_followed(here: Path) -> None:
    (here / f"{PREFIX}link").symlink_to(here / "neighbour")

    build(here / "made")

    assert (here / "neighbour" / "kept.txt").read_text() == "kept"


def test_of_many_runs_to_one_destination_exactly_one_wins(here: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        results = pool.map(race, [(here / "some" / "made", number) for number in range(24)])

    assert results.count("made") == 1
    assert listing(here) == ["neighbour", "neighbour/kept.txt", "some", "some/made", "some/made/a.txt"]


def test_many_runs_beside_each_other_all_succeed(here: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        results = pool.map(race, [(here / f"made-{number}", number) for number in range(24)])

    assert results == ["made"] * 24
    assert [name for name in listing(here) if PREFIX in name] == []


def race(job: tuple[Path, int]) -> str:
    destination, number = job
    try:
        build(destination, str(number))
    except DestinationError:
        return "refused"
    return "made"


def build(destination: Path, text: str = "a", size: int = 1, meanwhile: Callable[[], object] | None = None) -> None:
    with staged(destination) as folder:
        (folder / "project" / "a.txt").write_text(text * size)
        if meanwhile is not None:
            meanwhile()


def refused(here: Path, destination: Path, reason: str) -> None:
    """The destination is refused for that reason, before and at the rename, and nothing changed."""
    before = listing(here)
    with pytest.raises(DestinationError) as refusal:
        build(destination)
    assert reason in str(refusal.value)
    assert refusal.value.fix
    assert listing(here) == before


def listing(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def open_to_all(folder: Path) -> None:
    """Let other users reach a folder that pytest keeps to its own user."""
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/") and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o055)


def as_nobody(destination: Path) -> str:
    """What refuses a destination to a user with no rights; the modules are loaded before the rights are dropped."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            build(destination)
            os.write(writer, b"made")
        except DestinationError as error:
            os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        return answer.read()


def scaffold(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
