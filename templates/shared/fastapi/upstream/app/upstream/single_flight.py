"""The same work, once for all who ask for it at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Shares one call among all who want the same.

    Without it, the moment in which a popular entry of a cache expires sends every visitor to the service.
    """

    def __init__(self) -> None:
        self._flights: dict[str, asyncio.Task[T]] = {}

    async def run(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(work())
            # A failure is shared as well, but not kept: the next one to ask tries again.
            flight.add_done_callback(lambda _: self._flights.pop(key))
        # Without `shield`, the first visitor who leaves would cancel it for all who still wait.
        return await asyncio.shield(flight)
