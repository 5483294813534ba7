"""Each service used through its own wire protocol, by the drivers that projects use."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pymongo
import redis

TIMEOUT = 2


def write(url: str, value: str) -> None:
    """Keep one value."""
    match url.split(":")[0]:
        case "postgresql":
            with psycopg.connect(url, connect_timeout=TIMEOUT) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
                connection.execute("INSERT INTO kept VALUES (%s)", (value,))
        case "mongodb":
            with pymongo.MongoClient(url, serverSelectionTimeoutMS=TIMEOUT * 1000) as client:
                client.get_default_database()["kept"].insert_one({"value": value})
        case _:
            with redis.Redis.from_url(url, socket_timeout=TIMEOUT) as client:
                client.rpush("kept", value)


def read(url: str) -> list[str]:
    """Everything kept, in order."""
    match url.split(":")[0]:
        case "postgresql":
            with psycopg.connect(url, connect_timeout=TIMEOUT) as connection:
                if connection.execute("SELECT to_regclass('kept')").fetchone() == (None,):
                    return []
                return [row[0] for row in connection.execute("SELECT value FROM kept")]
        case "mongodb":
            with pymongo.MongoClient(
                url, serverSelectionTimeoutMS=TIMEOUT * 1000, socketTimeoutMS=TIMEOUT * 1000
            ) as client:
                return [found["value"] for found in client.get_default_database()["kept"].find()]
        case _:
            with redis.Redis.from_url(url, socket_timeout=TIMEOUT, decode_responses=True) as client:
                return client.lrange("kept", 0, -1)


def holds(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether something comes to hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(process: int) -> bool:
    """Whether a process runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
