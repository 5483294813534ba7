"""A stand-in of the service that an idea's projects talk to, for checks and for development without a network."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from contextlib import contextmanager

from generator.catalog import Idea
from generator.errors import CatalogError
from generator.services.upstream import Upstream

FILE = "contract/stand_in.py"  # in the idea's folder; its function `answer` makes a Reply of a Request


@contextmanager
def stand_in(idea: Idea) -> Iterator[dict[str, str]]:
    """Run an idea's stand-in, if it has one; the settings with which a project finds it, else none.

    Raises:
        CatalogError: the idea names one and has no ``contract/stand_in.py`` that answers.
    """
    if idea.stand_in is None:
        yield {}
        return
    file = idea.path / FILE
    try:
        answer = runpy.run_path(str(file))["answer"]
    except (OSError, KeyError) as error:
        raise CatalogError(f"{file} has no function 'answer'", "See docs/adding-an-idea.md.") from error
    with Upstream(answer) as server:
        yield {name: server.url + path for name, path in idea.stand_in.settings.items()}
