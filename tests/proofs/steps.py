"""The steps of one proof: what a generated project must pass, as its owner would run it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.catalog import Catalog, Idea
from generator.errors import ScaffoldError
from generator.ledger import proof_spec
from generator.plan import make_plan
from generator.project import Project
from generator.render import render
from generator.runtime.commands import tools_for
from generator.runtime.environment import machine_environment
from generator.runtime.stack import Stack
from generator.services import ServicePool
from generator.services.contents import contents, outline, readable
from tests.proofs.packages import install
from tests.proofs.places import tool_caches
from tests.proofs.properties import run_properties

# In the order of the printed table.
STEPS = ("render", "install", "format", "lint", "typecheck", "test", "properties", "contract")
STATIC = ("format", "lint", "typecheck")
TEST_SECONDS = 600
CONTRACT_SECONDS = 1200


@dataclass
class Step:
    """What one step did: ``problem`` is empty when it passed."""

    name: str
    seconds: float
    problem: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


Done = tuple[str, dict[str, Any]]


def prove(
    catalog: Catalog,
    idea: Idea,
    combination: dict[str, str],
    folder: Path,
    services: ServicePool,
    *,
    apart: bool = False,
) -> Iterator[Step]:
    """Generate a combination and take it through every step, stopping after the first stage in which one fails.

    What only reads the files runs at once; so do the project's own tests with the properties and the contract, which
    has servers of its own and mostly waits.

    Args:
        folder: where to generate it; absent.
        services: the servers for tests and properties, shared with other proofs.
        apart: run nothing beside the contract, for a machine that has no processor to spare.

    Yields:
        Each step as it ends.
    """
    yield (step := _timed("render", lambda: _render(catalog, idea, combination, folder)))
    if step.problem:
        return
    project = Project.load(folder)
    with Stack(project, services=services) as stack, ThreadPoolExecutor(4) as pool:
        yield (step := _timed("install", lambda: _install(stack)))
        if step.problem:
            return
        static = [pool.submit(_timed, name, _command(stack, name)) for name in STATIC if name in project.commands()]
        if (yield from _each(static)):
            return
        tests = pool.submit(_timed, "test", lambda: _tests(stack))
        properties = pool.submit(_after, tests, "properties", lambda: (run_properties(stack), {}))
        if apart and (yield from _each([tests, properties])):
            return
        checks = pool.submit(_timed, "contract", lambda: _contract(folder))
        yield from _each([checks] if apart else [checks, tests, properties])


def _each(running: Sequence[Future[Any]]) -> Generator[Step, None, bool]:
    """Yield steps as they end; the value is whether one failed."""
    failed = False
    for future in as_completed(running):
        step = future.result()
        if step is not None:
            failed = failed or bool(step.problem)
            yield step
    return failed


def _after(before: Future[Step], name: str, work: Callable[[], Done]) -> Step | None:
    """A step that is tried only when the one before it passed."""
    return None if before.result().problem else _timed(name, work)


def _timed(name: str, work: Callable[[], Done]) -> Step:
    began = time.monotonic()
    try:
        problem, facts = work()
    except ScaffoldError as error:
        problem, facts = f"could not run: {error}", {}
    except Exception:  # one broken project must not end the proofs of the others
        problem, facts = f"could not run: {traceback.format_exc()[-3000:]}", {}
    return Step(name, time.monotonic() - began, problem, facts)


def _render(catalog: Catalog, idea: Idea, combination: dict[str, str], folder: Path) -> Done:
    render(make_plan(catalog, proof_spec(catalog, idea, combination)), folder)
    return "", {}


def _install(stack: Stack) -> Done:
    install(stack)
    return "", {"services": {option: service.runs_on for option, service in stack.services.items()}}


def _command(stack: Stack, name: str) -> Callable[[], Done]:
    caches = tool_caches(stack.project.folder.parent)
    return lambda: (_problem(stack.run(name, caches, timeout=TEST_SECONDS)), {})


def _tests(stack: Stack) -> Done:
    """The project's own tests, as its owner runs them: without the settings that the runner gives to servers.

    They get databases of their own; what DATABASE_URL names must stay as it was.
    """
    development = stack.environment["DATABASE_URL"]
    stack.migrate()
    before = _written_in(development)
    urls = {option.url for option in Catalog.load().options.values()}
    given = {*machine_environment(), *tools_for(stack.project), *urls}
    own = {name: None for name in stack.environment if name not in given}
    problem = _problem(stack.run("test", {**own, **stack.fresh_urls(tests=True)}, timeout=TEST_SECONDS))
    if not problem and _written_in(development) != before:
        problem = "the tests wrote to the database that DATABASE_URL names"
    return problem, {}


def _written_in(url: str) -> Any:
    return (sorted(contents(url)), outline(url)) if readable(url) else None


def _problem(done: subprocess.CompletedProcess[str]) -> str:
    return "" if done.returncode == 0 else f"exit {done.returncode}: {(done.stdout + done.stderr)[-3000:]}"


def _told(case: dict[str, Any]) -> str:
    """A failed case in a few lines: what it saw, and that the machine was busy."""
    return "\n".join([f"{case['id']}: {case['message']}", *([f"({case['note']})"] if case["note"] else [])])


def _contract(folder: Path) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "generator", "check", str(folder), "--json"],
        capture_output=True,
        text=True,
        timeout=CONTRACT_SECONDS,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return f"exit {done.returncode}: {done.stderr[-2000:]}", {}
    outcomes = [case["outcome"] for case in report["cases"]]
    facts = {"score": report["score"], **{name: outcomes.count(name) for name in ("passed", "failed", "skipped")}}
    failed = [_told(case) for case in report["cases"] if case["outcome"] == "failed"]
    if twice := [case["id"] for case in report["cases"] if case["outcome"] == "passed" and case["note"]]:
        facts["ranTwice"] = twice
    problem = "\n".join(failed)
    if done.returncode and not failed:
        problem = f"exit {done.returncode}: {done.stderr[-2000:]}"
    return problem, facts
