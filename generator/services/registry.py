"""Package registries that cannot be reached, and what is in the way: the network, a proxy, or the registry."""

from __future__ import annotations

import re
import socket
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from generator.errors import ScaffoldError
from generator.services.process import run

IDLE_SECONDS = 8.0
PING_SECONDS = 8.0
PING_AGAIN_SECONDS = 20.0
ONE_TRY = {"UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "6", "UV_HTTP_CONNECT_TIMEOUT": "6"}
PUBLIC = frozenset({"registry.npmjs.org", "pypi.org", "files.pythonhosted.org", "repo.maven.apache.org"})
# Without an answer from the registry's host: node's error codes, and the words of uv and Maven.
UNREACHED = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT"
    r"|ECONNECTIONTIMEOUT|EIDLETIMEOUT|network timeout|dns error|tcp connect error|tunnel error|operation timed out"
    r"|connection reset|connection refused|network is unreachable|unknown host|connect timed out)\b",
    re.IGNORECASE,
)
PROXY_REFUSES = re.compile(r"\b407\b|proxy authentication|proxy authorization", re.IGNORECASE)
CERTIFICATE = re.compile(
    r"SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)|CERT_HAS_EXPIRED|invalid peer certificate|UnknownIssuer"
    r"|PKIX path",
)
STATUS = re.compile(
    r"npm error code E(4\d\d|5\d\d)\b|HTTP status (?:client|server) error \((\d{3})|status code:? (\d{3})"
)
ADDRESS = re.compile(r"https?://(?:[^@/\s`'\"]*@)?([^/\s`'\")]+)")
NOT_FOUND = re.compile(r"ENOTFOUND (\S+)")
REASON = re.compile(r"(?:reason: |code |cause: |Caused by: )?(.*)")
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
PROXIES_OF_NPM = ("npm_config_https_proxy", "npm_config_proxy", "NPM_CONFIG_HTTPS_PROXY", "NPM_CONFIG_PROXY")


class Unreachable(ScaffoldError):
    """No registry answered: nothing is wrong with the project."""


class RegistryWatch:
    """Looks, while a package manager is silent, whether it still can hear anything.

    A package manager without a network retries for minutes. It is given all its time as long as its registry answers:
    after some seconds of silence the same program asks the registry once, with the same settings and no retries.
    """

    def __init__(self, program: str, environment: Mapping[str, str], folder: Path) -> None:
        """Begin to watch.

        Args:
            program: ``npm`` or a path of ``uv``; nothing is watched for any other.
            environment: the package manager's.
            folder: where it runs, for the settings that lie there.
        """
        self._program = program
        self._environment = environment
        self._folder = folder
        self._said = ""
        self._heard = self._asked = time.monotonic()
        self._patience = IDLE_SECONDS
        self._problem: Unreachable | None = None

    def __call__(self, said: str) -> None:
        """Look.

        Args:
            said: the package manager's last line; a new one is a sign of life.

        Raises:
            Unreachable: its registry cannot be reached.
        """
        now = time.monotonic()
        if said != self._said:
            self._said, self._heard, self._problem = said, now, None
        if self._problem:  # and it said nothing while we asked, either
            raise self._problem
        if now - max(self._heard, self._asked) >= self._patience:
            self._problem = ping(self._program, self._environment, self._folder)
            self._asked, self._patience = time.monotonic(), PING_AGAIN_SECONDS


def ping(program: str, environment: Mapping[str, str], folder: Path) -> Unreachable | None:
    """Let a package manager ask its registry for one thing; why that cannot be reached, None if it answered.

    Args:
        program: ``npm`` or a path of ``uv``.
        environment: its environment.
        folder: where it runs.
    """
    with tempfile.TemporaryDirectory() as temporary:
        wanted = Path(temporary, "wanted.txt")
        wanted.write_text("uv\n", encoding="utf-8")
        questions: dict[str, Sequence[str | Path]] = {
            "npm": [program, "ping", "--fetch-retries=0", "--loglevel=notice"],
            "uv": [program, "pip", "compile", "--quiet", "--no-cache", "--no-deps", "--no-header", wanted],
        }
        question = questions.get(Path(program).name)
        if question is None:
            return None
        try:
            answer = run(
                question,
                environment={**environment, **ONE_TRY},
                folder=folder,
                timeout=PING_SECONDS,
            )
        except TimeoutError as error:
            problem = explain(f"{error}\nnetwork timeout: no answer in {PING_SECONDS:g} s", environment)
        else:
            problem = explain(answer.stdout + answer.stderr, environment) if answer.returncode else None
    return problem if isinstance(problem, Unreachable) else None


