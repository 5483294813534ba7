"""The interactive path in a terminal: questionary asks one question at a time."""

from __future__ import annotations

import shutil
import textwrap
import threading
from typing import Any

import questionary
from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings

from generator.interview import BACK, Question
from generator.render import preload

_STYLE = questionary.Style(
    [
        ("highlighted", "fg:ansicyan bold"),
        ("disabled", "fg:ansibrightblack"),
        ("instruction", "fg:ansibrightblack"),
    ]
)


class Asker:
    """Asks a person in a terminal. Ctrl-C and the end of input raise KeyboardInterrupt."""

    def __init__(self) -> None:
        threading.Thread(target=preload, daemon=True).start()

    def ask(self, question: Question) -> Any:
        """Show a question until it is answered; the answer stays on the screen, in a line."""
        for line in question.above:
            questionary.print(_wrapped(line))
        asked = f"{question.place}  {question.text}".strip()
        values = [entry.value for entry in question.entries]
        if not values:
            answer = _text(question, asked)
        elif all(isinstance(value, bool) for value in values):
            answer = _yes_or_no(question, asked)
        else:
            answer = _list(question, asked)
        if answer is not BACK:
            label = question.entries[values.index(answer)].label if values else answer
            questionary.print(f"? {_wrapped(f'{asked} {label}', 2)}", style="fg:ansibrightblack")
        return answer


def _list(question: Question, asked: str) -> Any:
    # What can be chosen comes first. In a search, questionary looks for it by its place in the whole list, and would
    # never find any if the first places were disabled entries or separators.
    entries = sorted(question.entries, key=lambda entry: bool(entry.refused))
    offered = [number for number, entry in enumerate(entries) if not entry.refused]
    choices = [
        {
            "name": _wrapped(f"{entry.label}: {entry.refused}" if entry.refused else entry.titled, 5),
            "value": number,  # an entry's own value may be None, for which questionary would return its name
            "disabled": bool(entry.refused),  # a reason given here would be cut where the line is too long
            "description": _wrapped(entry.about, 15, 4) if entry.about else None,
        }
        for number, entry in enumerate(entries)
    ]
    default = next((number for number in offered if entries[number].value == question.default), offered[0])
    while True:
        prompt = questionary.select(
            _wrapped(asked, 2),
            choices=[*choices, {"name": "← Back", "value": BACK}] if question.back else choices,
            default=choices[default],
            instruction=_hint("↑ ↓ and Enter choose, typing searches", back=question.back),
            use_search_filter=True,
            use_jk_keys=False,
            style=_STYLE,
        )
        answer = _run(prompt, back=question.back, c_d=True)
        if answer is BACK:
            return BACK
        if answer in offered:  # Enter takes a disabled entry as well if a search finds it first
            return entries[answer].value


def _yes_or_no(question: Question, asked: str) -> Any:
    hint = _hint("y or n, Enter for " + ("yes" if question.default else "no"), back=question.back)
    prompt = questionary.confirm(_wrapped(asked, 2), bool(question.default), instruction=f"{hint}\n", style=_STYLE)
    return _run(prompt, back=question.back, c_d=True)


def _text(question: Question, asked: str) -> Any:
    """A text, checked when Enter is pressed. questionary's own check has one line for what is wrong, and cuts it."""
    typed = "" if question.default is None else str(question.default)
    hint = _hint("Enter takes it", back=question.back)
    while True:
        prompt = questionary.text(_wrapped(asked, 2), typed, instruction=f"{hint}\n›", style=_STYLE)
        typed = _run(prompt, back=question.back)
        wrong = None if typed is BACK else question.check(typed)
        if not wrong:
            return typed
        questionary.print(_wrapped(wrong), style="fg:ansired")


def _run(prompt: questionary.Question, *, back: bool, c_d: bool = False) -> Any:
    keys, app = KeyBindings(), prompt.application
    keys.add("escape", eager=True)(lambda event: event.app.exit(result=BACK) if back else None)
    if c_d:
        keys.add("c-d", eager=True)(lambda event: event.app.exit(exception=KeyboardInterrupt))
    app.key_bindings = merge_key_bindings([*filter(None, [app.key_bindings]), keys])
    app.ttimeoutlen = 0.1  # how long a lone Escape waits to become an arrow, in seconds
    app.erase_when_done = True
    try:
        return prompt.unsafe_ask()
    except EOFError:
        raise KeyboardInterrupt from None


def _hint(keys: str, *, back: bool) -> str:
    return "\n  " + _wrapped(f"({keys}{', Esc goes back' if back else ''}, Ctrl-C leaves)", 2)


def _wrapped(text: str, first: int = 0, further: int | None = None) -> str:
    """A text in lines of the terminal's width; questionary cuts them.

    Args:
        first: how many columns the first line leaves to what stands before it.
        further: by how many the others are indented, if not by as many.
    """
    indents = " " * first, " " * (first if further is None else further)
    width = shutil.get_terminal_size().columns - 1
    lines = textwrap.wrap(text, width, initial_indent=indents[0], subsequent_indent=indents[1], break_on_hyphens=False)
    return "\n".join(lines).lstrip()
