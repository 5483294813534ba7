"""Migrations that are interrupted, and that two processes run at the same moment."""

from concurrent.futures import ThreadPoolExecutor

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
    count = min(changes, 3 if seconds < 3 else 2)

    def interrupt(number):
        database = project.blank_database()
        stop_at = changes * (number + 1) // count
        killed = project.run("migrate", {"DATABASE_URL": database}, stop_at=stop_at)
        return database, stop_at, killed, project.run("migrate", {"DATABASE_URL": database})

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(interrupt, range(count)))
    for database, stop_at, killed, again in runs:
        what = f"killed after change {stop_at} of {changes}, and run again"
        assert killed.code < 0, f"change {stop_at} was not seen: exit code {killed.code}"
        assert again.code == 0, f"{what}: exit code {again.code}: {again.output[-500:]}"
        missing = sorted(set(outline) ^ set(project.outline(database)))
        assert not missing, f"{what}: not as after a run that nobody disturbed: {missing[:3]}"
    serves(boot, openapi, runs[0][0])


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
