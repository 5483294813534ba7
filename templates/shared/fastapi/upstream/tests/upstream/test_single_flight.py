"""Single flight."""

import asyncio
from functools import partial

import pytest

from app.upstream.single_flight import SingleFlight


async def test_those_who_ask_at_the_same_time_share_one_call() -> None:
    flights: SingleFlight[str] = SingleFlight()
    calls: list[str] = []

    async def work(name: str) -> str:
        calls.append(name)
        await asyncio.sleep(0.01)
        return name

    keys = ["a", "b"] * 50
    assert await asyncio.gather(*(flights.run(key, partial(work, key)) for key in keys)) == keys
    assert sorted(calls) == ["a", "b"]
    await flights.run("a", partial(work, "a"))
    assert len(calls) == 3, "what is over is done again"


async def test_a_failure_is_shared_and_not_kept() -> None:
    flights: SingleFlight[str] = SingleFlight()
    calls = 0

    async def fail() -> str:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.01)
        raise LookupError("no")

    results = await asyncio.gather(*(flights.run("a", fail) for _ in range(10)), return_exceptions=True)
    assert all(isinstance(result, LookupError) for result in results)
    assert calls == 1
    with pytest.raises(LookupError):
        await flights.run("a", fail)
    assert calls == 2


async def test_one_that_leaves_disturbs_nobody() -> None:
    flights: SingleFlight[str] = SingleFlight()

    async def work() -> str:
        await asyncio.sleep(0.05)
        return "done"

    leaver = asyncio.create_task(flights.run("a", work))
    await asyncio.sleep(0)
    other = asyncio.create_task(flights.run("a", work))
    await asyncio.sleep(0)
    leaver.cancel()
    assert await other == "done"
