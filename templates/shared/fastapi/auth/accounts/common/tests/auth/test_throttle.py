"""Failed log-ins are limited for each client."""

import asyncio
import time

import pytest
from fastapi import HTTPException

from app.auth.throttle import LoginThrottle


@pytest.fixture
def throttle() -> LoginThrottle:
    return LoginThrottle()


async def attempt(
    throttle: LoginThrottle, address: str, client: str = "192.0.2.1", *, right: bool = False
) -> int:
    try:
        async with throttle.attempt(client, address):
            await asyncio.sleep(0.001)  # the hash
            if not right:
                raise HTTPException(401)
    except HTTPException as error:
        return error.status_code
    return 200


async def test_right_password_returns_429_after_five_failures(throttle: LoginThrottle) -> None:
    assert [await attempt(throttle, "ann") for _ in range(6)] == [401] * 5 + [429]
    assert await attempt(throttle, "ann", right=True) == 429


async def test_successful_logins_are_not_counted(throttle: LoginThrottle) -> None:
    assert [await attempt(throttle, "ann", right=True) for _ in range(30)] == [200] * 30


async def test_failures_of_another_client_do_not_block_the_owner(throttle: LoginThrottle) -> None:
    for _ in range(6):
        await attempt(throttle, "ann")
    assert await attempt(throttle, "ann", client="198.51.100.7", right=True) == 200


async def test_client_is_blocked_after_twenty_failures_over_all_addresses(throttle: LoginThrottle) -> None:
    statuses = [await attempt(throttle, f"user{number}") for number in range(21)]
    assert statuses == [401] * 20 + [429]
    assert await attempt(throttle, "ann", right=True) == 429


async def test_concurrent_failures_are_counted(throttle: LoginThrottle) -> None:
    statuses = await asyncio.gather(*(attempt(throttle, "ann") for _ in range(50)))
    assert statuses.count(401) == 5


async def test_block_ends_after_a_minute(throttle: LoginThrottle, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        await attempt(throttle, "ann")
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + 61)
    assert await attempt(throttle, "ann", right=True) == 200