def explain(
    output: str,
    environment: Mapping[str, str],
    *,
    proxy: Callable[[], str] = lambda: "",
    online: Callable[[], bool] | None = None,
) -> ScaffoldError | None:
    """What a failed package manager met, in a line that says network, proxy or registry; None if it was none of them.

    Args:
        output: all that it said.
        environment: its environment.
        proxy: looks up a proxy that the environment does not name.
        online: whether this machine has a way out; looks by default.
    """
    host = _host(output)
    through = _proxy(environment, host) or proxy()
    said = _telling(output)
    if PROXY_REFUSES.search(output):
        return Unreachable(
            f"The proxy {_shown(through)} wants a name and a password: {said}", "Put them into HTTPS_PROXY"
        )
    if CERTIFICATE.search(output):
        return Unreachable(
            f"The certificate of the registry {host} is not trusted, as behind a proxy that reads along: {said}",
            "Name its authority's file in NODE_EXTRA_CA_CERTS and SSL_CERT_FILE",
        )
    if UNREACHED.search(output):
        if through:
            return Unreachable(
                f"The proxy {_shown(through)} does not lead to {host}: {said}",
                "Correct HTTPS_PROXY or npm's https-proxy, or take it away",
            )
        if _loopback(host):
            return Unreachable(f"The registry {host} does not answer: {said}", _REGISTRY)
        if host.partition(":")[0] in PUBLIC or not (online or _has_route)():
            return Unreachable(f"There is no network, or none that leads to {host}: {said}", "Connect and try again")
        return Unreachable(f"The registry {host} does not answer, or there is no network: {said}", _REGISTRY)
    status = next((code for match in STATUS.finditer(output) for code in match.groups() if code), "")
    if status:
        return ScaffoldError(f"The registry {host} refused with status {status}: {said}", _REGISTRY)
    return None


_REGISTRY = "Check the registry in .npmrc or npm_config_registry, or the index in uv.toml or UV_DEFAULT_INDEX"


def _proxy(environment: Mapping[str, str], host: str) -> str:
    for name in (*PROXIES_OF_NPM, *PROXIES):
        if environment.get(name):
            none = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
            bypassed = urllib.request.proxy_bypass_environment(host, {"no": none})  # type: ignore[attr-defined]
            return "" if bypassed else environment[name]
    return ""


def _shown(proxy: str) -> str:
    """A proxy's address without the password that may be in it."""
    return urlsplit(proxy if "//" in proxy else f"//{proxy}").netloc.rpartition("@")[2] or "of this machine"


def _loopback(host: str) -> bool:
    return host.startswith(("127.", "localhost", "[::1]"))


def _host(output: str) -> str:
    """The registry's host, with its port if it has one."""
    errors = [line for line in output.splitlines() if UNREACHED.search(line) or "etch" in line or "PING" in line]
    for pattern in (ADDRESS, NOT_FOUND):
        for line in errors or output.splitlines():
            if match := pattern.search(line):
                return match.group(1)
    return "of its settings"


def _telling(output: str) -> str:
    """The reason as the package manager has it, without what may be secret in an address."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    met = [line for line in lines if UNREACHED.search(line) or PROXY_REFUSES.search(line) or CERTIFICATE.search(line)]
    line = next((line for line in met if "reason: " in line), (met or lines or ["it said nothing"])[-1])
    line = line.rpartition("reason: ")[2]
    line = re.sub(r"^(npm error |npm http |error: |cause: |Caused by: |\[ERROR\] )+", "", line)
    return re.sub(r"//[^@/\s]*@", "//", line)[:200]


def _has_route() -> bool:
    """Whether this machine knows a way out. Nothing is sent: a UDP socket is only told whom it would write to."""
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return True
        except OSError:
            continue
    return False


def npm_proxy(npm: str, environment: Mapping[str, str], folder: Path) -> str:
    """The proxy that npm's own files name; empty if they name none.

    Args:
        npm: its path.
        environment: its environment.
        folder: where it runs.
    """
    for setting in ("https-proxy", "proxy"):
        try:
            answer = run([npm, "config", "get", setting], environment=environment, folder=folder, timeout=PING_SECONDS)
        except (TimeoutError, OSError):
            return ""
        value = answer.stdout.strip()
        if answer.returncode == 0 and value not in {"", "null", "undefined"}:
            return value
    return ""
