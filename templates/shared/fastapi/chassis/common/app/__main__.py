"""`python -m app` serves the application; with `--reload` it restarts after every change."""

import signal
import sys

import uvicorn

from app.config import load_settings
from app.middleware import MAX_HEADER_BYTES

if __name__ == "__main__":
    settings = load_settings()
    reload = "--reload" in sys.argv
    # After its shutdown uvicorn raises the signal again. With Python's default handler the process would then
    # end as killed (143), and the platform would report a crash.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:create_app",  # by its name: a reload imports it anew
        factory=True,
        reload=reload,
        reload_dirs=["app"] if reload else None,
        host=settings.host,
        port=settings.port,
        http="h11",  # the other implementation, httptools, has no limit for the size of request headers
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=75,  # longer than the 60 seconds of a usual load balancer
        timeout_graceful_shutdown=5,
        server_header=False,
        access_log=False,  # app/middleware.py writes one line a request
        log_config=None,  # app/main.py sets up the log
    )
