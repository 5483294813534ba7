"""Installing without a network: soon, and with a line that says what is in the way."""

from __future__ import annotations

import dataclasses
import os
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.runtime.commands import install_project, tools_for
from generator.runtime.environment import user_environment
from generator.services.ports import free_port
from generator.services.registry import Unreachable, explain
from generator.services.tools import Tool, ensure
from tests.services.toy_project import ToyProject

MANAGERS = {
    "npm": ("npm", "install"),
    "uv": ("uv", "sync"),
}
MANIFESTS = {
    "npm": ("package.json", '{"name": "toy", "version": "1.0.0", "dependencies": {"nothing-at-all": "1.0.0"}}'),
    "uv": (
        "pyproject.toml",
        '[project]\nname = "toy"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["nothing-at-all==1"]\n',
    ),
}
# Seconds. What is promised is 30; a machine that does other things at the same time may take longer.
LONGEST = 60
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy", "NO_PROXY", "no_proxy")


@dataclasses.dataclass(frozen=True)
class Managed(ToyProject):
    """A toy whose packages a real package manager installs."""

    manager: str = "npm"

    def commands(self) -> dict[str, tuple[str, ...]]:
        return {"install": MANAGERS[self.manager]}


@pytest.fixture(params=MANAGERS)
def managed(request: pytest.FixtureRequest, toy: ToyProject) -> Managed:
    name, text = MANIFESTS[request.param]
    (toy.folder / name).write_text(text)
    shared = {field.name: getattr(toy, field.name) for field in dataclasses.fields(toy)}
    return Managed(**shared, manager=request.param)


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that swallows whoever connects, as a firewall does: nobody accepts, and the queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for one in waiting:
            one.close()


class _Registry(BaseHTTPRequestHandler):
    status = 503

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


def serve(status: int) -> ThreadingHTTPServer:
    handler = type("Handler", (_Registry,), {"status": status})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def environment(project: Managed, port: int, **more: str) -> dict[str, str]:
    """The user's own, with a registry on a port and nothing that other runs have fetched."""
    here = str(project.folder / "cache")
    settings = {
        "npm_config_registry": f"http://127.0.0.1:{port}/",
        "npm_config_cache": here,
        "UV_DEFAULT_INDEX": f"http://127.0.0.1:{port}/simple",
        "UV_CACHE_DIR": here,
    }
    own = {name: value for name, value in user_environment().items() if name not in PROXIES}
    return {**own, **tools_for(project), **settings, **more}


def refusal(project: Managed, given: dict[str, str]) -> tuple[ScaffoldError, float]:
    began = time.monotonic()
    with pytest.raises(ScaffoldError) as caught:
        install_project(project, environment=given)
    return caught.value, time.monotonic() - began


def test_a_registry_that_is_not_there(managed: Managed) -> None:
    port = free_port()
    error, seconds = refusal(managed, environment(managed, port))
    assert error.message.startswith(f"The registry 127.0.0.1:{port} does not answer: ")
    assert "refused" in error.message.lower()
    assert seconds < LONGEST
    assert "\n" not in str(error)


def test_a_registry_that_swallows_what_it_is_sent(managed: Managed, black_hole: int) -> None:
    error, seconds = refusal(managed, environment(managed, black_hole))
    assert error.message.startswith(f"The registry 127.0.0.1:{black_hole} does not answer: ")
    assert seconds < LONGEST


def test_a_proxy_that_is_not_there(managed: Managed) -> None:
    proxy = f"http://ann:secret@127.0.0.1:{free_port()}"
    elsewhere = {
        "npm_config_registry": "http://registry.example/",
        "UV_DEFAULT_INDEX": "http://registry.example/simple",
    }
    error, seconds = refusal(
        managed, {**environment(managed, 1), **elsewhere, "HTTP_PROXY": proxy, "http_proxy": proxy}
    )
    assert error.message.startswith(f"The proxy {proxy.rpartition('@')[2]} does not lead to registry.example: ")
    assert "secret" not in str(error)
    assert seconds < LONGEST


