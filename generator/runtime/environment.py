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
# Of a package manager's settings only those that say where packages come from. Others would install elsewhere
# (UV_PROJECT_ENVIRONMENT, npm_config_local_prefix), or something else (UV_NO_DEV, npm_config_omit).
MANAGERS = {
    "uv_": frozenset(
        "cache_dir no_cache default_index index index_url extra_index_url find_links index_strategy insecure_host "
        "native_tls system_certs offline http_timeout http_retries request_timeout link_mode keyring_provider "
        "config_file no_config concurrent_downloads concurrent_installs concurrent_builds python_install_mirror "
        "python_downloads_json_url python_downloads python_install_dir python_preference managed_python "
        "no_managed_python python".split()
    ),
    "pip_": frozenset(
        "index_url extra_index_url no_index find_links trusted_host cert client_cert cache_dir proxy default_timeout "
        "timeout retries".split()
    ),
    "npm_config_": frozenset(
        "registry cache cafile ca cert key strict_ssl proxy http_proxy https_proxy noproxy offline prefer_offline "
        "prefer_online fetch_retries fetch_retry_mintimeout fetch_retry_maxtimeout fetch_timeout maxsockets userconfig "
        "globalconfig audit fund update_notifier".split()
    ),
}
QUIET_NPM = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}


def machine_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The part of an environment that belongs to the machine and its package managers.

    Args:
        environment: ours by default.
    """
    given = os.environ if environment is None else environment
    kept = {name: value for name, value in given.items() if name in NAMES or _manager_setting(name) is True}
    return {**QUIET_NPM, **kept}


def user_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment for a project that its owner runs: all of theirs but what would move its packages.

    Args:
        environment: ours by default.
    """
    given = os.environ if environment is None else environment
    kept = {
        name: value
        for name, value in given.items()
        if name not in {"VIRTUAL_ENV", "PYTHONHOME"} and _manager_setting(name) is not False
    }
    return {**QUIET_NPM, **kept}


def _manager_setting(name: str) -> bool | None:
    """Whether a package manager's setting is one that may go through; None for what is no such setting."""
    lowered = name.lower().replace("-", "_")
    for prefix, allowed in MANAGERS.items():
        if lowered.startswith(prefix):
            setting = lowered.removeprefix(prefix)
            # Credentials of a registry carry its name: UV_INDEX_OURS_PASSWORD, npm_config_//host/:_authToken.
            named = setting.startswith("index_") if prefix == "uv_" else ":" in setting
            return setting in allowed or named
    return None


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
