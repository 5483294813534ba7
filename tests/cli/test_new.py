"""``scaffold new``: where answers come from, what is written, and that the printed command makes the same again."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from generator.project import Project
from tests.cli.command import Outcome, environment, scaffold, scaffold_inside, tree

FLAGS = ("--framework", "express", "--database", "sqlite", "--auth", "none", "--cache", "memory")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in set(os.environ) - set(environment()):
        monkeypatch.delenv(name)
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*arguments: str) -> Outcome:
    outcome = scaffold_inside("new", "url-shortener", *arguments, "--yes", "--no-git")
    assert (outcome.code, outcome.err) == (0, "")
    return outcome


def made_with(project: str | Path) -> dict[str, str]:
    """What a project records, the choices and answers beside the rest."""
    recorded = yaml.safe_load((Path(project) / ".scaffold.yml").read_text())
    return {**recorded, **recorded["choices"], **recorded["answers"]}


def test_defaults_make_a_whole_project(here: Path) -> None:
    new()

    made = made_with("url-shortener")
    assert [made[option] for option in ("framework", "database", "auth", "cache")] == [
        *("express", "sqlite", "none", "memory")
    ]
    assert {"README.md", "package.json", "compose.yaml", ".env", ".env.example"} <= set(
        tree(here / "url-shortener")
    ) | {".env"}


def test_defaults_are_taken_among_what_goes_together() -> None:
    new("links", "--framework", "spring")

    made = made_with("links")
    assert (made["database"], made["auth"], made["cache"]) == ("postgresql", "none", "memory")


def test_the_folder_gives_the_project_its_name() -> None:
    new("some/where/My Links")

    assert made_with("some/where/My Links")["project"] == "my-links"


def test_a_name_of_its_own_wins_over_the_folder_s() -> None:
    new("links", "--name", "short-links")

    assert made_with("links")["project"] == "short-links"


def test_a_name_in_any_script_is_the_title(here: Path) -> None:
    new("東京")
    new("tokyo", "--name", "東京", "--slug", "Tokyo", "--framework", "fastapi")
    new("again", "--data-file", "tokyo/.scaffold.yml", "--name", "大阪")

    assert [made_with(folder)["project"] for folder in ("東京", "tokyo", "again")] == ["dong-jing", "tokyo", "da-ban"]
    assert (here / "東京" / "README.md").read_text().startswith("# 東京\n")
    assert (here / "tokyo" / "README.md").read_text().startswith("# 東京\n")
    assert '"name": "dong-jing"' in (here / "東京" / "package.json").read_text()


def test_flags_win_over_data_and_data_over_the_file(here: Path) -> None:
    (here / "answers.yml").write_text(
        "framework: express\ndatabase: mongodb\nauth: jwt\ncache: redis\nname: from-file\n"
    )

    new("links", "--data-file", "answers.yml", "--data", "database=postgresql", "-d", "auth=none", "--auth", "session")

    made = made_with("links")
    assert {key: made[key] for key in ("framework", "database", "auth", "cache", "project")} == {
        "framework": "express",
        "database": "postgresql",
        "auth": "session",
        "cache": "redis",
        "project": "from-file",
    }


def test_the_idea_may_come_from_the_file(here: Path) -> None:
    (here / "answers.yml").write_text("idea: url-shortener\nname: links\n")

    outcome = scaffold_inside("new", "--data-file", "answers.yml", "--yes", "--no-git")

    assert outcome.code == 0
    assert made_with("links")["idea"] == "url-shortener"


def test_everything_given_needs_neither_a_terminal_nor_yes() -> None:
    outcome = scaffold_inside("new", "url-shortener", "links", *FLAGS, "--no-git")

    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize("flag", ["--yes", "-y", "--defaults"])
@pytest.mark.parametrize("dry", ["--dry-run", "-n"])
def test_a_dry_run_writes_nothing(here: Path, flag: str, dry: str) -> None:
    outcome = scaffold_inside("new", "url-shortener", "links", flag, dry)

    assert outcome.code == 0
    assert list(here.iterdir()) == []


def test_a_dry_run_lists_exactly_what_is_then_written(here: Path) -> None:
    listed = scaffold_inside("new", "url-shortener", "links", "--auth", "jwt", "--yes", "--dry-run").out.splitlines()
    new("links", "--auth", "jwt")

    written = [str(path) for path in (here / "links").rglob("*") if path.is_file()]
    assert sorted(listed) == sorted(written)


def test_the_same_answers_give_the_same_bytes(here: Path) -> None:
    new("one/links")
    new("two/links")

    assert tree(here / "one" / "links") == tree(here / "two" / "links")


@pytest.mark.parametrize(
    "arguments",
    [
        ("links",),
        ("some/where/My Links", "--framework", "fastapi"),
        ("it's", "--name", "quoted", "--auth", "jwt"),
        ("[/bold] $(id)", "--name", "hostile-folder"),
        ("--name=dashed", "--", "-links"),
        ("links", "--framework", "spring"),
        ("東京",),
        ("tokyo", "--name", "東京 リンク’s", "--slug", "tokyo", "--framework", "fastapi"),
        ("shop", "--name", "My Links"),
        ("owned", "--license", "apache-2.0", "--author", 'Zoë O\'Brien 🦉 "$(id)" <zoe@example.com>'),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_printed_command_makes_the_same_project_again(
    here: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("first", "second"):
        (here / place).mkdir()
    monkeypatch.chdir(here / "first")
    first = scaffold_inside("new", "url-shortener", "--yes", "--no-git", *arguments)
    assert (first.code, first.err) == (0, "")

    command = shlex.split(first.out.splitlines()[-1])
    assert command[0] == "scaffold"
    monkeypatch.chdir(here / "second")
    second = scaffold_inside(*command[1:], "--no-git")

    assert (second.code, second.err) == (0, "")
    assert tree(here / "first") == tree(here / "second")
    assert tree(here / "first") != {}


@pytest.mark.parametrize(
    "arguments",
    [
        ("links", "--framework", "fastapi", "--auth", "jwt"),
        ("tokyo", "--name", "東京 リンク’s", "--slug", "tokyo", "--framework", "fastapi"),
        ("shop", "--name", "SQL Links"),
        ("123 links", "--name", "links-123", "--license", "none", "--author", 'Zoë O\'Brien 🦉: "#1"'),
    ],
    ids=lambda arguments: arguments[0],
)
def test_what_a_project_records_makes_it_again(here: Path, arguments: tuple[str, ...]) -> None:
    new(*arguments)
    first = here / arguments[0]

    recorded = str(first / ".scaffold.yml")
    outcome = scaffold_inside("new", "url-shortener", "again", "--data-file", recorded, "--no-git")

    assert (outcome.code, outcome.err) == (0, "")
    assert tree(here / "again") == tree(first)


def test_the_author_is_git_s_user_unless_one_is_given(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_git_config(here, monkeypatch, "[user]\n\tname = Ann  Ex\tample\n")

    new("hers")
    new("his", "--author", "Bob")
    new("theirs", "--author", "")

    assert [made_with(name)["author"] for name in ("hers", "his", "theirs")] == ["Ann Ex ample", "Bob", ""]
    assert "--author 'Ann Ex ample'" in made_with("hers")["command"]
    assert "--author ''" in made_with("theirs")["command"]


def test_json_says_what_was_made(here: Path) -> None:
    made = json.loads(new("東京", "--framework", "spring", "--json").out)

    assert {key: made[key] for key in ("written", "idea", "project", "title", "repository", "kept")} == {
        "written": True,
        "idea": "url-shortener",
        "project": "dong-jing",
        "title": "東京",
        "repository": None,
        "kept": [],
    }
    assert made["folder"] == str(here / "東京")
    assert made["choices"] == {"framework": "spring", "database": "postgresql", "auth": "none", "cache": "memory"}
    assert set(made["answers"]) == {"license", "author"}
    assert made["proof"]["state"] in {"proven", "covered", "outdated", "unproven"}
    assert sorted(made["files"]) == sorted(
        path.relative_to(here / "東京").as_posix() for path in (here / "東京").rglob("*") if path.is_file()
    )
    again = scaffold_inside(*shlex.split(made["command"])[1:], "--dry-run", "--json")
    assert again.code == 2, "the folder is not empty any more"


def test_json_of_a_dry_run_says_what_would_be_made(here: Path) -> None:
    would = json.loads(new("links", "--dry-run", "--json").out)
    made = json.loads(new("links", "--json").out)

    assert {**would, "written": True} == made
    assert (
        json.loads(scaffold_inside("new", "url-shortener", "mine", "--yes", "--json").out)["repository"] == "committed"
    )


def test_what_leaves_one_answer_to_other_questions_says_so() -> None:
    only = "Only database postgresql, auth none and cache memory go with framework spring so far.\n"

    assert only in new("one", "--framework", "spring").out
    assert "Only framework" not in new("two", "--cache", "redis", "--auth", "jwt").out
    assert "Only" not in new("three").out
    given = ("--framework", "spring", "--database", "postgresql", "--auth", "none", "--cache", "memory")
    assert "Only" not in new("four", *given).out


@pytest.mark.parametrize("folder", [".", "clone"])
def test_a_fresh_clone_is_filled(here: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    clone = make_clone(here / "clone")
    where = clone if folder == "." else here
    monkeypatch.chdir(where)

    listed = scaffold_inside("new", "url-shortener", folder, "--yes", "--dry-run").out.splitlines()
    said = with_git(folder)

    assert (clone / "LICENSE").read_text() == "Theirs\n"
    assert (clone / "README.md").read_text().startswith("# Theirs\n\n# Clone\n")
    assert (clone / ".gitignore").read_text().startswith("*.log\n\n")
    assert git("log", "--format=%s", cwd=clone) == "Theirs\n"
    assert made_with(clone)["project"] == "clone"
    assert ".gitignore and README.md begin with your text, LICENSE is as before, the project's LICENSE is left" in said
    assert ("  cd clone\n" in said) == (folder == "clone")
    command = next(line for line in said.splitlines() if line.startswith("Not committed")).split(" To do so: ")[1]
    subprocess.run(command, shell=True, check=True, capture_output=True, cwd=where)
    assert git("status", "--porcelain", cwd=clone) == ""
    assert ".env" not in git("ls-files", cwd=clone).splitlines()
    assert set(listed) == {str(clone / name) for name in (*tree(clone), ".env") if name != "LICENSE"}


def test_an_installation_does_not_change_the_commit_of_a_clone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = make_clone(here / "clone")
    monkeypatch.setattr(
        "generator.runtime.commands.install_project",
        lambda project, **_: (project.folder / "package-lock.json").write_text("{}\n"),
    )

    with_git("clone", "--install")

    assert git("ls-tree", "-r", "--name-only", "HEAD", cwd=clone).split() == [".gitignore", "LICENSE", "README.md"]
    assert git("diff", "--cached", "--name-only", cwd=clone) == ""


def test_the_current_folder_is_filled_and_becomes_a_repository(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "links").mkdir()
    monkeypatch.chdir(here / "links")

    said = with_git(".")

    assert "Created .\n" in said
    assert "  cd " not in said
    assert git("status", "--porcelain", cwd=here / "links") == ""
    assert git("log", "--format=%s", cwd=here / "links") == "Start the project\n"
    assert made_with(here / "links")["project"] == "links"


def test_the_next_steps_can_be_typed(here: Path) -> None:
    out = new("some/My Links").out

    assert "  cd 'some/My Links'\n" in out
    assert "  scaffold run" in out
    assert "  scaffold check" in out


def test_dependencies_are_installed_when_asked(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[Path] = []
    monkeypatch.setattr(
        "generator.runtime.commands.install_project", lambda project, **_: installed.append(project.folder)
    )

    for words in (("one", "--install"), ("two", "--no-install"), ("three",)):
        assert scaffold_inside("new", "url-shortener", *words, "--yes", "--no-git").code == 0

    assert installed == [here / "one"]


def test_the_lock_file_of_the_installation_is_in_the_first_commit(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def install(project: Project, **_: object) -> bool:
        (project.folder / "package-lock.json").write_text("{}\n")
        return True

    monkeypatch.setattr("generator.runtime.commands.install_project", install)

    with_git("links", "--install")
    with_git("plain", "--install", "--no-git")

    assert git("log", "--format=%s", cwd=here / "links") == "Start the project\n"
    assert git("status", "--porcelain", cwd=here / "links") == ""
    assert "package-lock.json" in git("ls-tree", "--name-only", "HEAD", cwd=here / "links").splitlines()
    assert not (here / "plain" / ".git").exists()


def test_without_an_identity_the_lock_file_is_staged_with_the_rest(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name)
    use_git_config(here, monkeypatch, "[user]\n\tuseConfigOnly = true\n")
    monkeypatch.setattr(
        "generator.runtime.commands.install_project",
        lambda project, **_: (project.folder / "uv.lock").write_text("version = 1\n"),
    )

    said = with_git("links", "--framework", "fastapi", "--install")

    assert "uv.lock" in git("diff", "--cached", "--name-only", cwd=here / "links").splitlines()
    assert "uv.lock could not" not in said


def test_a_project_begins_as_a_repository_with_one_commit(here: Path) -> None:
    with_git("links")

    assert git("log", "--format=%s", cwd=here / "links") == "Start the project\n"
    assert git("status", "--porcelain", cwd=here / "links") == ""
    assert git("branch", "--show-current", cwd=here / "links") == "main\n"
    assert ".env" not in git("ls-files", cwd=here / "links").splitlines()


def test_without_git_there_is_no_repository(here: Path) -> None:
    new("links")

    assert not (here / "links" / ".git").exists()


def test_inside_a_repository_no_other_one_is_begun(here: Path) -> None:
    git("init", "--quiet", cwd=here)
    said = with_git("apps/my links")

    project = here / "apps" / "my links"
    assert not (project / ".git").exists()
    assert git("log", "--all", "--oneline", cwd=here) == ""
    assert git("diff", "--cached", "--name-only", cwd=here) == ""
    line, command = next(line for line in said.splitlines() if "repository" in line).split(" To do so: ")
    assert line == "Not committed, for it lies in a git repository already."
    subprocess.run(command, shell=True, check=True, capture_output=True)
    assert git("status", "--porcelain", cwd=project) == ""


def test_a_repository_that_git_refuses_for_its_owner_counts_as_one(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_git_config(here, monkeypatch, "")
    git("init", "--quiet", cwd=here)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # as git's own tests do it

    said = with_git("links")

    assert not (here / "links" / ".git").exists()
    line, command = next(line for line in said.splitlines() if "repository" in line).split(" To do so: ")
    assert line.endswith("which git refuses to touch because somebody else owns it.")
    assert command.startswith(f"git config --global --add safe.directory {here} && git -C links add .")
    subprocess.run(command, shell=True, check=True, capture_output=True)


def test_a_command_that_git_runs_does_not_write_into_its_repository(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook or an alias of git has GIT_DIR in its environment."""
    (here / "other").mkdir()
    git("init", "--quiet", cwd=here / "other")
    monkeypatch.setenv("GIT_DIR", str(here / "other" / ".git"))

    with_git("links")
    monkeypatch.delenv("GIT_DIR")

    assert git("log", "--format=%s", cwd=here / "links") == "Start the project\n"
    assert git("log", "--all", "--oneline", cwd=here / "other") == ""


