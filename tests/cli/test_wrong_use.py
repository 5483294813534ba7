"""Every wrong use is refused in one line on stderr that names what to do, with exit code 2 and nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.command import environment, scaffold, scaffold_inside

NEW = ("new", "url-shortener", "links", "--yes")

# What is typed → what the one line must say.
WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown command": (("nwe",), "No such command 'nwe'"),
    "unknown flag": ((*NEW, "--databse", "sqlite"), "--databse"),
    "flag without its value": ((*NEW, "--database"), "--database"),
    "too many arguments": (("new", "url-shortener", "links", "more", "--yes"), "more"),
    "unknown idea": (("new", "url-shortner", "links", "--yes"), "Known: todo, auth, weather, url-shortener"),
    "no idea": (("new", "--yes"), "scaffold new url-shortener"),
    "empty idea": (("new", "", "links", "--yes"), "Known: todo, auth, weather, url-shortener"),
    "idea that is a path": (("new", "../url-shortener", "links", "--yes"), "Known: todo, auth, weather, url-shortener"),
    "folder without an idea": (("new", ".", "--yes"), "Write 'scaffold new url-shortener .'."),
    "unknown framework": ((*NEW, "--framework", "expres"), "--framework express"),
    "unknown database": ((*NEW, "--database", "postgres"), "--database postgresql"),
    "unknown auth": ((*NEW, "--auth", "basic"), "known: none, jwt, session"),
    "unknown framework like no other": ((*NEW, "--framework", "zend"), "Offered is --framework express."),
    "unknown cache": ((*NEW, "--cache", "memcached"), "known: memory, redis"),
    "empty choice": ((*NEW, "--database", ""), "known: sqlite, postgresql, mongodb"),
    "choice in capitals": ((*NEW, "--database", "SQLite"), "--database sqlite"),
    "choices that do not go together": ((*NEW, "--framework", "spring", "--database", "mongodb"), "postgresql"),
    "data that is no pair": ((*NEW, "--data", "framework"), "Write --data key=value"),
    "data without a key": ((*NEW, "--data", "=express"), "Write --data key=value"),
    "data with an unknown key": ((*NEW, "--data", "colour=red"), "colour"),
    "data with an unknown choice": ((*NEW, "--data", "auth=basic"), "known: none, jwt, session"),
    "data file that is absent": ((*NEW, "--data-file", "absent.yml"), "--data-file"),
    "data file that grows": ((*NEW, "--data-file", "growing.yml"), "not text but of the type list"),
    "data file that is a folder": ((*NEW, "--data-file", "."), "cannot be read"),
    "data file that is no YAML": ((*NEW, "--data-file", "broken.yml"), "broken.yml:2"),
    "data file that is a list": ((*NEW, "--data-file", "list.yml"), "does not hold a mapping"),
    "data file that is no text": ((*NEW, "--data-file", "binary.yml"), "not UTF-8"),
    "data file with a number for a choice": ((*NEW, "--data-file", "number.yml"), "framework"),
    "data file with a number for a key": ((*NEW, "--data-file", "keys.yml"), "5"),
    "data file with two kinds of unknown keys": ((*NEW, "--data-file", "mixed.yml"), "has no question"),
    "destination that is a file": (("new", "url-shortener", "file", "--name", "links", "--yes"), "is a file"),
    "destination with something in it": (("new", "url-shortener", "full", "--yes"), "is not empty"),
    "destination under a file": (("new", "url-shortener", "file/links", "--yes"), "lies under a file"),
    "destination that is here": (("new", "url-shortener", ".", "--name", "links", "--yes"), "is not empty"),
    "destination that is a link": (("new", "url-shortener", "link", "--yes"), "is a link"),
    "destination whose name is too long": (("new", "url-shortener", "x" * 300, "--name", "links", "--yes"), "too long"),
    "empty destination": (("new", "url-shortener", "", "--yes"), "is not empty"),
    "name that is empty": (("new", "url-shortener", "links", "--name", "", "--yes"), "name is empty"),
    "name that is reserved": (("new", "url-shortener", "links", "--name", "con", "--yes"), "Try 'my-con'"),
    "name that is a package": (("new", "url-shortener", "express", "--yes"), "Try 'my-express'"),
    "name with a line break": (("new", "url-shortener", "links", "--name", "a\nb", "--yes"), "control character"),
    "name with an escape code": (
        ("new", "url-shortener", "links", "--name", "\x1b[31mred", "--yes"),
        "control character",
    ),
    "idea with an escape code": (("new", "\x1b[31mred", "links", "--yes"), "\\x1b[31mred"),
    "show without an idea": (("show",), "argument 'IDEA'"),
    "show an unknown idea": (("show", "todoo"), "Known: todo, auth, weather, url-shortener"),
    "a step that is not there": (("roadmap", "dcoker"), "Did you mean containers? Steps: 1 language, 2 async,"),
    "list with an argument": (("list", "todo"), "todo"),
    "run where no project is": (("run", "full"), "full"),
    "run where nothing is": (("run", "absent"), "absent"),
    "run of a file": (("run", "file"), "file is not a folder. Name a project's folder."),
    "list the cases of no project": (("check", "--list"), "--idea"),
    "check a project with a server's flag": (("check", "full", "--auth", "jwt"), "--auth goes with --url only"),
    "check with a password in the address": (
        ("check", "--url", "http://ann:secret@127.0.0.1:9", "--idea", "url-shortener"),
        "Use http://127.0.0.1:9.",
    ),
    "run on a port that is none": (("run", "full", "--port", "99999"), "--port"),
    "check where no project is": (("check", "full"), "full"),
    "check a server of unknown idea": (("check", "--url", "http://127.0.0.1:9", "--idea", "todoo"), "todoo"),
    "check a server without an idea": (("check", "--url", "http://127.0.0.1:9"), "--idea"),
    "check an address that is none": (("check", "--url", "nonsense", "--idea", "url-shortener"), "nonsense"),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "link").symlink_to("full")
    (tmp_path / "broken.yml").write_text("framework: [express")
    (tmp_path / "list.yml").write_text("- express")
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00\x01")
    (tmp_path / "number.yml").write_text("framework: 5")
    (tmp_path / "keys.yml").write_text("5: express")
    doubled = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    (tmp_path / "growing.yml").write_text(f"a0: &a0 []\n{doubled}framework: *a59\n")
    (tmp_path / "mixed.yml").write_text("5: express\ncolour: red\n")
    return tmp_path


@pytest.mark.parametrize(("words", "says"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_refused_in_one_line(here: Path, words: tuple[str, ...], says: str) -> None:
    before = sorted(here.rglob("*"))

    outcome = scaffold_inside(*words)

    assert says in outcome.err
    assert outcome.err.startswith("scaffold: ")
    assert outcome.err.count("\n") == 1
    assert outcome.err.strip().isprintable()
    assert (outcome.code, outcome.out) == (2, "")
    assert sorted(here.rglob("*")) == before


def test_at_least_twenty_five_wrong_uses_are_listed() -> None:
    assert len(WRONG) >= 25


MISSING: dict[tuple[str, ...], str] = {
    ("new",): "IDEA DEST --framework --database --auth --cache",
    ("new", "url-shortener"): "DEST --framework --database --auth --cache",
    ("new", "url-shortener", "links"): "--framework --database --auth --cache",
    ("new", "url-shortener", "--name", "links", "--framework", "express", "--cache", "redis"): "--database --auth",
    ("new", "url-shortener", "--data", "framework=express"): "DEST --database --auth --cache",
}


@pytest.mark.parametrize(("words", "missing"), MISSING.items(), ids=" ".join)
def test_without_a_terminal_the_missing_flags_are_named(here: Path, words: tuple[str, ...], missing: str) -> None:
    outcome = scaffold_inside(*words)

    assert outcome.code == 2
    assert outcome.err == (
        f"scaffold: There is no terminal to ask in, and these are missing: {missing}. "
        "Give them, or --yes to take the defaults.\n"
    )


def test_without_a_terminal_it_does_not_read_its_input(here: Path) -> None:
    outcome = scaffold("new", cwd=here, stdin="url-shortener\nexpress\n")

    assert outcome.code == 2
    assert "missing: IDEA DEST" in outcome.err


@pytest.mark.skipif(os.name != "posix", reason="only there are names bytes")
def test_a_name_that_is_no_text_is_refused_in_one_line(here: Path) -> None:
    outcome = scaffold("new", "url-shortener", os.fsdecode(b"links\xff"), "--yes", cwd=here)

    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("scaffold: The project name 'links\\udcff' holds")


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_a_folder_whose_name_is_no_text_is_written(here: Path, errors: str) -> None:
    folder = os.fsdecode(b"links\xff")
    words = ("new", "url-shortener", folder, "--name", "links", "--yes", "--no-git")

    outcome = scaffold(*words, cwd=here, env=environment(PYTHONIOENCODING=f"utf-8:{errors}"))

    assert (outcome.code, outcome.err) == (0, "")
    assert (here / folder / "README.md").exists()
