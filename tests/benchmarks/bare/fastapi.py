"""The least that redirects in FastAPI: the same look-up (an in-process cache before SQLite), and nothing else."""

import os
import sqlite3

import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import RedirectResponse

database = sqlite3.connect(os.environ["BARE_DATABASE"], check_same_thread=False)
cache: dict[str, str] = {}
app = FastAPI()


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
