"""A database that takes connections and answers nothing, and one that comes back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from app.config import Settings
from app.database import Document, create_client, is_unavailable


class Line:
    """Stands between the application and its database, and can hold back what the database says."""

    def __init__(self, host: str, port: int) -> None:
        self._database = host, port
        self._open = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.resume = self._open.set
        self.hold = self._open.clear

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open.wait()
        there_reader, there_writer = await asyncio.open_connection(*self._database)
        for source, target in ((reader, there_writer), (there_reader, writer)):
            task = asyncio.create_task(self._pass_on(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await self._open.wait()
                target.write(data)
        target.close()


@pytest.fixture
async def line(settings: Settings) -> AsyncIterator[tuple[Line, AsyncMongoClient[Document]]]:
    [(host, port), *_] = parse_uri(settings.database_url)["nodelist"]
    line = Line(host, port)
    server = await asyncio.start_server(line.connect, "127.0.0.1", 0)
    here = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    # Direct: a member of a replica set would tell the client its own address.
    url = settings.database_url.replace(f"{host}:{port}", here)
    url += ("&" if "?" in url else "?") + "directConnection=true"
    async with server, create_client(url) as client:
        yield line, client


async def is_up(client: AsyncMongoClient[Document]) -> bool:
    try:
        await client.admin.command("ping")
    except PyMongoError as error:
        return not is_unavailable(error)
    return True


async def test_requests_time_out_while_the_server_hangs_and_succeed_afterwards(
    line: tuple[Line, AsyncMongoClient[Document]],
) -> None:
    held, client = line
    held.resume()
    assert await is_up(client)
    for _ in range(2):
        held.hold()
        began = time.monotonic()
        assert not any(await asyncio.gather(*(is_up(client) for _ in range(50))))
        assert time.monotonic() - began < 15  # one after the other they would take 75 s
        held.resume()
        while not await is_up(client):
            assert time.monotonic() - began < 30
