"""What the cases of every idea need: problem documents, instants, many requests at once, bounded waiting."""

from __future__ import annotations

import copy
import json
import re
import resource
import secrets
import select
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPResponse
from io import BufferedIOBase
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import pytest

T = TypeVar("T")

_memory: dict[str, tuple[Any, BaseException | None]] = {}

PAGE = resource.getpagesize()
TRIES_AFTER_503 = 4

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

_KINDS = {
    400: "malformed-body",
    401: "unauthenticated",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    410: "gone",
    412: "precondition-failed",
    413: "payload-too-large",
    415: "unsupported-media-type",
    422: "validation",
    429: "rate-limited",
    503: "unavailable",
}


def media_type(response: httpx.Response) -> str:
    """The answer's content type without its parameters."""
    return response.headers.get("content-type", "").split(";")[0].strip().lower()


def assert_problem(response: httpx.Response, status: int, kind: str | None = None, what: object = "") -> dict[str, Any]:
    """Assert that an answer is a problem document (RFC 9457) of that status and kind, and return it.

    Args:
        kind: the last segment of its ``type``; by default the usual one of the status (403 has several: name it).
        what: what was sent, for the message of a failure.
    """
    sent = f"{what!r}: " if what != "" else ""
    assert response.status_code == status, f"{sent}expected {status}, got {response.status_code} {response.text[:200]}"
    assert media_type(response) == "application/problem+json", f"{sent}content type {media_type(response)!r}"
    problem = response.json()
    assert isinstance(problem, dict), f"{sent}{problem!r} is not an object"
    assert problem.get("type") == f"/problems/{kind or _KINDS[status]}", f"{sent}type is {problem.get('type')!r}"
    assert problem.get("status") == status, f"{sent}member status is {problem.get('status')!r}"
    for member in ("title", "detail"):
        assert isinstance(problem.get(member), str), f"{sent}no {member} in {problem!r}"
        assert problem[member].strip(), f"{sent}no {member} in {problem!r}"
    if status == 422:
        errors = problem.get("errors")
        assert isinstance(errors, list), f"{sent}no errors in {problem!r}"
        assert errors, f"{sent}no errors in {problem!r}"
        for error in errors:
            assert isinstance(error.get("field"), str), f"{sent}{error!r}"
            assert isinstance(error.get("message"), str), f"{sent}{error!r}"
            assert error["message"].strip(), f"{sent}an empty message in {error!r}"
    if status == 429:
        assert re.fullmatch(r"[1-9]\d*", response.headers.get("retry-after", "")), f"{sent}no Retry-After in seconds"
    return problem


def assert_invalid(response: httpx.Response, field: str, what: object = "") -> None:
    """Assert a 422 whose errors name that field."""
    problem = assert_problem(response, 422, what=what)
    fields = [error["field"] for error in problem["errors"]]
    assert field in fields, f"{what!r}: errors name {fields}, not {field!r}"


def assert_members(value: Any, names: set[str]) -> None:
    """Assert that something is an object with exactly these members."""
    assert isinstance(value, dict), f"{value!r} is not an object"
    missing, further = sorted(names - set(value)), sorted(set(value) - names)
    assert not missing, f"without {', '.join(missing)}: {value!r}"
    assert not further, f"with {', '.join(further)}, which the contract does not have: {value!r}"


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def later(**delta: float) -> str:
    """The instant after ``timedelta(**delta)``, as a request may say it."""
    return (now() + timedelta(**delta)).isoformat().replace("+00:00", "Z")


