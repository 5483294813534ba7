"""The steps of one proof: what a generated project must pass, one after the other, as its owner would run them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.catalog import Catalog, Idea
from generator.ledger import proof_spec
from generator.plan import make_plan
from generator.project import Project
from generator.render import render
from generator.runtime.stack import Stack
from tests.proofs.properties import run_properties

# The project's own commands that must succeed before it is started.
CHECKS = ("format", "lint", "typecheck", "test")


@dataclass
class Step:
    """What one step did: ``problem`` is empty when it passed."""

    name: str
    seconds: float
    problem: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def prove(catalog: Catalog, idea: Idea, combination: dict[str, str], folder: Path) -> Iterator[Step]:
    """Generate a combination and take it through every step, stopping after the first that fails.

    Args:
        folder: where to generate it; absent.

    Yields:
        Each step as it ends.
    """
    began = time.monotonic()
    spec = proof_spec(catalog, idea, combination)
    render(make_plan(catalog, spec), folder)
    yield Step("render", time.monotonic() - began)
    project = Project.load(folder)
    with Stack(project) as stack:
        began = time.monotonic()
        stack.install()
        services = [service.runs_on for service in (stack.database, stack.cache) if service is not None]
        yield Step("install", time.monotonic() - began, facts={"services": services})
        for command in CHECKS:
            began = time.monotonic()
            env = {**stack.fresh_urls(), **stack.fresh_urls(tests=True)} if command == "test" else {}
            done = stack.run(command, env, timeout=600)
            problem = "" if done.returncode == 0 else f"exit {done.returncode}: {(done.stdout + done.stderr)[-3000:]}"
            yield Step(command, time.monotonic() - began, problem)
            if problem:
                return
        began = time.monotonic()
        problem = run_properties(stack)
        yield Step("properties", time.monotonic() - began, problem)
        if problem:
            return
    yield _contract(folder)


def _contract(folder: Path) -> Step:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "generator", "check", str(folder), "--json"],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    seconds = time.monotonic() - began
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return Step("contract", seconds, f"exit {done.returncode}: {done.stderr[-2000:]}")
    outcomes = [case["outcome"] for case in report["cases"]]
    facts = {"score": report["score"], **{name: outcomes.count(name) for name in ("passed", "failed", "skipped")}}
    failed = [f"{case['id']}: {case.get('message', '')}" for case in report["cases"] if case["outcome"] == "failed"]
    problem = "\n".join(failed) if failed or done.returncode else ""
    if done.returncode and not failed:
        problem = f"exit {done.returncode}: {done.stderr[-2000:]}"
    return Step("contract", seconds, problem, facts)
