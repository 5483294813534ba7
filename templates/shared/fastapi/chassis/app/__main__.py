"""`python -m app` serves the application."""

import signal
import sys

import uvicorn

from app.logs import configure_logging
from app.main import create_app
from app.server import ProblemProtocol
from app.settings import load_settings

_GRACE_SECONDS = 8


def main() -> None:
    """Serve until SIGTERM or SIGINT; requests in flight may finish."""
    settings = load_settings()
    configure_logging(settings.log_level)
    # When it has shut down, Uvicorn raises the signal again; without a handler of ours the
    # process would then end as killed (143) instead of with 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
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


if __name__ == "__main__":
    main()
