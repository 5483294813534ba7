"""The exact set of files of a few projects, file by file, so that a file that comes or goes is seen in review."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.templates.conftest import Rendered

TREES = Path(__file__).parent / "trees"
STATED = (
    "todo/express-sqlite-none",
    "todo/express-postgresql-jwt",
    "todo/express-mongodb-session",
    "todo/fastapi-sqlite-none",
    "todo/fastapi-postgresql-jwt",
    "todo/fastapi-mongodb-session",
    "auth/express-sqlite-jwt",
    "auth/express-mongodb-session",
    "auth/fastapi-postgresql-session",
    "auth/fastapi-mongodb-jwt",
    "weather/express-sqlite-none-memory",
    "weather/express-postgresql-jwt-redis",
    "weather/fastapi-sqlite-none-memory",
    "weather/fastapi-mongodb-session-redis",
    "url-shortener/express-sqlite-none-memory",
    "url-shortener/express-postgresql-jwt-redis",
    "url-shortener/fastapi-mongodb-session-memory",
    "url-shortener/fastapi-sqlite-none-memory",
    "url-shortener/spring-postgresql-none-memory",
)


@pytest.mark.parametrize("combination", STATED)
def test_a_project_has_exactly_the_files_that_are_stated(rendered: Rendered, combination: str) -> None:
    stated = (TREES / f"{combination}.txt").read_text(encoding="utf-8").splitlines()

    assert stated == sorted(stated)
    assert sorted(rendered.files(combination)) == stated
