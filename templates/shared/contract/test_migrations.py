"""Migrations that are interrupted, and that two processes run at the same moment."""

import pytest
from wire import at_once

from generator.contract import case

NEEDS = ("process", "contents")


def undisturbed(project):
    """What a migration made of the main server's database, which nobody disturbed."""
    return project.outline(project.setting("DATABASE_URL"))


@case(
    "ops.migrate.runs-again-unchanged",
    points=1,
    reason="Each deployment runs the migrations: with nothing to do they do nothing.",
    needs=NEEDS,
)
def test_again(project):
    outline = undisturbed(project)
    attempt = project.run("migrate")
    assert attempt.code == 0, attempt.output[-500:]
    assert undisturbed(project) == outline


@case(
    "ops.migrate.interrupted-run-is-completed",
    points=3,
    reason="A deployment can be killed at any moment: the next one must be able to finish what it began.",
    needs=NEEDS,
)
def test_interrupted(project):
    database, killed = project.blank_database(), 0
    # Each run gets a few changes of the schema further than the one before, until it is killed as well.
    for stop_at in (3, 4):
        attempt = project.run("migrate", {"DATABASE_URL": database}, stop_at=stop_at)
        killed += attempt.code < 0
        assert attempt.code <= 0, f"after {killed} interruptions: exit code {attempt.code}: {attempt.output[-500:]}"
        if not killed and attempt.changes < stop_at:
            pytest.skip("the project stores next to nothing: its migrations have too few steps to be interrupted")
    assert killed, "no run was interrupted"
    last = project.run("migrate", {"DATABASE_URL": database})
    assert last.code == 0, f"after {killed} interruptions: exit code {last.code}: {last.output[-500:]}"
    differing = sorted(set(undisturbed(project)) ^ set(project.outline(database)))
    assert not differing, f"after {killed} interruptions it is not as after one run: {differing[:3]}"


@case(
    "ops.migrate.two-may-run-at-once",
    points=2,
    race=True,
    reason="Two instances of a new version start together, and each of them migrates first.",
    needs=NEEDS,
)
def test_two(project):
    database = project.blank_database()
    attempts = at_once(2, lambda _: project.run("migrate", {"DATABASE_URL": database}))
    last = project.run("migrate", {"DATABASE_URL": database})
    said = [attempt.output[-300:] for attempt in attempts if attempt.code]
    assert last.code == 0, f"the run after two at once: {last.output[-500:]} (before: {said})"
    assert project.outline(database) == undisturbed(project)
