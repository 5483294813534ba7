# needs: slowapi
"""The bare handler behind what a FastAPI service usually has: CORS, slowapi, a request id and a request log."""

import logging
import os
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable

import uvicorn
from asgi_correlation_id import CorrelationIdFilter, CorrelationIdMiddleware
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import RedirectResponse
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from slowapi.util import get_remote_address

database = sqlite3.connect(os.environ["BARE_DATABASE"], check_same_thread=False)
cache: dict[str, str] = {}
handler = logging.StreamHandler(sys.stdout)
handler.addFilter(CorrelationIdFilter())
logging.basicConfig(level="INFO", handlers=[handler], format="%(asctime)s %(levelname)s %(correlation_id)s %(message)s")
log = logging.getLogger("requests")
app = FastAPI()
app.state.limiter = Limiter(key_func=get_remote_address, default_limits=["1000000000/minute"])


@app.middleware("http")
async def log_request(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    started = time.perf_counter()
    response = await call_next(request)
    seconds = time.perf_counter() - started
    log.info("%s %s %d %.4f", request.method, request.url.path, response.status_code, seconds)
    return response


app.add_middleware(SlowAPIMiddleware)
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])
app.add_middleware(CorrelationIdMiddleware)


@app.get("/{code}")
async def follow(code: str) -> RedirectResponse:
    url = cache.get(code)
    if url is None:
        row = database.execute("SELECT url FROM links WHERE code = ?", (code,)).fetchone()
        if row is None:
            raise HTTPException(404)
        url = cache[code] = row[0]
    return RedirectResponse(url, 302)


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