def instant(text: object) -> datetime:
    """A time as answers have it: RFC 3339, UTC, milliseconds, ``Z``."""
    assert isinstance(text, str), f"{text!r} is not YYYY-MM-DDTHH:MM:SS.mmmZ"
    assert INSTANT.fullmatch(text), f"{text!r} is not YYYY-MM-DDTHH:MM:SS.mmmZ"
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Call ``work(0)`` … ``work(count - 1)`` in threads that all begin at the same moment."""
    gate = Barrier(count)

    def run(number: int) -> T:
        gate.wait(timeout=10)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def volley(url: str, requests: Sequence[bytes], timeout: float = 20.0) -> list[tuple[int, Any]]:
    """Send requests so that the server can act on all of them at the same moment: status and JSON of each answer.

    A 503 says "try again", so what was answered so is sent again, together. A rule about a race is about the answers
    that are left: a server that is only overloaded keeps it, and one that takes a lost race for an outage does not.
    """
    answers = _volley(url, requests, timeout)
    for _ in range(TRIES_AFTER_503):
        refused = [number for number, (status, _) in enumerate(answers) if status == 503]
        if not refused:
            break
        time.sleep(1.0)
        again = _volley(url, [requests[number] for number in refused], timeout)
        for number, answer in zip(refused, again, strict=True):
            answers[number] = answer
    return answers


def _volley(url: str, requests: Sequence[bytes], timeout: float) -> list[tuple[int, Any]]:
    """Everything but the last byte of each request goes first, on a connection of its own; then all last bytes.

    Threads with an HTTP client arrive milliseconds apart, which a race in the server survives unseen.
    """
    where = urlsplit(url)
    connections = []
    try:
        for request in requests:
            connection = socket.create_connection((where.hostname or "", where.port or 80), timeout=timeout)
            connections.append(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(request[:-1])
        time.sleep(0.3)
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request[-1:])
        return [_answer(connection) for connection in connections]
    finally:
        for connection in connections:
            connection.close()


def pipeline(url: str, request: bytes, count: int, timeout: float = 20.0) -> list[int]:
    """Send a request so many times without waiting in between: the statuses, in order.

    A server may close a connection after some answers (Tomcat does so after 100); the rest is sent on a new one.
    """
    where = urlsplit(url)
    statuses: list[int] = []
    while len(statuses) < count:
        with socket.create_connection((where.hostname or "", where.port or 80), timeout=timeout) as connection:
            more = _pipelined(connection, request, count - len(statuses))
        assert more, "a connection was closed without an answer"
        statuses += more
    return statuses


def _pipelined(connection: socket.socket, request: bytes, count: int) -> list[int]:
    """Send a request so many times on one connection: the statuses until all are there or the server closes it."""
    answers = connection.makefile("rb")
    statuses: list[int] = []
    while part := min(50, count - len(statuses)):  # the server's buffer takes so many
        with suppress(OSError):
            connection.sendall(request * part)
        for _ in range(part):
            status, closes = _next_status(answers)
            if status:
                statuses.append(status)
            if closes:
                return statuses
    return statuses


def _next_status(answers: BufferedIOBase) -> tuple[int, bool]:
    """Read an answer to its end: its status, 0 when there is none, and whether the connection closes after it."""
    first = answers.readline()
    if not first:
        return 0, True
    length, chunked, closes = 0, False, False
    while line := answers.readline().strip().lower():
        length = int(line[15:]) if line.startswith(b"content-length:") else length
        chunked = chunked or line.startswith(b"transfer-encoding:")
        closes = closes or line == b"connection: close"
    _skip(answers, length, chunked=chunked)
    return int(first.split()[1]), closes


def _skip(answers: BufferedIOBase, length: int, *, chunked: bool) -> None:
    """Read past a body, so that the next answer begins (RFC 9112, section 7.1)."""
    while chunked and (length := int(answers.readline().split(b";")[0], 16)):
        answers.read(length + 2)
    answers.read(length)
    while chunked and answers.readline().strip():
        pass  # trailers


def _answer(connection: socket.socket) -> tuple[int, Any]:
    answer = HTTPResponse(connection)
    try:
        answer.begin()
        body = answer.read()
    except (OSError, HTTPException):
        return 0, None
    return answer.status, json.loads(body) if b"{" in body[:1] else None


def eventually(probe: Callable[[], T], *, within: float, pause: float = 0.1) -> T | None:
    """The first true result of ``probe`` within so many seconds; None when the rule's time has passed without one.

    The last look is taken when the time is up, so that a slow pause is not held against the server.
    """
    deadline = time.monotonic() + within
    while True:
        last = time.monotonic() >= deadline
        if result := probe():
            return result
        if last:
            return None
        time.sleep(max(0.0, min(pause, deadline - time.monotonic())))


def json_request(method: str, target: str, client: Any, body: Any, headers: dict[str, str] | None = None) -> bytes:
    """A request with a JSON body as bytes, for :func:`volley`."""
    content = json.dumps(body).encode()
    return request_bytes(method, target, client, {"Content-Type": "application/json", **(headers or {})}, content)


def request_bytes(
    method: str, target: str, client: Any = None, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """A request as bytes, for targets and headers that an HTTP client would tidy up; the connection closes after it.

    Args:
        client: whose identity and address it carries.
    """
    lines = {"Host": "contract.test", "Connection": "close"}
    if client is not None:
        lines.update({name: value for name, value in client.headers.items() if value is not None})
        if jar := client.cookies.header(target.split("?")[0]):
            lines["Cookie"] = jar
        if "csrf_token" in client.cookies:
            lines["X-CSRF-Token"] = client.cookies["csrf_token"]
    if body:
        lines["Content-Length"] = str(len(body))
    lines.update(headers or {})
    top = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{top}\r\n".encode() + body


def status_of(answer: bytes) -> int:
    """The status of an answer in bytes; 0 when there is none."""
    match = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(match[1]) if match else 0


@dataclass(frozen=True)
class Sample:
    """A resource of the idea under test, for rules that hold for all: ``x-contract`` of its openapi.yaml.

    Attributes:
        collection: path that takes JSON by POST.
        list: path that lists by GET, mostly the same one.
        item: path of one of its items, with ``{id}``.
        public: path that anyone may GET, with a member of the item in braces; `/health` where the idea has none.
        create: what POST accepts; ``{unique}`` in it becomes another word each time.
        text: a member of it that is a string.
        change: what PATCH accepts; None for a resource that cannot be edited, which has no ``ETag`` either.
        searched: whether its list takes ``q``.
        success: the status of POST. Another one than 201 makes no items, and a case about them needs ``resource``.
    """

    collection: str
    list: str
    item: str
    public: str
    create: dict[str, Any]
    text: str
    change: dict[str, Any] | None
    searched: bool
    success: int

    @property
    def makes_items(self) -> bool:
        """Whether POST makes items, which users read."""
        return self.success == 201

    @property
    def body(self) -> dict[str, Any]:
        """A body that POST accepts, also after all those before."""
        word = secrets.token_hex(6)
        return {
            name: value.replace("{unique}", word) if isinstance(value, str) else value
            for name, value in self.create.items()
        }

    def make(self, client: Any) -> dict[str, Any]:
        """Create one and return it; where POST makes no items, one that there is not."""
        response = client.post(self.collection, json=self.body)
        assert response.status_code == self.success, f"{response.status_code} {response.text[:300]}"
        return response.json() if self.makes_items else {"id": "01890000-0000-7000-8000-000000000000"}

    def path(self, item: dict[str, Any]) -> str:
        """The path of one item."""
        return self.item.format(**item)


def sample_of(openapi: dict[str, Any]) -> Sample:
    """The sample resource of an idea; leaves the case out where the project has none, as without accounts."""
    sample = sample_if_any(openapi)
    if sample is None:
        pytest.skip("about a resource that users create, and the project has none")
    return sample


def sample_if_any(openapi: dict[str, Any]) -> Sample | None:
    """The sample resource of an idea; None where the project's auth choice leaves it out."""
    facts = copy.deepcopy(openapi["x-contract"])
    operations = openapi["paths"].get(facts.get("collection"))
    if operations is None:
        return None
    listed = facts.get("list", facts["collection"])
    parameters = openapi["paths"][listed]["get"].get("parameters", ())
    return Sample(
        collection=facts["collection"],
        list=listed,
        item=facts["item"],
        public=facts.get("public", "/health"),
        create=facts["create"],
        text=facts["text"],
        change=facts.get("edit"),
        searched=any(parameter["name"] == "q" for parameter in parameters),
        success=facts.get("success", 201),
    )


