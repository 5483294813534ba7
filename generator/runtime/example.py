"""A first request to try, taken from the idea's contract."""

from __future__ import annotations

import json
import shlex

from generator.project import Project

SIGN_UP = {"email": "ann@example.com", "password": "correct horse battery", "name": "Ann"}


def example_request(project: Project, url: str) -> str:
    """A curl command that works at once against a new server of the project.

    Args:
        project: what runs.
        url: where, without a slash at the end.
    """
    match project.auth:
        case "none":
            return _create(project, url) or f"curl -i {url}/health"
        case "jwt":
            return _post(f"{url}/api/v1/auth/signup", SIGN_UP)
        case _:
            return f"curl -i {url}/api/v1/auth/csrf"


def _create(project: Project, url: str) -> str | None:
    """Creating one item of the idea's collection; None if its contract names none."""
    from generator.catalog import Catalog
    from generator.layers import read_yaml

    contract = Catalog.load().idea(project.idea).path / "contract" / "openapi.yaml"
    known = read_yaml(contract).get("x-contract") if contract.is_file() else None
    if not isinstance(known, dict) or "collection" not in known or "create" not in known:
        return None
    return _post(f"{url}{known['collection']}", known["create"])


def _post(url: str, body: object) -> str:
    return f"curl -i {url} -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body))}"
