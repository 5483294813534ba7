"""``scaffold roadmap``: the steps of a back-end developer, and what practises each of them here."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.cli.completion import steps as complete_steps

if TYPE_CHECKING:
    from generator.roadmap.practice import Needs, Practice, Question, ReadFile
    from generator.roadmap.steps import Step

_WIDE = 76  # columns from which a step's line also holds its title
_INDENT = 2

Say = Callable[..., None]


def roadmap(
    step: Annotated[
        str | None,
        typer.Argument(metavar="[STEP]", help="A number or a short name.", autocompletion=complete_steps),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Show the 14 steps of a back-end developer, or one of them: what to learn, run, read, try and explain.

    Without STEP it lists the steps, and how many topics of each a generated project practises.
    """
    from generator.paths import templates_root
    from generator.roadmap.steps import find_step, read_steps

    steps = read_steps(templates_root())
    if step is None:
        if as_json:
            _print_json({"steps": [_brief(one) for one in steps]})
        else:
            _print_steps(steps)
        return
    one = find_step(steps, step)
    from generator.catalog import Catalog
    from generator.roadmap.practice import Library

    catalog = Catalog.load()
    practice = Library(catalog).practice(one)
    if as_json:
        _print_json(_whole(one, practice))
    else:
        after = steps[one.number] if one.number < len(steps) else None
        titles = {choice.id: choice.title for choice in catalog.options["framework"].choices}
        _print_step(one, practice, after, titles)


# For scripts.


def _print_json(value: Any) -> None:
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _brief(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "id": step.id,
        "title": step.title,
        "practised": step.practised,
        "topics": [{"title": one.title, "practised": one.practised, "text": one.text} for one in step.topics],
        "ideas": list(step.ideas),
    }


def _whole(step: Step, practice: Practice) -> dict[str, Any]:
    return {
        **_brief(step),
        "learn": step.learn,
        "explain": list(step.explain),
        "ideas": [{"id": idea, "text": text} for idea, text in step.ideas.items()],
        "choices": {option: list(choices) for option, choices in step.choices.items()},
        "commands": [{"command": one.run, "text": one.about} for one in step.commands],
        "files": [
            {
                "hardPart": file.hard_part or None,
                "title": file.title or None,
                "text": file.about,
                "ideas": list(file.ideas),
                "places": [
                    {
                        "framework": place.framework,
                        "path": place.path,
                        "test": place.test or None,
                        "ideas": list(place.ideas),
                        "needs": _lists(place.needs),
                    }
                    for place in file.places
                ],
            }
            for file in practice.files
        ],
        "experiments": [{"do": one.do, "see": one.see} for one in step.experiments],
        "cases": [
            {"id": found.case.id, "reason": found.case.reason, "points": found.case.points, "ideas": list(found.ideas)}
            for found in practice.cases
        ],
        "questions": [
            {
                "text": question.text,
                "frameworks": list(question.frameworks),
                "ideas": list(question.ideas),
                "needs": _lists(question.needs),
            }
            for question in practice.questions
        ],
    }


def _lists(needs: Needs) -> dict[str, list[str]]:
    return {option: list(choices) for option, choices in needs.items()}


# For people.


def _speaker() -> Say:
    """Prints a line: ``say(text, columns by which its further lines are indented, style)``.

    On a terminal it is folded at words, but not where ``further`` is None: a command that is copied from two lines
    would be two.
    """
    from rich.text import Text

    from generator.cli.folding import folded
    from generator.cli.terminal import out

    console = out()

    def say(text: str = "", further: int | None = 0, style: str = "") -> None:
        shown = text if further is None else folded(text, sys.stdout, further)
        console.print(Text(shown, style=style), soft_wrap=True, overflow="ignore")

    return say


