"""Waiting ends when nothing moves, and only then."""

import asyncio
import time

import pytest

from app.errors import UnavailableError
from app.gate import Gate


async def test_a_long_queue_that_moves_is_no_reason_to_give_up() -> None:
    gate = Gate("database", places=1, seconds=0.2)

    async def work() -> None:
        async with gate.enter():
            await asyncio.sleep(0.02)

    await asyncio.gather(*(work() for _ in range(20)))


async def test_all_who_waited_for_what_is_stuck_hear_of_it_at_once() -> None:
    gate = Gate("database", places=1, seconds=0.1)

    async def work() -> None:
        async with gate.enter():
            await asyncio.sleep(60)

    began = time.monotonic()
    results = await asyncio.gather(*(work() for _ in range(20)), return_exceptions=True)
    assert all(isinstance(result, UnavailableError) for result in results)
    assert time.monotonic() - began < 0.5


async def test_a_clean_up_that_hangs_is_ended_too() -> None:
    gate = Gate("database", places=1, seconds=0.1)

    async def work() -> None:
        async with gate.enter():
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(60)

    with pytest.raises(UnavailableError):
        await asyncio.wait_for(work(), 5)


async def test_it_opens_again_by_itself() -> None:
    gate = Gate("database", places=1, seconds=0.05)
    with pytest.raises(UnavailableError):
        async with gate.enter():
            await asyncio.sleep(60)
    async with gate.enter():
        pass


async def test_those_inside_may_keep_the_time_themselves() -> None:
    gate = Gate("database", places=1, seconds=None)

    async def work() -> None:
        async with gate.enter():
            await asyncio.sleep(0.1)
            raise TimeoutError

    began = time.monotonic()
    results = await asyncio.gather(*(work() for _ in range(20)), return_exceptions=True)
    assert all(isinstance(result, UnavailableError) for result in results)
    assert time.monotonic() - began < 0.5
