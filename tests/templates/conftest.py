"""All combinations, rendered once for all the tests that look at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.catalog import Catalog
from generator.plan import Plan, make_plan
from generator.render import render
from generator.spec import ProjectSpec

NAME = "my-links"


class Rendered:
    """Projects on disk by combination, such as ``todo/express-sqlite-none``, made when first asked for."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        self._catalog, self._folder = catalog, folder
        self._files: dict[Path, dict[str, bytes]] = {}

    def plan(self, combination: str, **answers: str) -> Plan:
        idea, _, choices = combination.partition("/")
        chosen = dict(zip(self._catalog.idea(idea).options, choices.split("-"), strict=True))
        spec = ProjectSpec.create(self._catalog, idea=idea, name=NAME, choices=chosen, answers=answers)
        return make_plan(self._catalog, spec)

    def project(self, combination: str, again: bool = False) -> Path:
        folder = self._folder / ("again" if again else "first") / combination
        if not folder.exists():
            render(self.plan(combination), folder)
        return folder

    def files(self, combination: str, again: bool = False) -> dict[str, bytes]:
        """Every file by its path in the project."""
        project = self.project(combination, again)
        if project not in self._files:
            self._files[project] = {
                path.relative_to(project).as_posix(): path.read_bytes()
                for path in sorted(project.rglob("*"))
                if path.is_file()
            }
        return self._files[project]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return Rendered(Catalog.load(), tmp_path_factory.mktemp("rendered"))


def answered() -> list[dict[str, str]]:
    """Every answer to a shared question that is no option, where there are few: the licences."""
    return [
        {key: value}
        for key, answer in Catalog.load().answers.items()
        for value in answer.form.get("choices", {}).values()
    ]


def combinations() -> list[str]:
    """Every combination that is offered, as one word each: its idea and its choices."""
    return [
        f"{name}/{'-'.join(choices.values())}"
        for name, idea in Catalog.load().ideas.items()
        for choices in idea.combinations()
    ]
