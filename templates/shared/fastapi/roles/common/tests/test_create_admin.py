"""`python -m app.create_admin`."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app import create_admin
from app.config import Settings
from tests.conftest import SignIn
from tests.sign_in import PASSWORD, address, log_in

ME = "/api/v1/auth/me"


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(create_admin, "load_settings", lambda: settings)
    monkeypatch.setattr("sys.argv", ["create_admin"])
    monkeypatch.setenv("ADMIN_EMAIL", address("root"))
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    monkeypatch.delenv("ADMIN_NAME", raising=False)
    return monkeypatch


async def test_account_is_created(
    app: FastAPI, command: pytest.MonkeyPatch, visitor: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await create_admin.main()
    assert await log_in(visitor, "root") == 200
    user = (await visitor.get(ME)).json()
    assert (user["role"], user["active"], user["name"]) == ("admin", True, "Admin")
    assert PASSWORD not in capsys.readouterr().out


async def test_second_run_changes_nothing(
    app: FastAPI, command: pytest.MonkeyPatch, visitor: AsyncClient
) -> None:
    await create_admin.main()
    command.setenv("ADMIN_PASSWORD", "another horse battery")
    await create_admin.main()
    assert await log_in(visitor, "root") == 200
    types = [event["type"] for event in (await visitor.get("/api/v1/auth/events")).json()["items"]]
    assert types.count("role-changed") == 1


async def test_existing_account_needs_no_password(as_user: SignIn, command: pytest.MonkeyPatch) -> None:
    ann = await as_user("ann")
    command.delenv("ADMIN_PASSWORD")
    command.setattr("sys.argv", ["create_admin", address("ANN")])
    await create_admin.main()
    assert (await ann.get(ME)).json()["role"] == "admin"


@pytest.mark.parametrize(
    ("name", "value"),
    [("ADMIN_EMAIL", ""), ("ADMIN_EMAIL", "root"), ("ADMIN_PASSWORD", ""), ("ADMIN_PASSWORD", "password")],
)
async def test_invalid_value_is_named(
    app: FastAPI, command: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    command.setenv(name, value)
    with pytest.raises(SystemExit) as exit_:
        await create_admin.main()
    assert exit_.value.code not in (0, None)
    assert name in f"{exit_.value.code} {capsys.readouterr().err}"
