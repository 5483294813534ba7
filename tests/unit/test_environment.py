"""What of the user's environment reaches a project's commands, and what would move its packages and does not."""

from __future__ import annotations

import pytest

from generator.runtime.environment import machine_environment, user_environment

WHERE_FROM = {
    "UV_CACHE_DIR": "/cache",
    "UV_DEFAULT_INDEX": "https://mirror.example/simple",
    "UV_INDEX_OURS_PASSWORD": "secret",
    "UV_OFFLINE": "1",
    "PIP_CERT": "/ca.pem",
    "npm_config_registry": "https://mirror.example",
    "NPM_CONFIG_CAFILE": "/ca.pem",
    "npm_config_strict-ssl": "false",
    "npm_config_//mirror.example/:_authToken": "secret",
    "npm_config_@ours:registry": "https://mirror.example",
    "SSL_CERT_FILE": "/ca.pem",
}
WHERE_TO = {
    "UV_PROJECT_ENVIRONMENT": "/elsewhere",
    "UV_WORKING_DIR": "/elsewhere",
    "UV_WORKING_DIRECTORY": "/elsewhere",
    "UV_PROJECT": "/elsewhere",
    "UV_SYSTEM_PYTHON": "1",
    "UV_NO_DEV": "1",
    "UV_FROZEN": "1",
    "UV_ENV_FILE": "/elsewhere/.env",
    "PIP_TARGET": "/elsewhere",
    "PIP_PREFIX": "/elsewhere",
    "npm_config_local_prefix": "/elsewhere",
    "npm_config_prefix": "/elsewhere",
    "NPM_CONFIG_GLOBAL": "true",
    "npm_config_omit": "dev",
    "VIRTUAL_ENV": "/elsewhere",
    "PYTHONHOME": "/elsewhere",
}


@pytest.mark.parametrize("environment", [machine_environment, user_environment])
def test_where_packages_come_from_goes_through_and_where_they_go_does_not(environment: object) -> None:
    kept = environment({**WHERE_FROM, **WHERE_TO})  # type: ignore[operator]

    assert {name: value for name, value in kept.items() if name in WHERE_FROM} == WHERE_FROM
    assert set(kept) & set(WHERE_TO) == set()


def test_the_owner_s_settings_reach_their_own_run_and_no_proof() -> None:
    settings = {"DATABASE_URL": "postgresql://mine", "NODE_OPTIONS": "--inspect", "APP_ENV": "development"}

    assert user_environment(settings).items() >= settings.items()
    assert set(machine_environment(settings)) & set(settings) == set()
