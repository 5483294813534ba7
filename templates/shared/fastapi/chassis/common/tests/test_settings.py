"""A server that is misconfigured does not start, and says why."""

import re
import shutil
from pathlib import Path

import pytest

from app.config import Settings, load_settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"
GOOD = {"APP_ENV": "production", "SECRET_KEY": "x" * 32, "PUBLIC_URL": "https://sho.rt"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name, value in {**GOOD, "DATABASE_URL": settings.database_url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CACHE_URL", "redis://127.0.0.1:6379/0")
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:25")
    return monkeypatch


def refusal(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit) as exit_:
        load_settings()
    assert exit_.value.code == 1
    return re.findall(r"^[A-Z_]+", capsys.readouterr().err, re.MULTILINE)


def test_valid_settings_are_read(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CORS_ORIGINS", "https://a.example, https://b.example/")
    settings = load_settings()
    assert settings.cors_origins == ["https://a.example", "https://b.example"]
    assert not settings.serves_docs


def test_unset_variables_have_the_documented_defaults(environment: pytest.MonkeyPatch) -> None:
    for name in ("CORS_ORIGINS", "TRUSTED_PROXIES", "MAX_BODY_BYTES", "RATE_LIMIT", "LOG_LEVEL", "PORT"):
        environment.setenv(name, "")  # empty is not set
    settings = load_settings()
    assert (settings.max_body_bytes, settings.rate_limit, settings.log_level) == (1_048_576, 300, "info")
    assert (settings.cors_origins, settings.trusted_proxies) == ([], [])


def test_the_example_file_is_complete(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / ".env")
    lines = [line.partition("=") for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]
    for name in Settings.model_fields:
        environment.delenv(name.upper(), raising=False)
    assert load_settings().app_env == "development"
    assert {name.lower() for name, _, _ in lines} == Settings.model_fields.keys()


def test_example_secret_is_refused_in_production(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [secret] = re.findall(r"^SECRET_KEY=(.+)$", EXAMPLE.read_text(), re.MULTILINE)
    environment.setenv("SECRET_KEY", secret)
    assert refusal(capsys) == ["SECRET_KEY"]


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
        ("PUBLIC_URL", "ftp://sho.rt"),
        ("PUBLIC_URL", "https://ann:secret@sho.rt"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/path"),
        ("TRUSTED_PROXIES", "everyone"),
        ("TRUSTED_PROXIES", "10.0.0.0/40"),
        ("MAX_BODY_BYTES", "1MB"),
        ("RATE_LIMIT", "-1"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "oracle://host/app"),
        ("DATABASE_URL", "nonsense"),
    ],
)
def test_invalid_value_is_reported_by_name(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    environment.setenv(name, value)
    assert refusal(capsys) == [name]


def test_all_invalid_values_are_reported(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("SECRET_KEY")
    environment.delenv("DATABASE_URL")
    environment.setenv("PORT", "http")
    assert sorted(refusal(capsys)) == ["DATABASE_URL", "PORT", "SECRET_KEY"]


def test_error_message_does_not_contain_the_secret(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("SECRET_KEY", "hunter2")
    with pytest.raises(SystemExit):
        load_settings()
    assert "hunter2" not in capsys.readouterr().err


def test_env_file_is_for_development_and_the_environment_wins(environment: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=4000\nLOG_LEVEL=error\n")
    assert load_settings().port != 4000
    environment.setenv("APP_ENV", "development")
    environment.delenv("PORT", raising=False)
    environment.setenv("LOG_LEVEL", "debug")
    assert (load_settings().port, load_settings().log_level) == (4000, "debug")
    environment.setenv("APP_ENV", "")  # empty is not set
    assert load_settings().port == 4000
