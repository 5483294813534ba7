"""Which program asks, by its `User-Agent`."""

from contextvars import ContextVar

from fastapi import Request

MAX_LENGTH = 200

# Sessions and events are made in many places. A variable of the request's own context, so that each of them
# need not be given the request for this alone.
agent: ContextVar[str | None] = ContextVar("agent", default=None)


async def remember_agent(request: Request) -> None:
    agent.set(request.headers.get("user-agent", "")[:MAX_LENGTH] or None)


def current_agent() -> str | None:
    return agent.get()
