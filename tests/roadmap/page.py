"""The page ``docs/learn.md``, made of ``templates/roadmap.yml`` and of what its names stand for."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator.catalog import Catalog
from generator.cli.folding import GLUE
from generator.cli.roadmap import only_flags, remark, words_of_needs
from generator.options import FRAMEWORK
from generator.roadmap.practice import Library, Place, Practice, ReadFile
from generator.roadmap.steps import Step, read_steps

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "learn.md"
INTRODUCTION = """\
# Learn

A road map for back-end developers, in {count} steps, and what in the projects of `scaffold` practises each. For every
step: what to learn, a command to begin with, files to read, something to try, the contract cases that are about it and
the questions that an interviewer may ask. What no project practises yet is said as plainly.

Read the steps in order or take the one that you need. Each stands alone: its commands make projects of their own. A
command without `--framework` makes an Express project; add `--framework fastapi` for Python. `scaffold roadmap` shows
the same in a terminal, and `scaffold roadmap caching` one step.

Made of `templates/roadmap.yml` by `python -m tests.roadmap --write`; a test keeps it current.
"""


def page() -> str:
    """The whole page."""
    catalog = Catalog.load()
    library, steps = Library(catalog), read_steps(catalog.shared)
    titles = {choice.id: choice.title for choice in catalog.options[FRAMEWORK].choices}
    lines = [INTRODUCTION.format(count=len(steps)), "| | step | topics practised |", "|---|---|---|"]
    lines += [f"| {one.number} | [{one.title}](#{one.id}) | {one.extent} |" for one in steps]
    for step in steps:
        lines += ["", *_section(step, library.practice(step), titles)]
    return "\n".join(lines) + "\n"


def _section(step: Step, practice: Practice, titles: Mapping[str, str]) -> Iterator[str]:
    yield from (f'<a id="{step.id}"></a>', "", f"## {step.number}. {step.title}", "", _filled(step.learn), "")
    yield from (f"**Topics**, {step.extent} practised:", "")
    for topic in step.topics:
        yield _item(f"{topic.title}: {topic.text}" if topic.practised else f"*Not yet:* {topic.title}. {topic.text}")
    yield from ("", "**Afterwards you can explain**", "")
    yield from map(_item, step.explain)
    yield from ("", "**Projects that practise it**", "")
    yield from (_item(f"`{idea}`: {why}") for idea, why in step.ideas.items())
    if step.choices:
        yield f"- with {', '.join(f'`{flag}`' for flag in words_of_needs(step.choices))}"
    yield from ("", "**Run**", "", "```sh")
    for command in step.commands:
        yield from (f"# {command.about}", command.run)
    yield "```"
    if practice.files:
        frameworks = [framework for framework in titles if any(_in(file, framework) for file in practice.files)]
        yield from ("", "**Read**", "", f"| what | {' | '.join(titles[one] for one in frameworks)} |")
        yield f"|---{'|---' * len(frameworks)}|"
        for file in practice.files:
            cells = [_cell(_in(file, framework)) for framework in frameworks]
            yield f"| {_about(file, step)} | {' | '.join(cells)} |"
    if step.experiments:
        yield from ("", "**Try**", "")
        for number, experiment in enumerate(step.experiments, 1):
            yield _filled(experiment.do, f"{number}. ", "   ")
            yield _filled(f"*You will see:* {experiment.see}", "   ", "   ")
    if practice.cases:
        yield from ("", "**Contract cases**, in a project's folder by", "")
        yield from ("```text", f"scaffold check {only_flags(step)}", "```", "")
        for found in practice.cases:
            yield _item(f"`{found.case.id}`{_only(found.ideas, step)}: {found.case.reason}")
    if practice.questions:
        yield from ("", "**Interview questions**, answered in the project's `docs/interview.md`", "")
        yield from (_item(f"{question.text}{remark(question, step, titles)}") for question in practice.questions)


def _filled(text: str, first: str = "", rest: str = "") -> str:
    """A paragraph or a list item in lines of at most 118 characters, code in one piece."""
    glued = re.sub(r"`[^`]+`", lambda found: found[0].replace(" ", GLUE), text)
    wrapped = textwrap.fill(
        glued, 118, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return wrapped.replace(GLUE, " ")


def _item(text: str) -> str:
    return _filled(text, "- ", "  ")


def _in(file: ReadFile, framework: str) -> list[Place]:
    return [place for place in file.places if place.framework == framework]


def _about(file: ReadFile, step: Step) -> str:
    about = f"{file.title}: {file.about}" if file.title else file.about
    return about + _only(file.ideas, step)


def _cell(places: Iterable[Place]) -> str:
    return "<br>".join(f"`{place.path}`{_remarks(place)}" for place in places) or "–"


def _remarks(place: Place) -> str:
    said = [*(place.ideas if place.partly else ()), *(f"`{flag}`" for flag in words_of_needs(place.needs))]
    return f" ({', '.join(said)})" if said else ""


def _only(ideas: Iterable[str], step: Step) -> str:
    there = list(ideas)
    return "" if set(there) == set(step.ideas) else f" ({', '.join(there)})"
