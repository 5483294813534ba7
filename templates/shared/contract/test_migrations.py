"""Migrations that are interrupted, and that two processes run at the same moment."""

from wire import at_once, once, sample_of

from generator.contract import case

NEEDS = ("process", "contents")
NEVER = 1_000_000  # a change that no migration reaches


def whole(project):
    """A database that a migration made undisturbed: its URL, its outline, the changes and the seconds that took."""

    def play():
        database = project.blank_database()
        attempt = project.run("migrate", {"DATABASE_URL": database}, stop_at=NEVER)
        assert attempt.code == 0, attempt.output[-500:]
        return database, project.outline(database), attempt.changes, attempt.seconds

    return once("migrated", play)


def serves(boot, openapi, database):
    """Assert that a server on that database is ready, and creates and lists."""
    sample = sample_of(openapi)
    with boot(env={"DATABASE_URL": database}) as server:
        ann = server.as_user("ann")
        item = sample.make(ann)
        assert ann.get(sample.path(item)).status_code == 200


@case(
    "ops.migrate.runs-again-unchanged",
    points=1,
    reason="Each deployment runs the migrations: with nothing to do they do nothing.",
    needs=NEEDS,
)
def test_again(project):
    database, outline, _, _ = whole(project)
    attempt = project.run("migrate", {"DATABASE_URL": database})
    assert attempt.code == 0, attempt.output[-500:]
    assert project.outline(database) == outline


@case(
    "ops.migrate.interrupted-run-is-completed",
    points=3,
    reason="A deployment can be killed at any moment: the next one must be able to finish what it began.",
    needs=NEEDS,
)
def test_interrupted(project, boot, openapi):
    _, outline, changes, seconds = whole(project)
    assert changes, "no statement was seen that changes the schema"
    database, killed = project.blank_database(), 0
    # Each run gets a few changes further than the one before, until it is killed as well.
    for stop_at in (3, 4, 3)[: 3 if seconds < 4 else 2]:
        attempt = project.run("migrate", {"DATABASE_URL": database}, stop_at=stop_at)
        killed += attempt.code < 0
        assert attempt.code <= 0, f"after {killed} interruptions: exit code {attempt.code}: {attempt.output[-500:]}"
    assert killed, "no run was interrupted"
    last = project.run("migrate", {"DATABASE_URL": database})
    assert last.code == 0, f"after {killed} interruptions: exit code {last.code}: {last.output[-500:]}"
    differing = sorted(set(outline) ^ set(project.outline(database)))
    assert not differing, f"after {killed} interruptions it is not as after one run: {differing[:3]}"
    serves(boot, openapi, database)


@case(
    "ops.migrate.two-may-run-at-once",
    points=2,
    reason="Two instances of a new version start together, and each of them migrates first.",
    needs=NEEDS,
)
def test_two(project):
    _, outline, _, _ = whole(project)
    database = project.blank_database()
    attempts = at_once(2, lambda _: project.run("migrate", {"DATABASE_URL": database}))
    last = project.run("migrate", {"DATABASE_URL": database})
    said = [attempt.output[-300:] for attempt in attempts if attempt.code]
    assert last.code == 0, f"the run after two at once: {last.output[-500:]} (before: {said})"
    assert project.outline(database) == outline
