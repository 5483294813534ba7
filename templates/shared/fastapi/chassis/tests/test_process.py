"""The process itself: how it starts and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from app.settings import Settings

COMMAND = [sys.executable, "-m", "app"]


def environment(settings: Settings, **changes: str) -> dict[str, str]:
    wanted = {
        "APP_ENV": "test",
        "SECRET_KEY": "only-for-tests",
        "PUBLIC_URL": "http://sho.rt",
        "DATABASE_URL": settings.database_url,
        "HOST": "127.0.0.1",
    }
    return {**os.environ, **wanted, **changes}


def test_it_serves_until_sigterm_and_ends_with_0(settings: Settings) -> None:
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
                line.sendall(b"THIS IS NOT HTTP\r\n\r\n")
                answer = line.recv(4096)
            assert b" 400 " in answer
            assert b"application/problem+json" in answer
            # A connection that is kept open, as this one is, must not hold the end up.
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            assert time.monotonic() - began < 5
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("command", [COMMAND, [sys.executable, "-m", "app.migrate"]])
def test_it_does_not_start_with_a_bad_setting(settings: Settings, command: list[str]) -> None:
    result = subprocess.run(
        command,
        env=environment(settings, PORT="none"),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("PORT: ")