def test_a_proxy_out_of_npms_own_settings(toy: ToyProject) -> None:
    (toy.folder / "package.json").write_text(MANIFESTS["npm"][1])
    project = Managed(**{field.name: getattr(toy, field.name) for field in dataclasses.fields(toy)})
    port = free_port()
    (toy.folder / ".npmrc").write_text(
        f"proxy=http://127.0.0.1:{port}\nregistry=http://registry.example/\nfetch-retries=0\n"
    )
    given = environment(project, 1)
    del given["npm_config_registry"]
    error, _ = refusal(project, given)
    assert error.message.startswith(f"The proxy 127.0.0.1:{port} does not lead to registry.example: ")


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_registry_that_refuses(managed: Managed, status: int) -> None:
    server = serve(status)
    given = environment(managed, server.server_port, npm_config_fetch_retries="0", UV_HTTP_RETRIES="0")
    error, seconds = refusal(managed, given)
    server.shutdown()
    server.server_close()
    assert not isinstance(error, Unreachable)
    assert "nothing-at-all" in error.message or "registry" in error.message
    assert seconds < LONGEST


def test_a_slow_registry_is_waited_for(managed: Managed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence alone ends nothing: as long as the registry answers, a package may take its time."""
    monkeypatch.setattr("generator.services.registry.IDLE_SECONDS", 1.0)

    class Slow(_Registry):
        status = 404

        def do_GET(self) -> None:
            if "nothing-at-all" in self.path:
                time.sleep(4)
            super().do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    error, seconds = refusal(managed, environment(managed, server.server_port))
    server.shutdown()
    server.server_close()
    assert seconds > 4
    assert not isinstance(error, Unreachable)


def test_a_tool_without_a_network_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{free_port()}/simple")
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    began = time.monotonic()
    with pytest.raises(
        ScaffoldError, match=r"toy 1 could not be fetched\. The registry 127\.0\.0\.1:\d+ does not answer"
    ):
        ensure(Tool("toy", "1", ("nothing-at-all==1",), 1))
    assert time.monotonic() - began < LONGEST
    assert not list((tmp_path / "tools").glob("toy*"))


NPM_DNS = (
    "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error errno ENOTFOUND\n"
    "npm error network request to https://registry.npmjs.org/zod failed, "
    "reason: getaddrinfo ENOTFOUND registry.npmjs.org\n"
    "npm error network This is a problem related to network connectivity.\n"
)
UV_DNS = (
    "error: Request failed after 3 retries in 6.5s\n  cause: Failed to fetch: https://pypi.org/simple/fastapi/\n"
    "  cause: client error (Connect)\n  cause: dns error\n  cause: failed to lookup address information\n"
)


@pytest.mark.parametrize(
    ("output", "environ", "said"),
    [
        (NPM_DNS, {}, "There is no network, or none that leads to registry.npmjs.org: getaddrinfo ENOTFOUND registry"),
        (UV_DNS, {}, "There is no network, or none that leads to pypi.org: dns error"),
        (NPM_DNS, {"HTTPS_PROXY": "http://a:b@proxy.example:8080"}, "The proxy proxy.example:8080 does not lead to"),
        (NPM_DNS, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "registry.npmjs.org"}, "There is no network"),
        (
            NPM_DNS.replace("registry.npmjs.org", "npm.ours.example"),
            {},
            "The registry npm.ours.example does not answer",
        ),
        ("npm error 407 Proxy Authentication Required", {"HTTPS_PROXY": "http://p:1"}, "The proxy p:1 wants a name"),
        (
            "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error request to https://registry.npmjs.org/zod failed",
            {},
            "The certificate of the registry",
        ),
    ],
)
def test_what_is_in_the_way_is_named(output: str, environ: dict[str, str], said: str) -> None:
    error = explain(output, environ, online=lambda: True)
    assert error is not None
    assert error.message.startswith(said)
    assert isinstance(error, Unreachable)


def test_without_any_way_out_it_is_the_network() -> None:
    error = explain(NPM_DNS.replace("registry.npmjs.org", "npm.ours.example"), {}, online=lambda: False)
    assert error is not None
    assert error.message.startswith("There is no network")


@pytest.mark.parametrize(
    "output", ["", "npm error code ETARGET\nnpm error notarget No matching version", "SyntaxError: x"]
)
def test_what_is_no_matter_of_the_network_is_left_alone(output: str) -> None:
    assert explain(output, dict(os.environ)) is None
