"""A property-based run over what a project's own ``/openapi.json`` promises, by Schemathesis."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from generator.contract.accounts import sign_in
from generator.contract.client import Account, Target, User
from generator.runtime.commands import must_run
from generator.runtime.example import ACCOUNT
from generator.runtime.stack import Stack

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
)
# Log-in would shut the run out, log-out and deletion would end its session: the contract's own cases cover them.
LEFT_OUT = (
    "/api/v1/auth/logout",
    "/api/v1/auth/login",
    "/api/v1/auth/password",
    "/api/v1/auth/me",
    "/api/v1/auth/sessions",
)


def run_properties(stack: Stack, *, examples: int = 25) -> str:
    """Boot a migrated project with its example data and send it generated requests as the account of these.

    Args:
        examples: test cases an operation at most.

    Returns:
        What was found wrong; empty when nothing was.
    """
    database = {"DATABASE_URL": stack.fresh_database()}
    stack.migrate(database)
    for _ in range(2):  # an owner may ask for the example data again
        must_run(stack.project, "seed", stack.environment, database)
    with stack.boot(database) as server:
        headers = _credentials(Target(server.url, server.public_url, stack.project.auth))
        done = subprocess.run(
            [
                *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{server.url}/openapi.json"),
                *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"),
                *("--max-examples", str(examples), "--no-color", "--warnings", "off"),
                *(word for name, value in headers.items() for word in ("--header", f"{name}: {value}")),
                *(word for path in LEFT_OUT for word in ("--exclude-path", path)),
                "--generation-deterministic",
            ],
            capture_output=True,
            text=True,
            cwd=stack.folder,
            timeout=600,
            check=False,
        )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-6000:]


def _credentials(target: Target) -> dict[str, str]:
    """The headers that a client sends after it has logged in, whichever way the project does."""
    user = User(target, Account(ACCOUNT["email"], ACCOUNT["password"], ACCOUNT["name"]))
    try:
        if target.auth == "none":
            return {}
        user.csrf()
        sign_in(user)
        headers = {str(name): str(value) for name, value in user.headers.items()}
        if user.cookies.header("/api/v1/"):
            headers["X-CSRF-Token"] = user.csrf()
            headers["Cookie"] = user.cookies.header("/api/v1/")
        return headers
    finally:
        user.close()
