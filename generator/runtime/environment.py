"""The environment of the programs we run: what the machine needs, and nothing the user has set for other programs."""

from __future__ import annotations

import os
from collections.abc import Mapping

# A variable of the user's such as DATABASE_URL, NODE_OPTIONS, VIRTUAL_ENV or AWS_SECRET_ACCESS_KEY would change what
# is proven, or hand a secret to it: so these go through and all others do not.
NAMES = frozenset(
    "HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TERM NO_COLOR SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE "
    "CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy "
    "all_proxy JAVA_TOOL_OPTIONS MAVEN_OPTS MAVEN_ARGS XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME".split()
)
PREFIXES = ("LC_", "UV_", "PIP_", "npm_config_", "NPM_CONFIG_")
QUIET_NPM = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}


def machine_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The part of an environment that belongs to the machine and its package managers.

    Args:
        environment: ours by default.
    """
    given = os.environ if environment is None else environment
    kept = {name: value for name, value in given.items() if name in NAMES or name.startswith(PREFIXES)}
    return {**QUIET_NPM, **kept}


def merged(
    environment: Mapping[str, str], changes: Mapping[str, str | None], *more: Mapping[str, str | None]
) -> dict[str, str]:
    """An environment with changes; a value of None takes a variable away.

    Args:
        environment: what to start from.
        changes: variables to set or to take away.
        more: further changes, each over the ones before.
    """
    result: dict[str, str | None] = dict(environment)
    for layer in (changes, *more):
        result.update(layer)
    return {name: value for name, value in result.items() if value is not None}
