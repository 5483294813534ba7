"""The process itself: how it starts and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx

from app.config import Settings

COMMAND = [sys.executable, "-m", "app"]


def environment(settings: Settings, **changes: str) -> dict[str, str]:
    wanted = {"APP_ENV": "test", "SECRET_KEY": "only-for-tests", "DATABASE_URL": settings.database_url}
    return {**os.environ, **wanted, "CACHE_URL": "redis://127.0.0.1:1/0", **changes}


def test_server_exits_with_0_on_sigterm(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        COMMAND, env=environment(settings, PORT=str(port)), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        assert any("running on" in line for line in iter(process.stdout.readline, ""))
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            response = client.get("/health")
            assert response.status_code == 200
            assert "server" not in response.headers
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.settimeout(5)
                line.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Large: " + b"x" * 200_000)
                refused = line.recv(4096)
            assert refused == b"" or b" 400 " in refused or b" 431 " in refused
            # A connection that is kept open, as this one is, must not hold the end up.
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert time.monotonic() - began < 5  # seconds, after which it is cut off
    finally:
        process.kill()
        process.communicate()


def test_server_refuses_to_start_with_a_bad_setting(settings: Settings) -> None:
    bad = environment(settings, PORT="none")
    result = subprocess.run(COMMAND, env=bad, capture_output=True, text=True, timeout=30, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("PORT: ")
