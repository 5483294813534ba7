"""A server that is misconfigured does not start, and says why."""

import os
from pathlib import Path

import pytest

from app.settings import Settings, load_settings

GOOD = {"APP_ENV": "production", "SECRET_KEY": "x" * 32, "PUBLIC_URL": "https://sho.rt"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name, value in {**GOOD, "DATABASE_URL": settings.database_url}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit) as exit_:
        load_settings()
    assert exit_.value.code == 1
    return [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()]


def test_good_settings_are_read(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CORS_ORIGINS", "https://a.example, https://b.example")
    settings = load_settings()
    assert settings.cors_origins == {"https://a.example", "https://b.example"}
    assert not settings.serves_docs


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENV", "staging"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "change-me-" + "x" * 32),
        ("PUBLIC_URL", "sho.rt"),
        ("PUBLIC_URL", "https://sho.rt/path"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/path"),
        ("TRUSTED_PROXIES", "everyone"),
        ("MAX_BODY_BYTES", "1MB"),
        ("RATE_LIMIT", "-1"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "oracle://host/app"),
    ],
)
def test_a_bad_value_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    environment.setenv(name, value)
    assert refusal(capsys) == [name]


def test_every_bad_value_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("SECRET_KEY")
    environment.delenv("DATABASE_URL")
    environment.setenv("PORT", "http")
    assert sorted(refusal(capsys)) == ["DATABASE_URL", "PORT", "SECRET_KEY"]


def test_a_refusal_does_not_repeat_the_secret(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("SECRET_KEY", "hunter2")
    with pytest.raises(SystemExit):
        load_settings()
    assert "hunter2" not in capsys.readouterr().err


def test_the_file_is_for_development_and_the_environment_wins(environment: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=4000\nLOG_LEVEL=error\n")
    assert load_settings().port == 3000
    environment.setenv("APP_ENV", "development")
    environment.setenv("LOG_LEVEL", "debug")
    os.environ.pop("PORT", None)
    assert (load_settings().port, load_settings().log_level) == (4000, "debug")
