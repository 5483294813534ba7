"""`python -m app` serves the application."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys

import uvicorn

from app.logs import configure_logging
from app.main import create_app
from app.server import ProblemProtocol
from app.settings import load_settings

_log = logging.getLogger("app")
_GRACE_SECONDS = 8


class Server(uvicorn.Server):
    """Says in lines of ours that it listens, and that it has stopped."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Bind the port."""
        await super().startup(sockets)
        _log.info("listening")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the requests in flight end, then the application."""
        _log.info("shutting down")
        await super().shutdown(sockets)
        _log.info("stopped")


def main() -> None:
    """Serve until SIGTERM or SIGINT; requests in flight may finish."""
    settings = load_settings()
    configure_logging(settings.log_level)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=ProblemProtocol,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # app/clients.py decides whom to believe
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # When it has shut down, Uvicorn raises the signal again; without a handler of ours the
    # process would then end as killed (143) instead of with 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        Server(config).run()


if __name__ == "__main__":
    main()