def _print_steps(steps: tuple[Step, ...]) -> None:
    import shutil

    say = _speaker()
    wide = not sys.stdout.isatty() or shutil.get_terminal_size().columns >= _WIDE
    ids, titles = max(len(one.id) for one in steps), max(len(one.title) for one in steps)
    say(
        "A road map for back-end developers. Behind each step: how many of its topics a project made here practises.", 0
    )
    say()
    for one in steps:
        if wide:
            say(f"{one.number:>4}  {one.id:<{ids}}  {one.title:<{titles}}  {one.extent}")
        else:
            say(f"{one.number:>2} {one.id:<{ids}}  {one.extent}")
    say()
    say("One step: scaffold roadmap caching")


def _print_step(step: Step, practice: Practice, after: Step | None, titles: Mapping[str, str]) -> None:
    say = _speaker()

    def head(text: str) -> None:
        say()
        say(text, 0, "bold")

    say(f"{step.number}  {step.title}", 3, "bold")
    say(step.learn)
    head(f"Topics ({step.extent} practised here)")
    for topic in step.topics:
        say(f"  {topic.title}: {'' if topic.practised else 'Not yet. '}{topic.text}", 2)
    head("Afterwards you can explain")
    for line in step.explain:
        say(f"  - {line}", 2)
    if step.ideas:
        head("Projects that practise it")
        for idea, why in step.ideas.items():
            say(f"  {idea}: {why}", 2)
        for option, choices in step.choices.items():
            say(f"  --{option} {alternatives(choices)}", 2)
    head("Run")
    for command in step.commands:
        say(f"  {command.run}", None, "cyan")
        say(f"    {command.about}")
    if practice.files:
        head("Read")
        for file in practice.files:
            _print_file(file, step, say)
    if step.experiments:
        head("Try")
        for number, experiment in enumerate(step.experiments, 1):
            say(f"  {number}. {experiment.do}", 3)
            say(f"     You will see: {experiment.see}")
    if practice.cases:
        head("Contract cases, each with its reason")
        for found in practice.cases:
            say(f"  {found.case.id}{_only(found.ideas, step)}", 2, "cyan")
            say(f"    {found.case.reason}")
        say()
        say("  Run them:")
        say(f"  scaffold check FOLDER {only_flags(step)}", None, "cyan")
    if practice.questions:
        head("Interview questions, answered in docs/interview.md of your project")
        for question in practice.questions:
            say(f"  - {question.text}{remark(question, step, titles)}", 2)
    if after:
        say()
        say(f"Next: scaffold roadmap {after.id}")


def _print_file(file: ReadFile, step: Step, say: Say) -> None:
    about = f"{file.title}: {file.about}" if file.title else file.about
    say(f"  {about}{_only(file.ideas, step)}", 2)
    width = max(len(place.framework) for place in file.places)
    for place in file.places:
        said = [*(place.ideas if place.partly else ()), *words_of_needs(place.needs)]
        remarks = f"  ({', '.join(said)})" if said else ""
        say(f"    {place.framework:<{width}}  {place.path}{remarks}", width + 2, "cyan")


def only_flags(step: Step) -> str:
    """The flags of ``scaffold check`` that select a step's cases."""
    return " ".join(f"--only {shlex.quote(pattern)}" for pattern in step.cases)


def remark(question: Question, step: Step, titles: Mapping[str, str]) -> str:
    """In which projects a question is asked, where that is not in all of a step's.

    Args:
        titles: those of all frameworks.
    """
    said = [titles[framework] for framework in question.frameworks] if question.partly else []
    said += [] if set(question.ideas) == set(step.ideas) else question.ideas
    said += words_of_needs(question.needs)
    return f" ({', '.join(said)})" if said else ""


def words_of_needs(needs: Needs) -> Iterator[str]:
    """The choices that something needs, as flags."""
    for option, choices in needs.items():
        yield f"--{option} {alternatives(choices)}"


def alternatives(words: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _only(ideas: Iterable[str], step: Step) -> str:
    """The ideas that have something, where not all of a step's do."""
    there = list(ideas)
    return "" if set(there) == set(step.ideas) else f"  ({', '.join(there)})"
