"""A first request to try, taken from the idea's contract."""

from __future__ import annotations

import json
import shlex

from generator.project import Project

# The account of the example data: projects' seed commands make it, and their READMEs and docs/api.md sign in as it.
ACCOUNT = {"email": "ann@example.com", "password": "correct horse battery", "name": "Ann"}
CREDENTIALS = {member: ACCOUNT[member] for member in ("email", "password")}


def example_request(project: Project, url: str, *, seeded: bool = False) -> str:
    """A command line that works at once against a running server of the project.

    Args:
        project: what runs.
        url: where, without a slash at the end.
        seeded: whether the example data are in its database, and with them the account: then it logs in.
    """
    if project.auth == "none":
        return _first(project, url) or f"curl -i {url}/health"
    path, body = ("login", CREDENTIALS) if seeded else ("signup", ACCOUNT)
    request = _post(f"{url}/api/v1/auth/{path}", body)
    return request if project.auth == "jwt" else _with_csrf_token(request, url)


def _with_csrf_token(request: str, url: str) -> str:
    """The same request with a CSRF token, which a first one fetches into a cookie jar."""
    fetch = f'JAR=$(mktemp); curl -s -o /dev/null -c "$JAR" {url}/api/v1/auth/csrf; '
    token = """$(awk '$6 == "csrf_token" {print $7}' "$JAR")"""
    return fetch + request.replace("curl -i", f'curl -i -b "$JAR" -c "$JAR" -H "X-CSRF-Token: {token}"', 1)


def _first(project: Project, url: str) -> str | None:
    """What the idea's contract names to ``try``, or creating one item of its collection; None if it names neither."""
    from generator.catalog import Catalog
    from generator.layers import read_yaml

    contract = Catalog.load().idea(project.idea).path / "contract" / "openapi.yaml"
    known = read_yaml(contract).get("x-contract") if contract.is_file() else None
    if not isinstance(known, dict):
        return None
    if "try" in known:
        return f"curl -i {shlex.quote(url + known['try'])}"
    if "collection" not in known or "create" not in known:
        return None
    return _post(f"{url}{known['collection']}", known["create"])


def _post(url: str, body: object) -> str:
    return f"curl -i {url} -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body))}"