@dataclass(frozen=True)
class Poured:
    """What became of a request that was sent until the server stopped taking it.

    Attributes:
        sent: bytes that were sent.
        answer: what came back.
        closed: whether the server closed the connection.
    """

    sent: int
    answer: bytes
    closed: bool


def pour(url: str, opening: bytes, piece: bytes, most: int, ending: bytes, *, timeout: float = 20.0) -> Poured:
    """Send a request with an endless middle: ``piece`` over and over, ``most`` bytes at most, then ``ending``.

    Stops when the server closes, when a whole second passes after the head of its answer, or after ``timeout`` seconds.
    """
    where = urlsplit(url)
    deadline = time.monotonic() + timeout
    waiting, sent, answer, closed, ended = memoryview(opening), 0, b"", False, False
    with socket.create_connection((where.hostname or "", where.port or 80), timeout=5) as connection:
        connection.setblocking(False)
        while not closed and time.monotonic() < deadline:
            if not waiting and not ended:
                ended = sent >= most
                waiting = memoryview(ending if ended else piece)
            readable, writable, _ = select.select([connection], [connection] if waiting else [], [], 0.1)
            try:
                if readable:
                    more = connection.recv(65536)
                    closed = not more
                    answer += more
                if writable and not closed:
                    count = connection.send(waiting)
                    sent, waiting = sent + count, waiting[count:]
            except BlockingIOError:
                continue
            except OSError:
                closed = True
            if b"\r\n\r\n" in answer:
                deadline = min(deadline, time.monotonic() + 1)
    return Poured(sent, answer, closed)


class Memory:
    """The resident memory of a process and all below it, in MiB, watched while a block runs.

    Attributes:
        growth: the most that was seen above what there was at the beginning.
    """

    def __init__(self, process: int) -> None:
        self._process, self.growth = process, 0.0
        self._before, self._ended = _resident(process), Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self.growth = max(self.growth, _resident(self._process) - self._before)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.growth = max(self.growth, _resident(self._process) - self._before)

    @staticmethod
    def can_be_seen() -> bool:
        """Whether this system shows the memory of processes (Linux does)."""
        return Path("/proc/self/statm").exists()


def _resident(process: int) -> float:
    """MiB of a process and its descendants."""
    children: dict[int, list[int]] = {}
    pages: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
                pages[int(entry.name)] = int((entry / "statm").read_bytes().split()[1])
            except (OSError, IndexError, ValueError):
                continue  # it has just ended
            children.setdefault(parent, []).append(int(entry.name))
    queue, total = [process], 0
    while queue:
        one = queue.pop()
        total += pages.get(one, 0)
        queue += children.get(one, [])
    return total * PAGE / 1024 / 1024


def once(key: str, observe: Callable[[], T]) -> T:
    """What ``observe`` returned, or raised, the first time: one slow scene that several cases judge."""
    if key not in _memory:
        try:
            _memory[key] = (observe(), None)
        except Exception as error:
            _memory[key] = (None, error)
    result, error = _memory[key]
    if error is not None:
        raise AssertionError(f"the scene '{key}' could not be played: {error}") from error
    return result
