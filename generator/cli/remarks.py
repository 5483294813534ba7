"""What ``scaffold new`` says of what it made, in lines whose commands can be typed as they are."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.git import Repository
    from generator.ledger import Standing


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


def relative(destination: Path) -> str:
    """The destination as the user would type it from here."""
    try:
        shown = destination.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return destination.as_posix()
    return f"./{shown}" if shown.startswith("-") else shown
