"""Migrations that are interrupted, and that two processes run at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from wire import at_once, once, sample_of

from generator.contract import case

NEEDS = ("process", "contents")
MOMENTS = 8  # at which a migration is killed, in the second half of its time: it is the half that writes


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

    def interrupt(number):
        database = project.blank_database()
        moment = seconds * (0.5 + 0.5 * number / MOMENTS)
        killed = project.run("migrate", {"DATABASE_URL": database}, kill_after=moment)
        again = project.run("migrate", {"DATABASE_URL": database})
        return database, killed.code, again, moment

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(interrupt, range(MOMENTS)))
    assert any(code < 0 for _, code, _, _ in runs), "no run was killed in time"
    for database, _, again, moment in runs:
        what = f"killed after {moment:.2f} of {seconds:.2f} s, and run again"
        assert again.code == 0, f"{what}: exit code {again.code}: {again.output[-500:]}"
        missing = sorted(set(outline) ^ set(project.outline(database)))
        assert not missing, f"{what}: not as after a run that nobody disturbed: {missing[:3]}"
    serves(boot, openapi, runs[MOMENTS // 2][0])


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
