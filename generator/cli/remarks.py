"""What ``scaffold new`` says of what it made, in lines whose commands can be typed as they are."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.paths import relative

if TYPE_CHECKING:
    from generator.catalog import Catalog, Idea
    from generator.filling import Kept
    from generator.git import Repository
    from generator.ledger import Standing
    from generator.spec import ProjectSpec


@dataclass(frozen=True)
class Made:
    """What a run made, or with ``--dry-run`` would make.

    Attributes:
        folder: the project's folder, absolute.
        files: what is written there, POSIX, relative to it.
        kept: what was there before.
        given: the choices that the user made.
        repository: what became of it; None where none was wanted.
        further: what else its owner should know.
    """

    spec: ProjectSpec
    folder: Path
    files: tuple[str, ...]
    standing: Standing
    kept: tuple[Kept, ...] = ()
    given: Mapping[str, str] | None = None
    repository: Repository | None = None
    further: tuple[str, ...] = ()


def remarks(catalog: Catalog, made: Made) -> list[str]:
    """All that its owner should know, one line each."""
    idea = catalog.idea(made.spec.idea)
    lines = [
        about_proof(made.standing),
        about_slug(made.spec),
        *about_forced(catalog, idea, made.given or {}),
        *about_kept(made.kept),
    ]
    if made.repository is not None:
        lines.append(about_repository(made.repository, made.folder) or "")
    return [line for line in (*lines, *made.further) if line]


def as_json(catalog: Catalog, made: Made, *, written: bool) -> dict[str, Any]:
    """The same for a script."""
    spec = made.spec
    return {
        "written": written,
        "folder": str(made.folder),
        "idea": spec.idea,
        "project": spec.slug,
        "title": spec.title,
        "choices": dict(spec.choices),
        "answers": spec.answers,
        "proof": {"state": made.standing.state, "date": made.standing.date, "runsOn": list(made.standing.runs_on)},
        "repository": made.repository.state if made.repository else None,
        "kept": [{"name": file.name, "merged": file.merged, "instead": file.instead or None} for file in made.kept],
        "files": list(made.files),
        "remarks": remarks(catalog, made),
        "command": spec.command(relative(made.folder)),
    }


def about_slug(spec: ProjectSpec) -> str:
    """One line on a slug that is a guess; empty where it is none."""
    from generator.naming import is_transliterated, slugify

    if not is_transliterated(spec.title) or slugify(spec.title) != spec.slug:
        return ""
    return f"Its packages and containers are called {spec.slug}; --slug gives another name."


def about_forced(catalog: Catalog, idea: Idea, given: Mapping[str, str]) -> list[str]:
    """One line on the questions that have one answer left; none where each has several."""
    forced = [f"{option} {choice}" for option, choice in idea.forced(given).items()]
    if not forced:
        return []
    chosen = [f"{option} {choice}" for option, choice in given.items() if choice in idea.offered(option, {})]
    return [f"Only {_and(forced)} {'go' if len(forced) > 1 else 'goes'} with {_and(chosen)} so far."]


def about_kept(files: Iterable[Kept]) -> list[str]:
    """One line on the files that were in the folder before; none where it held none, or a repository only."""
    merged = [file.name for file in files if file.merged]
    left = [file.name for file in files if not file.merged and file.name != ".git"]
    without = sorted({file.instead for file in files if file.instead})
    said = [
        f"{_and(merged)} {'begin' if len(merged) > 1 else 'begins'} with your text" if merged else "",
        f"{_and(left)} {'are' if len(left) > 1 else 'is'} as before" if left else "",
        f"the project's {_and(without)} is left out" if without else "",
    ]
    line = ", ".join(part for part in said if part)
    return [f"{line}."] if line else []


def about_repository(repository: Repository, destination: Path) -> str | None:
    """One line on what was not done with git and what to type; None when all was done.

    Args:
        destination: the project's folder, absolute.
    """
    from generator.git import MESSAGE

    place = shlex.quote(relative(destination))
    git = "git" if place == "." else f"git -C {place}"
    commit = f'{git} commit -m "{MESSAGE}"'
    begin = f"{git} init && {git} add --all && {commit}"
    match repository.state:
        case "committed":
            return None
        case "absent":
            return f"No git repository was made, for git is not installed. Once it is: {begin}"
        case "inside":
            trust = f"git config --global --add safe.directory {shlex.quote(repository.refused)} && "
            why = ", which git refuses to touch because somebody else owns it" if repository.refused else ""
            return (
                f"Not committed, for it lies in a git repository already{why}. "
                f"To do so: {trust if repository.refused else ''}{git} add . && {commit}"
            )
        case "staged" if repository.nameless:
            name = 'git config --global user.name "Your Name" && git config --global user.email you@example.com'
            return f"Staged but not committed, for git does not know who you are. Tell it: {name} && {commit}"
        case "staged":
            return f"Staged but not committed: {repository.reason}. When that is mended: {commit}"
        case _:
            return f"No git repository was started: {repository.reason}. When that is mended: {begin}"


def about_proof(standing: Standing) -> str:
    """One line on whether this combination has been run, in which form and on what."""
    servers = f" on {' and '.join(standing.runs_on)}" if standing.runs_on else ""
    match standing.state:
        case "proven":
            said = f"it passed its whole contract in exactly this form, on {standing.date}{servers}"
        case "covered":
            said = f"each two of its layers have passed the contract together{servers}, the last on {standing.date}"
        case "outdated":
            said = f"it passed its contract on {standing.date}, and something has changed since"
        case _:
            said = "its contract has not been run yet"
    return f"This combination is {standing.state}: {said}."


def proof_in_brief(standing: Standing) -> str:
    """The same in at most 28 characters, so that a row of a summary is one line on a narrow screen, too."""
    match standing.state:
        case "proven":
            return f"passed on {standing.date}"
        case "covered":
            return f"its pairs passed, {standing.date}"
        case "outdated":
            return "passed in an earlier form"
        case _:
            return "not run yet"


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
