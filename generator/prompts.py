"""The interactive path: asks only what was not given, offers only what goes together."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import questionary
from questionary import Choice, Separator

from generator.catalog import Catalog, Idea
from generator.errors import ScaffoldError
from generator.naming import slugify
from generator.render import preload
from generator.staging import absolute, check_destination


class Asker:
    """Asks a person in a terminal. Every method raises KeyboardInterrupt on Ctrl-C."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        threading.Thread(target=preload, daemon=True).start()

    def idea(self) -> str:
        """Ask for an idea, grouped by level."""
        choices: list[Choice | Separator] = []
        level = None
        for idea in self._catalog.ideas.values():
            if idea.level != level:
                level = idea.level
                choices.append(Separator(f"  {level}"))
            choices.append(Choice(f"{idea.id}: {idea.summary}", value=idea.id))
        return str(questionary.select("What do you want to build?", choices=choices).unsafe_ask())

    def choice(self, option: str, offered: Sequence[str]) -> str:
        """Ask for one of the offered choices of an option."""
        spec = self._catalog.options[option]
        choices = [Choice(choice.about, value=choice.id) for choice in spec.choices if choice.id in offered]
        default = spec.default if spec.default in offered else offered[0]
        return str(questionary.select(spec.question, choices=choices, default=default).unsafe_ask())

    def name(self, idea: Idea, framework: str) -> str:
        """Ask for a name until one can be used and its folder is free."""
        reserved = self._catalog.package_names(framework)

        def check(typed: str) -> bool | str:
            try:
                check_destination(absolute(Path(slugify(typed, reserved=reserved))))
            except ScaffoldError as error:
                # It is shown in one line that ends where the screen does: what to do comes first.
                return f"{error.fix} {error.message}."
            return True

        return str(questionary.text("What is the project called?", default=idea.id, validate=check).unsafe_ask())

    def question(self, key: str, question: Mapping[str, Any]) -> Any:
        """Ask a question that is no option, given in Copier's form."""
        text, default = str(question.get("help", key)), question.get("default")
        if question.get("type") == "bool":
            return questionary.confirm(text, default=bool(default)).unsafe_ask()
        if "choices" in question:
            raw = question["choices"]
            pairs = raw.items() if isinstance(raw, Mapping) else ((value, value) for value in raw)
            choices = [Choice(str(label), value=value) for label, value in pairs]
            return questionary.select(text, choices=choices, default=default).unsafe_ask()
        return questionary.text(text, default="" if default is None else str(default)).unsafe_ask()
