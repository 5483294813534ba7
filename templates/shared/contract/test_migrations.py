"""Migrations that are interrupted, and that two processes run at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from wire import at_once, once, sample_of

from generator.contract import case

NEEDS = ("process", "contents")
NEVER = 1_000_000  # a change that no migration reaches


def whole(project):
    """A database that a migration made undisturbed: its outline and the seconds that took."""

    def play():
        database = project.blank_database()
        attempt = project.run("migrate", {"DATABASE_URL": database})
        assert attempt.code == 0, attempt.output[-500:]
        return project.outline(database), attempt.seconds

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
    outline, _ = whole(project)
    database = project.blank_database()
    for turn in range(2):
        attempt = project.run("migrate", {"DATABASE_URL": database})
        assert attempt.code == 0, f"run {turn + 1}: {attempt.output[-500:]}"
    assert project.outline(database) == outline


@case(
    "ops.migrate.interrupted-run-is-completed",
    points=3,
    reason="A deployment can be killed at any moment: the next one must be able to finish what it began.",
    needs=NEEDS,
)
def test_interrupted(project, boot, openapi):
    outline, seconds = whole(project)
    changes = project.run("migrate", {"DATABASE_URL": project.blank_database()}, stop_at=NEVER).changes
    assert changes, "no statement was seen that changes the schema"
    count = min(changes, max(2, min(4, int(8 / seconds))))

    def interrupt(number):
        database = project.blank_database()
        stop_at = 1 + (changes - 1) * number // max(1, count - 1)
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
    serves(boot, openapi, runs[count // 2][0])


@case(
    "ops.migrate.two-may-run-at-once",
    points=2,
    reason="Two instances of a new version start together, and each of them migrates first.",
    needs=NEEDS,
)
def test_two(project, boot, openapi):
    outline, _ = whole(project)
    database = project.blank_database()
    attempts = at_once(2, lambda _: project.run("migrate", {"DATABASE_URL": database}))
    last = project.run("migrate", {"DATABASE_URL": database})
    said = [attempt.output[-300:] for attempt in attempts if attempt.code]
    assert last.code == 0, f"the run after two at once: {last.output[-500:]} (before: {said})"
    assert project.outline(database) == outline
    serves(boot, openapi, database)