def test_without_an_identity_the_files_wait_for_their_owner_to_commit_them(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name)
    use_git_config(here, monkeypatch, "[user]\n\tuseConfigOnly = true\n")

    said = with_git("links")

    assert "package.json" in git("diff", "--cached", "--name-only", cwd=here / "links").splitlines()
    name, mail = 'git config --global user.name "Your Name"', "git config --global user.email you@example.com"
    commit = 'git -C links commit -m "Start the project"'
    assert f"Staged but not committed, for git does not know who you are. Tell it: {name} && {mail} && {commit}" in said
    subprocess.run(f"{name} && {mail} && {commit}", shell=True, check=True, capture_output=True)
    assert git("status", "--porcelain", cwd=here / "links") == ""


def test_a_git_that_fails_leaves_a_whole_project_and_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_git_config(here, monkeypatch, "[broken")

    said = with_git("links")

    assert "No git repository was started: " in said
    assert "gitconfig" in said
    assert not (here / "links" / ".git").exists()
    assert (here / "links" / "README.md").exists()


def test_a_git_that_fills_the_disk_leaves_no_half_a_repository(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "bin").mkdir()
    (here / "bin" / "git").write_text("""#!/bin/sh
case "$*" in
  *rev-parse*) exit 1;;
  *add*) echo "fatal: out of space" >&2; exit 128;;
esac
mkdir .git
""")
    (here / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{here / 'bin'}:{os.environ['PATH']}")

    said = with_git("links")

    assert "No git repository was started: out of space" in said
    assert not (here / "links" / ".git").exists()


def test_what_the_user_ignores_everywhere_is_committed_all_the_same(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "ignored").write_text("*.ts\n")
    use_git_config(here, monkeypatch, f"[core]\n\texcludesFile = {here / 'ignored'}\n")

    with_git("links")

    assert "src/server.ts" in git("ls-files", cwd=here / "links").splitlines()


def test_the_user_s_hooks_and_signing_key_are_not_asked(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "hooks").mkdir()
    (here / "hooks" / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (here / "hooks" / "pre-commit").chmod(0o755)
    use_git_config(here, monkeypatch, f"[core]\n\thooksPath = {here / 'hooks'}\n[commit]\n\tgpgsign = true\n")

    with_git("links")

    assert git("log", "--format=%s", cwd=here / "links") == "Start the project\n"


def test_the_user_s_template_drops_no_file_and_is_applied_afterwards(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = here / "template"
    for folder in ("info", "hooks"):
        (template / folder).mkdir(parents=True)
    (template / "info" / "exclude").write_text("*.ts\n.gitattributes\n")
    (template / "info" / "attributes").write_text("* text eol=crlf\n")
    for hook in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        (template / "hooks" / hook).write_text("#!/bin/sh\ngit rm -rfq --cached src\nexit 1\n")
        (template / "hooks" / hook).chmod(0o755)
    use_git_config(here, monkeypatch, f"[init]\n\ttemplateDir = {template}\n[core]\n\tautocrlf = true\n")

    with_git("links")

    committed = set(git("ls-tree", "-r", "--name-only", "HEAD", cwd=here / "links").splitlines())
    assert committed == set(tree(here / "links"))
    assert (here / "links" / ".git" / "hooks" / "pre-commit").read_text().startswith("#!/bin/sh\ngit rm")
    assert b"\r" not in (here / "links" / "src" / "server.ts").read_bytes()


def test_git_is_not_needed(here: Path) -> None:
    outcome = scaffold("new", "url-shortener", "links", "--yes", cwd=here, env=environment(PATH=str(here)))

    assert (outcome.code, outcome.err) == (0, "")
    begin = "git -C links init && git -C links add --all && git -C links commit"
    assert f"No git repository was made, for git is not installed. Once it is: {begin}" in outcome.out
    assert (here / "links" / "README.md").exists()


def with_git(destination: str, *flags: str) -> str:
    """Make a project with a repository; what was said."""
    outcome = scaffold_inside("new", "url-shortener", destination, "--yes", *flags)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


def make_clone(folder: Path) -> Path:
    """A repository as one that was made on GitHub first."""
    folder.mkdir()
    for name, text in {"README.md": "# Theirs\n", "LICENSE": "Theirs\n", ".gitignore": "*.log\n"}.items():
        (folder / name).write_text(text)
    git("init", "--quiet", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "--quiet", "--message", "Theirs", cwd=folder)
    return folder


def use_git_config(here: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (here / "gitconfig").write_text(text)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(here / "gitconfig"))


def git(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout
